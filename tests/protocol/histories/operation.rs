//! [`Operation`]: one operation of Terraform, and the state after it.

use tfplugin::Severity;

use super::counts::Counts;
use super::outside_change::Org;
use crate::promises::followed;
use crate::promises::kind::Kind;
use crate::promises::observation::{AppliedPlan, Observation};
use crate::promises::snapshot::{Snapshot, StateObject};

/// One operation of Terraform, and the state after it.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) seen: Observation,
    /// The objects after the operation; after a plan, as its refresh returned them.
    pub(super) after: State,
    /// Whether the operation is a plan without changes.
    pub(super) empty: bool,
}

/// The objects of a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    pub(super) current: Option<StateObject>,
    /// Deposed objects: `create_before_destroy` has created their replacement, and they are not deleted yet.
    pub(super) deposed: Vec<StateObject>,
    /// The object under another label.
    pub(super) relabelled: Option<StateObject>,
}

impl State {
    /// Returns the organization of the current object, or the first one if there is none.
    pub(super) fn org(&self) -> Org {
        let current = self.current.as_ref();
        let named = current.and_then(|object| Org::named(&object.organization));
        named.unwrap_or(Org::Ours)
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &StateObject> {
        let current = self.current.iter().chain(&self.relabelled);
        current.chain(&self.deposed)
    }

    pub(super) fn to_vec(&self) -> Vec<StateObject> {
        self.objects().cloned().collect()
    }
}

impl Operation {
    pub(super) fn failed(&self) -> bool {
        self.seen.failed()
    }

    /// Whether one of the operation's requests changed an organization's token.
    pub(super) fn has_changed(&self) -> bool {
        !self.seen.made().is_empty() || !self.seen.invalidated().is_empty()
    }

    pub(super) fn errors(&self) -> Vec<&str> {
        self.summaries(Severity::Error)
    }

    pub(super) fn summaries(&self, severity: Severity) -> Vec<&str> {
        let diagnostics = self.seen.diagnostics.iter();
        diagnostics
            .filter(|one| one.severity() == severity)
            .map(|one| one.summary())
            .collect()
    }

    /// Returns what was seen of this plan, for the apply of it.
    pub(super) fn applied(&self, undisturbed: bool) -> AppliedPlan {
        let organizations = Org::ALL.into_iter();
        let read = organizations.filter_map(|org| {
            let known = self.seen.known(org.name())?;
            Some((
                org.name().to_owned(),
                known.audit_trail(org.name()).cloned(),
            ))
        });
        AppliedPlan {
            diagnostics: self.seen.diagnostics.clone(),
            read: read.collect(),
            undisturbed,
        }
    }

    /// Whether the state only follows the token with this ID after the refresh of this plan.
    pub(super) fn follows(&self, id: &str) -> bool {
        let refreshed = Observation {
            after: Snapshot {
                objects: self.after.to_vec(),
                ..self.seen.after.clone()
            },
            ..self.seen.clone()
        };
        followed::after(&refreshed).contains(id)
    }

    /// Counts the operation and what it reached.
    pub(super) fn count(&self, counts: &mut Counts) {
        let kind = name(self.seen.kind);
        counts.count("operations");
        counts.count(kind);
        for error in self.errors() {
            counts.count(format!("{kind}: error {error:?}"));
        }
        if !self.failed() {
            let what = match self.has_changed() {
                true => "and changes",
                false => "and changes nothing",
            };
            counts.count(format!("{kind}: succeeds {what}"));
        }
        for warning in self.summaries(Severity::Warning) {
            counts.count(format!("{kind}: warning {warning:?}"));
        }
        if let Some(trail) = &self.seen.trail
            && let Some(result) = &trail.result
        {
            let events = result["events"].as_array().map_or(0, Vec::len);
            counts.add("events read", events as u64);
            if trail.before != trail.after {
                counts.count("trails that grew while they were read");
            }
        }
        if let Some(object) = &self.after.current {
            let status = object.status.as_deref().unwrap_or("null");
            counts.count(format!("{kind}: then status {status}"));
            if object.tainted {
                counts.count(format!("{kind}: then tainted"));
            }
        }
        if !self.after.deposed.is_empty() {
            counts.count(format!("{kind}: then deposed"));
        }
    }

    /// Returns the outcome of an operation in one line.
    pub(super) fn outcome(&self) -> String {
        let mut parts = vec![format!("{}:", name(self.seen.kind))];
        for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning")] {
            for summary in self.summaries(severity) {
                parts.push(format!("{word} {summary:?},"));
            }
        }
        let state = match &self.after.current {
            None => "nothing in the state".to_owned(),
            Some(object) => format!(
                "the state has {} ({}{}{})",
                object
                    .token_id
                    .as_deref()
                    .unwrap_or("a token without an ID"),
                object.status.as_deref().unwrap_or("no status"),
                if object.secret.is_some() {
                    ""
                } else {
                    ", no secret"
                },
                if object.tainted { ", tainted" } else { "" },
            ),
        };
        parts.push(state);
        let org = self.after.org();
        let token = self.seen.after.tokens.audit_trail(org.name());
        let token = token.map_or("none", |token| &token.id);
        parts.push(format!("and {org} has {token}"));
        parts.join(" ")
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Plan => "plan",
        Kind::Apply => "apply",
        Kind::Refresh => "refresh",
        Kind::Import => "import",
        Kind::Destroy => "destroy",
        Kind::Open => "open",
        Kind::Close => "close",
        Kind::ReadData => "read of the trail",
        Kind::PlanAction => "plan of a revocation",
        Kind::Revoke => "revocation",
        Kind::Replace => "replacement",
        Kind::Unseal | Kind::List => "another operation",
    }
}
