//! [`KnownObjects`]: the objects of the configuration that manage one organization's token, as far as they are known.
//!
//! A provider sees one object per call, never an address or the whole plan. But Terraform starts and configures a provider
//! once for a walk of its graph. So one configured provider can remember what it has read and planned, and recognise that
//! two objects have the same organization.
//!
//! - Calls for different objects are concurrent. The object that comes second is the one that can know of the first.
//! - In the walk of an apply, nothing is read, and only changed objects are planned again. Then little is known, and
//!   nothing is concluded from that.
//! - Terraform starts a process for each provider block. Objects of two aliases do not know each other.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::expiry;
use crate::client::AuthenticationToken;

/// A token, as a state names it. A state of hashicorp/tfe does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamedToken {
    id: Option<String>,
    /// In seconds, because not every writer keeps the fraction.
    created_at: Option<i64>,
}

impl NamedToken {
    pub(crate) fn new(id: Option<&str>, created_at: Option<DateTime<Utc>>) -> Self {
        Self {
            id: id.map(str::to_owned),
            created_at: created_at.map(|at| at.timestamp()),
        }
    }

    pub(crate) fn of(token: &AuthenticationToken) -> Self {
        Self::new(Some(&token.id), Some(token.created_at))
    }

    /// Whether it names this token.
    pub(crate) fn is(&self, token: &AuthenticationToken) -> bool {
        *self == Self::of(token)
    }

    /// Returns whether this token is the named one, as far as the name says: without a time, the ID decides. `None`: it
    /// names none.
    pub(crate) fn agrees_with(&self, token: &AuthenticationToken) -> Option<bool> {
        let created_at = token.created_at.timestamp();
        let id = self.id.as_deref()?;
        Some(id == token.id && self.created_at.is_none_or(|at| at == created_at))
    }

    /// Names the token for a diagnostic: `at-1 (generated …)`. `None` if the state does not say which token it has.
    pub(crate) fn describe(&self) -> Option<String> {
        let created_at = DateTime::from_timestamp(self.created_at?, 0)?;
        let (id, created_at) = (self.id.as_deref()?, expiry::format(created_at));
        Some(format!("{id} (generated {created_at})"))
    }
}

/// How an object that was read relates to the organization's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The token is its own.
    Manages,
    /// It shows the token, which replaced an imported one.
    Follows,
    /// Another token replaced its own.
    Replaced,
    /// As [`Relation::Replaced`], and its read has reported that another object manages that token.
    ReplacedHere,
}

/// What is planned for an object of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planned {
    /// It stays, changed or unchanged. It may still turn out to be replaced.
    Kept,
    Destroyed,
}

#[derive(Debug)]
struct Object {
    token: NamedToken,
    /// `None` if it was only planned.
    read: Option<Relation>,
    /// Whether its state has the secret, as far as it was read.
    holds_secret: bool,
    planned: Option<Planned>,
}

/// What is known of the other objects when a creation is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Creation {
    /// No other object is known.
    Only,
    /// Another object has the same organization, and stays or is created too.
    Second,
    /// An object that manages or follows the organization's token is destroyed: perhaps its label was changed without a
    /// `moved` block.
    BesideDestruction,
    /// An object that manages the organization's token was read and not planned. If it is tainted, Terraform plans only
    /// this creation for it.
    ReplacesManager,
    /// As [`Creation::ReplacesManager`], but the object does not manage the organization's token.
    ReplacesOther,
}

/// The organization's token, as the plan of a creation has seen it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    Token(&'a AuthenticationToken),
    /// The organization has no token that works.
    Nothing,
    /// The read has failed.
    Unknown,
}

