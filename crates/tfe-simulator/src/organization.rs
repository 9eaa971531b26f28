//! One organization and what belongs to it.

use chrono::{DateTime, Utc};

use crate::event_series::EventSeries;
use crate::token::{Token, TokenKind};

/// An organization to add, made from its name.
///
/// ```
/// use tfe_simulator::Organization;
///
/// let entitled = Organization::from("my-org-name");
/// let not_entitled = Organization::from("my-org-name").external_id("org-1").without_audit_logging();
/// # let _ = (entitled, not_entitled);
/// ```
#[derive(Clone, Debug)]
pub struct Organization {
    pub(crate) name: String,
    /// Empty until the organization is added, if none was given.
    pub(crate) external_id: String,
    pub(crate) audit_logging: bool,
    pub(crate) hidden: bool,
    pub(crate) created_at: DateTime<Utc>,
    organization_token: Option<Token>,
    audit_trail_token: Option<Token>,
    /// Events of its audit trail beside those that were recorded.
    pub(crate) event_series: Option<EventSeries>,
}

impl From<&str> for Organization {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            external_id: String::new(),
            audit_logging: true,
            hidden: false,
            created_at: DateTime::UNIX_EPOCH,
            organization_token: None,
            audit_trail_token: None,
            event_series: None,
        }
    }
}

impl Organization {
    /// Sets the ID, which a rename does not change; default: `org-` and 16 random letters or digits.
    pub fn external_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.external_id);
        self
    }

    /// Removes the entitlement `audit-logging`: the audit trail token can be read and deleted, and not generated, and
    /// the audit trail cannot be read.
    pub fn without_audit_logging(mut self) -> Self {
        self.audit_logging = false;
        self
    }

    pub(crate) fn token(&self, kind: TokenKind) -> Option<&Token> {
        match kind {
            TokenKind::Organization => self.organization_token.as_ref(),
            TokenKind::AuditTrail => self.audit_trail_token.as_ref(),
        }
    }

    pub(crate) fn token_mut(&mut self, kind: TokenKind) -> &mut Option<Token> {
        match kind {
            TokenKind::Organization => &mut self.organization_token,
            TokenKind::AuditTrail => &mut self.audit_trail_token,
        }
    }
}
