//! Whose token the organization has, and what is remembered of it.
//!
//! - [`ownership`]: whether the organization's token is the one in a state.
//! - [`ObservedToken`]: the organization's token as it was last read, kept in the object's private data. A plan names from
//!   it the token that will be invalidated, without a request. It is no proof: the apply reads the token again.

use serde::{Deserialize, Serialize};

use super::liveness::TokenTimes;
use super::model::{Model, Status};
use crate::client::{AuditTrailToken, Client, Error, Probe, ServiceHost, is_same_organization};
use crate::provider::connection::Connection;
use crate::provider::expiry;
use crate::provider::known_objects::NamedToken;
use crate::provider::sealing::SealedToken;
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
    let named = NamedToken::new(token_id(state).as_deref(), state.created_at());
    if let Some(is_same) = named.agrees_with(current) {
        return Ok(if is_same {
            Ownership::Same
        } else {
            Ownership::Other
        });
    }
    // The status `replaced` stays until the secret is seen to work.
    let was_replaced = state.status() == Status::Replaced;
    let Some(secret) = state.secret() else {
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

/// Returns the ID of the token in a state: its own, else that of its sealed token.
fn token_id(state: &Model) -> Option<String> {
    let sealed = || {
        let sealed = SealedToken::parse(state.sealed_token.as_deref()?).ok()?;
        Some(sealed.sealed_for().token_id.clone())
    };
    state.token_id.known().cloned().or_else(sealed)
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
    /// Whether the state imported it, and no apply has changed the object since.
    #[serde(default)]
    pub(crate) imported: bool,
    /// The host that it is on. `None`: an earlier version of the provider did not store it.
    #[serde(default)]
    pub(crate) host: Option<ServiceHost>,
    /// The names that the organization had before it was renamed.
    #[serde(default)]
    pub(crate) former_organizations: Vec<String>,
}

/// A token that was just read or generated.
#[derive(Clone, Debug)]
pub(super) struct Observation<'a> {
    pub(super) organization: &'a str,
    pub(super) token: &'a AuditTrailToken,
    pub(super) owner: Owner,
    /// The provider's.
    pub(super) host: Option<ServiceHost>,
}

