//! [`Operation`]: what Terraform did in one go, what came of it, and what was said.

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use tfe_simulator::RecordedRequest;
use tfplugin::{Diagnostics, Severity};

use super::chronicle::{Entry, Sight, What};
use super::step::Org;
use super::trail::Reading;
use crate::promises::{Look, Revocation};

/// What Terraform did in one go.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) kind: Kind,
    /// What happened meanwhile.
    pub(super) entries: Vec<Entry>,
    /// What the contract's own check saw before and after it.
    pub(super) looks: Option<(Look, Look)>,
    pub(super) requests: Vec<RecordedRequest>,
    /// What the organizations had when it ended.
    pub(super) end: Sight,
    /// What the state had before.
    pub(super) stored: State,
    /// The same as the refresh of the plan found it.
    pub(super) managed: State,
    /// What the state has after it; of a plan: what it found.
    pub(super) after: State,
    /// Whether the practitioner asked for whatever there is to be invalidated.
    pub(super) forced: bool,
    /// What an ephemeral brought.
    pub(super) opened: Option<(Org, String)>,
    /// What an action was to revoke.
    pub(super) revocation: Option<(Org, Revocation)>,
    /// What was told of an audit trail.
    pub(super) reading: Option<Reading>,
    /// Not `-refresh=false`.
    pub(super) refresh: bool,
    /// Whether it is a plan that changes nothing.
    pub(super) empty: bool,
    pub(super) told: Diagnostics,
    pub(super) now: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plan,
    Apply,
    Refresh,
    Import,
    Destroy,
    Open,
    ReadTrail,
    PlanRevocation,
    Revoke,
}

/// What a state has of the resource.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) current: Option<Object>,
    /// Whose successor exists, and that are still to be deleted.
    pub(super) deposed: Vec<Object>,
}

impl State {
    pub(super) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.current.iter().chain(&self.deposed)
    }
}

/// An object in a state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    pub(super) org: Org,
    pub(super) token_id: Option<String>,
    /// In the open, or unsealed.
    pub(super) secret: Option<String>,
    pub(super) status: Option<String>,
    pub(super) force: bool,
    pub(super) tainted: bool,
    pub(super) json: Json,
}

impl Object {
    /// The attributes of a state; `secret` is what they hold, unsealed.
    pub(super) fn new(json: Json, secret: Option<String>, tainted: bool) -> Option<Self> {
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        Some(Self {
            org: Org::named(json["organization"].as_str()?)?,
            token_id: text("token_id"),
            secret,
            status: text("status"),
            force: json["force_regenerate"] == true,
            tainted,
            json,
        })
    }

    pub(super) fn has_status(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }
}

impl Operation {
    pub(super) fn failed(&self) -> bool {
        self.told.has_error()
    }

    /// Whether something with this summary was said.
    pub(super) fn said(&self, summary: &str) -> bool {
        self.told.iter().any(|one| one.summary() == summary)
    }

    /// Whether it does not look at what the state has, and leaves that as it is.
    pub(super) fn is_beside_the_state(&self) -> bool {
        let kinds = [Kind::ReadTrail, Kind::PlanRevocation, Kind::Revoke];
        kinds.contains(&self.kind)
    }

    /// Whether it says that it took this token out of the state and left it alone: one that was only followed.
    pub(super) fn left_alone(&self, id: &str) -> bool {
        self.told.iter().any(|one| {
            one.summary() == "Another Audit Trail Token Was Left Alone" && one.detail().contains(id)
        })
    }

    pub(super) fn errors(&self) -> Vec<&str> {
        self.summaries(Severity::Error)
    }

    pub(super) fn summaries(&self, severity: Severity) -> Vec<&str> {
        let told = self.told.iter();
        told.filter(|one| one.severity() == severity)
            .map(|one| one.summary())
            .collect()
    }

    /// What the last answer about an organization's token that really was the service's said;
    /// `None`: there was none.
    pub(super) fn last_answer(&self, org: Org) -> Option<&Sight> {
        self.entries.iter().rev().find_map(|entry| {
            let it = match entry.what {
                What::Look { org, honest }
                | What::Post { org, honest }
                | What::Delete { org, honest } => honest.then_some(org),
                _ => None,
            };
            (it == Some(org)).then_some(&entry.after)
        })
    }

    /// The requests that changed an organization's token: which, where in the entries, and what there was before.
    pub(super) fn changes(&self) -> impl Iterator<Item = (usize, Org, &Entry)> {
        let entries = self.entries.iter().enumerate();
        entries.filter_map(|(index, entry)| {
            let (What::Post { org, .. } | What::Delete { org, .. }) = entry.what else {
                return None;
            };
            let id = |sight: &Sight| sight.token(org).map(|token| token.id.clone());
            let changed = id(&entry.before) != id(&entry.after);
            changed.then_some((index, org, entry))
        })
    }
}
