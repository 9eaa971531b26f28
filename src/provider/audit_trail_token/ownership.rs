//! Whose token the organization has, and what is remembered of it.
//!
//! - [`ownership`]: whether the organization's token is the one in a state.
//! - [`ObservedToken`]: the organization's token as it was last read, kept in the object's private data. A plan names from
//!   it the token that will be invalidated, without a request. It is no proof: the apply reads the token again.
//! - [`is_in_use`]: whether a collector still reads with a token.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::model::{Model, Status};
use super::secret::unsealed;
use crate::client::{AuditTrailToken, Client, Error, Probe};
use crate::provider::connection::Connection;
use crate::provider::expiry;
use tfplugin::{Diagnostics, Private};

/// How the organization's token relates to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ownership {
    /// It is the one in the state.
    Same,
    /// The state does not say which token it has (hashicorp/tfe wrote it), and nothing shows that it is another one.
    Adopted,
    /// As [`Ownership::Adopted`], but the answer to the request with the state's secret proved nothing.
    AdoptedUntried,
    /// It is another one: the token in the state is invalid.
    Other,
}

/// Compares the organization's token with a state.
///
/// If the state does not say which token it has, one request with its secret shows whether that secret still works.
///
/// # Errors
///
/// Returns why the secret could not be tried.
pub(super) async fn ownership(
    connection: &Connection,
    client: &Client,
    state: &Model,
    current: &AuditTrailToken,
) -> Result<Ownership, Error> {
    if let Some(id) = state.token_id.as_deref() {
        let is_same = match state.created_at() {
            Some(created_at) => current.is_same(id, created_at),
            None => current.id == id,
        };
        return Ok(if is_same {
            Ownership::Same
        } else {
            Ownership::Other
        });
    }
    // The status `replaced` stays until the secret is seen to work.
    let was_replaced = state.status() == Status::Replaced;
    let Some(secret) = state.secret().or_else(|| unsealed(state, connection)) else {
        return Ok(if was_replaced {
            Ownership::Other
        } else {
            Ownership::Adopted
        });
    };
    let now = connection.clock().now();
    let is_expired = current
        .expired_at
        .is_some_and(|expired_at| expiry::is_past(expired_at, now));
    match client.audit_trails(&secret).probe().await? {
        Probe::Alive => Ok(Ownership::Adopted),
        Probe::Dead | Probe::Inconclusive if was_replaced => Ok(Ownership::Other),
        // HCP Terraform refuses an expired token too, so that does not show that it is another one.
        Probe::Dead if !is_expired => Ok(Ownership::Other),
        Probe::Dead => Ok(Ownership::Adopted),
        Probe::Inconclusive => Ok(Ownership::AdoptedUntried),
    }
}

/// The key in the private data. It stays as it is: states of earlier versions have it.
const KEY: &str = "last_seen";

/// The organization's token as it was last read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ObservedToken {
    pub(crate) organization: String,
    pub(crate) token_id: String,
    pub(crate) created_at: String,
    pub(crate) last_used_at: Option<String>,
    /// When it really expires, which may be earlier than was asked for. `None`: never, or an earlier version of the
    /// provider did not store it.
    #[serde(default)]
    pub(crate) expired_at: Option<String>,
    /// Whether it is the token in the state.
    pub(crate) managed: bool,
    /// Whether the state only follows it: it replaced an imported token, and no configuration has asked for a new one.
    #[serde(default)]
    pub(crate) followed: bool,
}

/// Whose token was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// It is the one in the state.
    State,
    /// It is the one in the state, which replaced an imported one.
    Followed,
    /// It is another one.
    Other,
}

impl ObservedToken {
    /// Returns what was stored, if it can be read.
    pub(super) fn load(private: &Private) -> Option<Self> {
        private.get(KEY)
    }

    /// Stores the token that was just read.
    pub(super) fn store(
        private: &mut Private,
        organization: &str,
        token: &AuditTrailToken,
        owner: Owner,
    ) -> Result<(), Diagnostics> {
        let observed = Self {
            organization: organization.to_owned(),
            token_id: token.id.clone(),
            created_at: expiry::format(token.created_at),
            last_used_at: token.last_used_at.map(expiry::format),
            expired_at: token.expired_at.map(expiry::format),
            managed: owner != Owner::Other,
            followed: owner == Owner::Followed,
        };
        private.set(KEY, &observed)
    }

    /// Returns what was stored, if the state only follows the token with this ID.
    pub(super) fn followed(private: &Private, organization: &str, id: &str) -> Option<Self> {
        Self::load(private).filter(|observed| {
            observed.followed && observed.organization == organization && observed.token_id == id
        })
    }

    /// Returns when it was last used.
    pub(super) fn last_used(&self) -> Option<DateTime<Utc>> {
        expiry::parse_stored(self.last_used_at.as_deref()?)
    }

    /// Whether `token` is this one and the state's: then the object that this plan replaces holds it.
    pub(super) fn is_managed(&self, token: &AuditTrailToken) -> bool {
        self.managed
            && expiry::parse_stored(&self.created_at)
                .is_some_and(|created_at| token.is_same(&self.token_id, created_at))
    }
}

/// HCP Terraform keeps 14 days of the audit trail, so a collector that misses nothing reads at least that often.
const IN_USE_PERIOD: TimeDelta = TimeDelta::days(14);

/// Whether a token that was last used at this time counts as in use.
pub(super) fn is_in_use(last_used_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last_used_at.is_some_and(|last_used_at| now - last_used_at <= IN_USE_PERIOD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(id: &str) -> AuditTrailToken {
        AuditTrailToken {
            id: id.to_owned(),
            created_at: "2026-01-01T00:00:00.123Z".parse().unwrap(),
            last_used_at: None,
            description: None,
            expired_at: None,
            created_by: None,
        }
    }

    fn observed(owner: Owner) -> ObservedToken {
        let mut private = Private::default();
        ObservedToken::store(&mut private, "my-org-name", &token("at-1"), owner).unwrap();
        ObservedToken::load(&private).unwrap()
    }

    #[test]
    fn only_the_managed_token_is_recognised() {
        assert!(observed(Owner::State).is_managed(&token("at-1")));
        assert!(!observed(Owner::State).is_managed(&token("at-2")));
        assert!(!observed(Owner::Other).is_managed(&token("at-1")));
        assert!(observed(Owner::Followed).is_managed(&token("at-1")));
    }

    #[test]
    fn nothing_is_loaded_if_nothing_was_stored() {
        assert_eq!(ObservedToken::load(&Private::default()), None);
    }

    #[test]
    fn a_token_is_in_use_for_fourteen_days() {
        #[track_caller]
        fn check(last_used_at: Option<&str>, expected: bool) {
            let now = "2026-01-15T00:00:00Z".parse().unwrap();
            let last_used_at = last_used_at.map(|text| text.parse().unwrap());
            assert_eq!(is_in_use(last_used_at, now), expected);
        }
        check(None, false);
        check(Some("2026-01-14T00:00:00Z"), true);
        check(Some("2026-01-01T00:00:00Z"), true);
        check(Some("2025-12-31T23:59:59Z"), false);
    }
}
