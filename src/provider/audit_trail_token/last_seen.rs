//! [`LastSeen`]: what the last look at the organization showed, kept beside the state.
//!
//! A plan tells from it which token will die, without a request of its own. It is never proof of
//! anything: apply looks again before it acts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::AuditTrailToken;
use crate::provider::expiry;
use tfplugin::{Diagnostics, Private};

const KEY: &str = "last_seen";

/// The organization's token, as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LastSeen {
    pub(crate) organization: String,
    pub(crate) token_id: String,
    pub(crate) created_at: String,
    pub(crate) last_used_at: Option<String>,
    /// When it really expires, which may be earlier than was asked for. `None`: never, or it was not
    /// remembered.
    #[serde(default)]
    pub(crate) expired_at: Option<String>,
    /// Whether it is the token in the state.
    pub(crate) managed: bool,
    /// Whether it is only followed: somebody put it into the place of an imported one, and nobody has
    /// asked for its death.
    #[serde(default)]
    pub(crate) followed: bool,
}

/// Whose token was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// It is the one in the state.
    State,
    /// It is the one in the state, which was put into the place of an imported one.
    Followed,
    /// It is another one.
    Somebody,
}

impl LastSeen {
    /// What is remembered, if it can be read.
    pub(super) fn recall(private: &Private) -> Option<Self> {
        private.get(KEY)
    }

    /// Remembers a look.
    pub(super) fn remember(
        private: &mut Private,
        organization: &str,
        token: &AuditTrailToken,
        owner: Owner,
    ) -> Result<(), Diagnostics> {
        let seen = Self {
            organization: organization.to_owned(),
            token_id: token.id.clone(),
            created_at: expiry::format(token.created_at),
            last_used_at: token.last_used_at.map(expiry::format),
            expired_at: token.expired_at.map(expiry::format),
            managed: owner != Owner::Somebody,
            followed: owner == Owner::Followed,
        };
        private.set(KEY, &seen)
    }

    /// The token that a state only follows, if it does.
    pub(super) fn of_followed(private: &Private, organization: &str, id: &str) -> Option<Self> {
        Self::recall(private).filter(|seen| {
            seen.followed && seen.organization == organization && seen.token_id == id
        })
    }

    /// When it was last used.
    pub(super) fn last_used(&self) -> Option<DateTime<Utc>> {
        expiry::parse_stored(self.last_used_at.as_deref()?)
    }

    /// Whether this is the managed token that a look shows now: then the object that is being
    /// replaced in this plan holds it.
    pub(super) fn is_managed(&self, token: &AuditTrailToken) -> bool {
        self.managed
            && expiry::parse_stored(&self.created_at)
                .is_some_and(|created_at| token.is_same(&self.token_id, created_at))
    }
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

    fn look(owner: Owner) -> LastSeen {
        let mut private = Private::default();
        LastSeen::remember(&mut private, "my-org-name", &token("at-1"), owner).unwrap();
        LastSeen::recall(&private).unwrap()
    }

    #[test]
    fn only_the_managed_token_is_recognised() {
        assert!(look(Owner::State).is_managed(&token("at-1")));
        assert!(!look(Owner::State).is_managed(&token("at-2")));
        assert!(!look(Owner::Somebody).is_managed(&token("at-1")));
        assert!(look(Owner::Followed).is_managed(&token("at-1")));
    }

    #[test]
    fn nothing_is_recalled_where_nothing_was_seen() {
        assert_eq!(LastSeen::recall(&Private::default()), None);
    }
}