impl Seen<'_> {
    fn named(self) -> Option<NamedToken> {
        match self {
            Self::Token(token) => Some(NamedToken::of(token)),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// An object that is created.
#[derive(Debug)]
struct Created {
    /// The organization's token, as the plan has seen it.
    current: Option<NamedToken>,
    /// Whether the plan has seen what the organization has.
    is_seen: bool,
    existing: Existing,
}

impl Created {
    /// Whether the organization may have had this token when the creation was planned.
    fn may_meet(&self, token: &NamedToken) -> bool {
        !self.is_seen || self.current.as_ref() == Some(token)
    }
}

/// What a creation does to the token that the organization has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It invalidates the token, because of `force_regenerate`.
    Invalidated,
    /// It fails, and the token stays valid.
    Kept,
}

/// What is known of the other objects when it is planned that an object of the state stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// No other object is known.
    NotSeen,
    /// Another object has the same organization, and the read of this one has reported it.
    Reported,
    /// Another object is in the state.
    InState,
    /// Another object is created.
    Created(Existing),
}

/// The objects of one organization.
#[derive(Debug, Default)]
pub(crate) struct KnownObjects {
    objects: Vec<Object>,
    creations: Vec<Created>,
    /// The tokens of objects whose read has begun, by their states.
    managed: Vec<NamedToken>,
    /// What this process has generated.
    generated: Vec<NamedToken>,
    /// The new name of the organization, if it was found to be renamed.
    renamed_to: Option<String>,
    /// Whether this process has imported an object.
    is_imported: bool,
}

impl KnownObjects {
    /// Records an object that was read, by the token that its state names now, and whether the state has its secret.
    ///
    /// Terraform plans that an object is destroyed, and reads it only then, if the configuration does not have it (Terraform:
    /// `node_resource_plan_orphan.go`).
    pub(crate) fn record_read(
        &mut self,
        token: NamedToken,
        relation: Relation,
        holds_secret: bool,
    ) {
        let mut planned = self.objects.iter_mut().filter(|one| one.read.is_none());
        if let Some(object) = planned.find(|one| one.token == token) {
            object.read = Some(relation);
            object.holds_secret = holds_secret;
        } else {
            self.objects.push(Object {
                token,
                read: Some(relation),
                holds_secret,
                planned: None,
            });
        }
    }

    /// Whether the object whose state names this token was read.
    pub(crate) fn has_read(&self, token: &NamedToken) -> bool {
        self.objects
            .iter()
            .any(|one| one.read.is_some() && one.token == *token)
    }

    /// Records that the read of an object begins whose state manages this token. Should the read fail, nobody else must take
    /// the token for one that no object manages.
    pub(crate) fn record_managed(&mut self, token: NamedToken) {
        self.managed.push(token);
    }

    /// Returns the tokens of objects without a secret that were read.
    pub(crate) fn without_secret(&self) -> impl Iterator<Item = (&NamedToken, Relation)> {
        let without = self.objects.iter().filter(|one| !one.holds_secret);
        without.filter_map(|one| Some((&one.token, one.read?)))
    }

    /// Records that the organization was found under a new name.
    pub(crate) fn record_rename(&mut self, new_name: &str) {
        self.renamed_to = Some(new_name.to_owned());
    }

    /// Returns the new name of the organization, if it was found to be renamed.
    pub(crate) fn renamed_to(&self) -> Option<&str> {
        self.renamed_to.as_deref()
    }

    /// Records that an object was imported.
    pub(crate) fn record_import(&mut self) {
        self.is_imported = true;
    }

    /// Whether this process has imported an object.
    pub(crate) fn is_imported(&self) -> bool {
        self.is_imported
    }

    /// Records a token that was generated.
    pub(crate) fn record_generated(&mut self, token: &AuthenticationToken) {
        self.generated.push(NamedToken::of(token));
    }

    /// Whether an object whose read has begun manages this token, or this process has generated it.
    pub(crate) fn manages(&self, token: &AuthenticationToken) -> bool {
        let named = NamedToken::of(token);
        self.has_generated(token)
            || self.managed.contains(&named)
            || self
                .objects
                .iter()
                .any(|object| object.read == Some(Relation::Manages) && object.token == named)
    }