/// Whose token was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// It is the one in the state.
    State,
    /// It is the one in the state, which was imported; no apply has changed the object since.
    Imported,
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

    /// Returns what was stored, if it is about this organization.
    pub(super) fn of(private: &Private, organization: &str) -> Option<Self> {
        Self::load(private).filter(|observed| observed.is_of(organization))
    }

    /// Returns what was stored, if the state only follows the token with this ID.
    pub(super) fn followed(private: &Private, organization: &str, id: &str) -> Option<Self> {
        Self::of(private, organization)
            .filter(|observed| observed.followed && observed.token_id == id)
    }

    /// Stores what was just read or generated. The former names of the organization are kept, and what is stored under
    /// another name becomes one if `observation` is about the same token.
    pub(super) fn store(
        private: &mut Private,
        observation: Observation<'_>,
    ) -> Result<(), Diagnostics> {
        let Observation {
            organization,
            token,
            ..
        } = observation;
        let mut former_organizations = Vec::new();
        if let Some(mut before) = Self::load(private) {
            let (is_same, is_renamed) = (before.is_of(organization), before.is_token(token));
            if is_same || is_renamed {
                former_organizations = std::mem::take(&mut before.former_organizations);
                former_organizations.retain(|name| !is_same_organization(name, organization));
            }
            if is_renamed && !is_same {
                former_organizations.push(before.organization);
            }
        }
        let observed = Self {
            former_organizations,
            ..Self::new(observation)
        };
        private.set(KEY, &observed)
    }

    /// Returns what was just read, without storing it.
    pub(super) fn new(observation: Observation<'_>) -> Self {
        let Observation {
            organization,
            token,
            owner,
            host,
        } = observation;
        Self {
            organization: organization.to_owned(),
            token_id: token.id.clone(),
            created_at: expiry::format(token.created_at),
            last_used_at: token.last_used_at.map(expiry::format),
            expired_at: token.expired_at.map(expiry::format),
            managed: owner != Owner::Other,
            followed: owner == Owner::Followed,
            imported: owner == Owner::Imported,
            host,
            former_organizations: Vec::new(),
        }
    }

    /// Stores that an apply has changed the object.
    pub(super) fn set_applied(private: &mut Private) -> Result<(), Diagnostics> {
        match Self::load(private) {
            Some(observed) if observed.imported => {
                let applied = Self {
                    imported: false,
                    ..observed
                };
                private.set(KEY, &applied)
            }
            _ => Ok(()),
        }
    }

    /// Whether it is about this organization.
    pub(super) fn is_of(&self, organization: &str) -> bool {
        is_same_organization(&self.organization, organization)
    }

    /// Whether the organization had this name before it was renamed.
    pub(super) fn was_named(&self, organization: &str) -> bool {
        let mut former = self.former_organizations.iter();
        former.any(|name| is_same_organization(name, organization))
    }

    /// Whether it is this token.
    pub(super) fn is_token(&self, token: &AuditTrailToken) -> bool {
        self.named().is(token)
    }

    /// Returns the token as a state names it.
    pub(super) fn named(&self) -> NamedToken {
        NamedToken::new(Some(&self.token_id), expiry::parse_stored(&self.created_at))
    }

    /// Removes what was stored: the object is gone.
    pub(super) fn forget(private: &mut Private) {
        private.remove(KEY);
    }

    /// Returns what was read about its life.
    pub(super) fn times(&self) -> TokenTimes {
        let parse = |text: Option<&str>| text.and_then(expiry::parse_stored);
        TokenTimes {
            created_at: parse(Some(&self.created_at)),
            last_used_at: parse(self.last_used_at.as_deref()),
            expired_at: parse(self.expired_at.as_deref()),
        }
    }

    /// Whether `token` is this one and the state's: then the object that this plan replaces holds it.
    pub(super) fn is_managed(&self, token: &AuditTrailToken) -> bool {
        self.managed && self.is_token(token)
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

    fn observed(owner: Owner) -> ObservedToken {
        let mut private = Private::default();
        observe(&mut private, "my-org-name", "at-1", owner)
    }

    fn observe(private: &mut Private, organization: &str, id: &str, owner: Owner) -> ObservedToken {
        let observation = Observation {
            organization,
            token: &token(id),
            owner,
            host: Some(ServiceHost::named("app.terraform.io")),
        };
        ObservedToken::store(private, observation).unwrap();
        ObservedToken::load(private).unwrap()
    }

    #[test]
    fn the_former_names_of_an_organization_are_remembered_with_its_token() {
        let mut private = Private::default();
        observe(&mut private, "one", "at-1", Owner::State);
        assert_eq!(
            observe(&mut private, "ONE", "at-1", Owner::State).former_organizations,
            [""; 0]
        );
        observe(&mut private, "two", "at-1", Owner::State);
        let three = observe(&mut private, "three", "at-1", Owner::State);
        assert!(three.was_named("One") && three.was_named("TWO") && !three.was_named("three"));
        let regenerated = observe(&mut private, "three", "at-2", Owner::State);
        assert!(regenerated.was_named("one"));
        let back = observe(&mut private, "one", "at-2", Owner::State);
        assert!(back.was_named("three") && !back.was_named("one"));
        let other = observe(&mut private, "other", "at-3", Owner::State);
        assert_eq!(other.former_organizations, [""; 0]);
    }

    #[test]
    fn the_private_data_of_earlier_versions_is_read() {
        let stored = serde_json::json!({
            "organization": "my-org-name", "token_id": "at-1", "created_at": "2026-01-01T00:00:00Z",
            "last_used_at": null, "managed": true,
        });
        let mut private = Private::default();
        private.set("last_seen", &stored).unwrap();
        let observed = ObservedToken::of(&private, "My-Org-Name").unwrap();
        assert_eq!(observed.host, None);
        assert!(!observed.followed && !observed.was_named("my-org-name"));
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
}
