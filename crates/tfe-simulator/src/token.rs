//! A token of an organization: its organization token or its audit trail token.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::secret::Secret;
use crate::timestamp::TimestampStyle;

/// Which of an organization's two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The organization token, which acts for the organization.
    Organization,
    /// The audit trail token, which reads the organization's audit trail.
    AuditTrail,
}

/// A token of an organization, which has one at most of each [`TokenKind`].
#[derive(Clone, Debug)]
pub struct Token {
    /// `at-` and 16 letters or digits; each regeneration makes a new one.
    pub id: String,
    /// When it was generated.
    pub created_at: DateTime<Utc>,
    /// When it expires; `None`: never.
    pub expired_at: Option<DateTime<Utc>>,
    /// When its secret was last used; `None`: never.
    pub last_used_at: Option<DateTime<Utc>>,
    /// ID of the user, organization or team that generated it.
    pub created_by_id: String,
    /// `users`, `organizations` or `teams`.
    pub created_by_type: &'static str,
    /// What a client authenticates with.
    pub secret: Secret,
}

impl Token {
    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expired_at.is_some_and(|end| end <= now)
    }

    /// Returns its document; only the response to the POST that generated it shows the secret.
    pub(crate) fn document(&self, style: TimestampStyle, secret: Option<&Secret>) -> Value {
        let stamp = |time: Option<DateTime<Utc>>| time.map(|time| style.format(time));
        json!({ "data": {
            "id": self.id,
            "type": "authentication-tokens",
            "attributes": {
                "created-at": stamp(Some(self.created_at)),
                "last-used-at": stamp(self.last_used_at),
                "description": null,
                "token": secret.map(Secret::expose),
                "expired-at": stamp(self.expired_at),
            },
            "relationships": { "created-by": { "data": {
                "id": self.created_by_id,
                "type": self.created_by_type,
            }}},
        }})
    }
}