    /// Whether this process has generated this token.
    pub(crate) fn has_generated(&self, token: &AuthenticationToken) -> bool {
        self.generated.contains(&NamedToken::of(token))
    }

    /// Records that an object of the state stays. Returns whether another object has the same organization: it stays or is
    /// created too, or it manages `current`, the organization's token.
    pub(crate) fn plan_update(
        &mut self,
        token: NamedToken,
        current: Option<&NamedToken>,
    ) -> Others {
        let manages_current = |one: &Object| {
            one.read == Some(Relation::Manages)
                && one.planned != Some(Planned::Destroyed)
                && one.token != token
                && Some(&one.token) == current
        };
        let is_reported =
            |one: &Object| one.read == Some(Relation::ReplacedHere) && one.token == token;
        let others = if let Some(created) = self.creations.first() {
            Others::Created(created.existing)
        } else if self.objects.iter().any(is_reported) {
            Others::Reported
        } else if self.keeps_any() || self.objects.iter().any(manages_current) {
            Others::InState
        } else {
            Others::NotSeen
        };
        self.plan(token, Planned::Kept);
        others
    }

    /// Whether this process has generated another token, which invalidated this one.
    pub(crate) fn has_invalidated(&self, token: &NamedToken) -> bool {
        self.has_generated_any() && !self.generated.contains(token)
    }

    /// Whether this process has generated a token.
    pub(crate) fn has_generated_any(&self) -> bool {
        !self.generated.is_empty()
    }

    /// Records that an object of the state is destroyed. Returns whether it has the organization's token and another object
    /// is created.
    ///
    /// With `create_before_destroy`, an apply plans the destruction after the creation. Then a token was generated.
    pub(crate) fn plan_destruction(&mut self, token: NamedToken) -> bool {
        let is_created = self.creations.iter().any(|one| one.may_meet(&token));
        self.plan(token, Planned::Destroyed);
        is_created && !self.has_generated_any()
    }

    /// Records that an object is created, and returns what is known of the others.
    pub(crate) fn plan_creation(&mut self, seen: Seen<'_>, existing: Existing) -> Creation {
        let is_second = !self.creations.is_empty() || self.keeps_any();
        let is_seen = !matches!(seen, Seen::Unknown);
        self.creations.push(Created {
            current: seen.named(),
            is_seen,
            existing,
        });
        if is_second {
            return Creation::Second;
        }
        let is_destroyed = |one: &Object| one.planned == Some(Planned::Destroyed);
        if !is_seen && self.objects.iter().any(is_destroyed) {
            return Creation::BesideDestruction;
        }
        let Some(current) = seen.named() else {
            return Creation::Only;
        };
        let unplanned = || self.objects.iter().filter(|one| one.planned.is_none());
        let manages = |one: &Object| one.read == Some(Relation::Manages) && one.token == current;
        let has_current = |one: &Object| one.token == current;
        if self
            .objects
            .iter()
            .any(|one| is_destroyed(one) && has_current(one))
        {
            Creation::BesideDestruction
        } else if unplanned().any(manages) {
            Creation::ReplacesManager
        } else if unplanned().next().is_some() {
            Creation::ReplacesOther
        } else {
            Creation::Only
        }
    }

    fn keeps_any(&self) -> bool {
        self.objects
            .iter()
            .any(|object| object.planned == Some(Planned::Kept))
    }

    /// Finds the object that was read with this token, and records its plan. An object that was not read is new here.
    fn plan(&mut self, token: NamedToken, planned: Planned) {
        let known = self
            .objects
            .iter()
            .position(|object| object.planned.is_none() && object.token == token);
        let at = known.unwrap_or(self.objects.len());
        if known.is_none() {
            self.objects.push(Object {
                token,
                read: None,
                holds_secret: false,
                planned: None,
            });
        }
        self.objects[at].planned = Some(planned);
    }
}

#[cfg(test)]
mod tests;
