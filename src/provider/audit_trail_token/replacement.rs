//! [`Replacement`]: what the plan of a creation hands on to the destruction of the object that it replaces.
//!
//! Terraform destroys an object that it replaces with the private data of the plan of the creation. Those of a tainted
//! object lack what was stored with the object, because Terraform plans its creation without prior private data
//! (Terraform Core: `node_resource_abstract_instance.go`). So this process writes into them what it has read. If the
//! destruction fails, Terraform keeps these data with the object, and the next read has no others.

use serde::{Deserialize, Serialize};

use super::NAME;
use super::model::Model;
use super::ownership::{ObservedToken, Owner};
use crate::client::is_same_organization;
use crate::provider::connection::Connection;
use crate::provider::known_objects::{NamedToken, Relation};
use tfplugin::{Diagnostics, Private};

/// The key in the private data of a plan. A creation and a read remove it.
const KEY: &str = "replacement";

/// What a creation does, and what is known of the objects that it may replace.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Replacement {
    organization: String,
    /// Whether the creation does not depend on a deletion: `force_regenerate` invalidates the organization's token, or the
    /// organization has none that works.
    takes_over: bool,
    /// The tokens of objects without a secret that this configuration has imported.
    imported: Vec<NamedToken>,
    /// The tokens that objects only follow.
    followed: Vec<NamedToken>,
}

/// Whose the token is that a state names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// This configuration has generated or imported it.
    Ours,
    /// Somebody has put it into the place of an imported one.
    Followed,
    /// Nothing says whether somebody has replaced the imported token.
    Unknown,
}

impl Replacement {
    /// Returns what is known when the creation of an organization's token is planned.
    pub(super) fn by_creation(
        connection: &Connection,
        organization: &str,
        takes_over: bool,
    ) -> Self {
        let without_secret = connection.tokens_without_secret(NAME);
        let tokens = |relation: Relation| {
            let named = without_secret.iter();
            let named = named.filter(|(_, one)| *one == relation);
            named.map(|(token, _)| token.clone()).collect()
        };
        Self {
            organization: organization.to_owned(),
            takes_over,
            imported: tokens(Relation::Manages),
            followed: tokens(Relation::Follows),
        }
    }

    pub(super) fn store(&self, private: &mut Private) -> Result<(), Diagnostics> {
        private.set(KEY, self)
    }

    /// Removes what the plan has handed on.
    pub(super) fn forget(private: &mut Private) {
        private.remove(KEY);
    }

    /// Whether an object is destroyed for a creation that takes the organization's token over. Then the creation reports
    /// what becomes of that token.
    pub(super) fn takes_over(private: &Private, organization: &str) -> bool {
        private.get::<Self>(KEY).is_some_and(|planned| {
            planned.takes_over && is_same_organization(&planned.organization, organization)
        })
    }
}

impl Whose {
    /// Returns whose the token in a state is, by the private data of the object or of its destruction.
    pub(super) fn token_of(state: &Model, organization: &str, private: &Private) -> Self {
        if let Some(observed) = ObservedToken::of(private, organization) {
            let is_in_state = state.token_id.as_deref() == Some(&observed.token_id);
            return match observed.followed && is_in_state {
                true => Self::Followed,
                false => Self::Ours,
            };
        }
        if !state.may_follow() || state.token_id.is_null() {
            return Self::Ours;
        }
        let token = state.named_token();
        match private.get::<Replacement>(KEY) {
            Some(planned) if planned.followed.contains(&token) => Self::Followed,
            Some(planned) if planned.imported.contains(&token) => Self::Ours,
            _ => Self::Unknown,
        }
    }
}

impl Owner {
    /// Returns the owner of an organization's token that is the one in the state. `before` is what was stored of the
    /// organization. If nothing says whose the token is, it counts as followed, because a followed token is never deleted.
    pub(super) fn of_state(whose: Whose, before: Option<&ObservedToken>) -> Self {
        match (whose, before) {
            (Whose::Followed | Whose::Unknown, _) => Self::Followed,
            (Whose::Ours, Some(before)) if before.imported => Self::Imported,
            (Whose::Ours, _) => Self::State,
        }
    }
}
