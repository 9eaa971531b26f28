//! [`AuthenticationToken`]: a token without its secret.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::client::document::Resource;
use crate::client::secret::Secret;
use crate::client::timestamp;

/// A token without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticationToken {
    /// The ID.
    pub id: String,
    /// When it was generated.
    pub created_at: DateTime<Utc>,
    /// When it was last used, if ever.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The description. The API returns none for audit trail tokens.
    pub description: Option<String>,
    /// When it expires; `None` means never.
    pub expired_at: Option<DateTime<Utc>>,
    /// Who generated it.
    pub created_by: Option<CreatedBy>,
}

/// Who generated a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedBy {
    /// The ID, such as `user-…`.
    pub id: String,
    /// `users`, `organizations` or `teams`.
    pub kind: String,
}

impl AuthenticationToken {
    /// Whether this is the token with that ID and creation time.
    ///
    /// A new token may have the ID of the one before it. Times are compared by whole seconds, because
    /// not every writer keeps the fraction.
    pub fn is_same(&self, id: &str, created_at: DateTime<Utc>) -> bool {
        self.id == id && self.created_at.timestamp() == created_at.timestamp()
    }

    pub(super) fn is(&self, other: &AuthenticationToken) -> bool {
        self.is_same(&other.id, other.created_at)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct TokenAttributes {
    created_at: Option<String>,
    last_used_at: Option<String>,
    description: Option<String>,
    expired_at: Option<String>,
    token: Option<Secret>,
}

/// Converts a resource of the API to a token, and its secret if it has one.
///
/// # Errors
///
/// It has no ID, or a time that cannot be parsed. The error says which.
pub(super) fn from_resource(
    resource: Resource<TokenAttributes>,
) -> Result<(AuthenticationToken, Option<Secret>), &'static str> {
    let id = resource.id().ok_or("the token has no id")?;
    let created_by = resource.relationships.as_ref().and_then(created_by);
    let attributes = resource.attributes;
    let secret = attributes
        .token
        .filter(|secret| !secret.expose().is_empty());
    let created_at = attributes
        .created_at
        .as_deref()
        .and_then(timestamp::parse)
        .ok_or("the token has no readable created-at")?;
    // An invalid time is an error. But a secret arrives only once and must not be lost because of it:
    // next to a secret the time counts as absent, and the token is read again anyway.
    let optional = |text: Option<String>, error| match text {
        None => Ok(None),
        Some(text) => match timestamp::parse(&text) {
            None if secret.is_none() => Err(error),
            time => Ok(time),
        },
    };
    let token = AuthenticationToken {
        id,
        created_at,
        last_used_at: optional(
            attributes.last_used_at,
            "the token has an unreadable last-used-at",
        )?,
        description: attributes.description,
        expired_at: optional(
            attributes.expired_at,
            "the token has an unreadable expired-at",
        )?,
        created_by,
    };
    Ok((token, secret))
}

fn created_by(relationships: &serde_json::Value) -> Option<CreatedBy> {
    let text = |pointer: &str| relationships.pointer(pointer)?.as_str().map(str::to_owned);
    Some(CreatedBy {
        id: text("/created-by/data/id")?,
        kind: text("/created-by/data/type")?,
    })
}
