//! [`Observation`]: everything that was seen of one operation, which is all that a promise is judged by.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use tfe_simulator::{RecordedRequest, Token};
use tfplugin::Diagnostics;

use super::kind::Kind;
use super::snapshot::{Snapshot, StateObject, Tokens};
use super::timeline_entry::{Cause, TimelineEntry};
use tfplugin_testing::ListResult;

/// Everything that was seen of one operation of Terraform. A plan and its apply are two operations.
#[derive(Clone, Debug)]
pub(crate) struct Observation {
    /// The operation in words, for the report.
    pub(crate) operation: String,
    pub(crate) kind: Kind,
    /// Whether `force_regenerate` becomes true, or is true at a create or in an ephemeral resource.
    pub(crate) forces: bool,
    /// Whether the practitioner asks for a new token: by the configuration, by `-replace`, or by a creation. `None`: the
    /// driver does not know.
    pub(crate) asks: Option<bool>,
    /// Whether a value in `regenerate_triggers` changes.
    pub(crate) triggers: bool,
    /// The IDs of tokens that the state only follows: somebody has replaced an imported token by them.
    pub(crate) followed: BTreeSet<String>,
    /// The provider is configured for another host than that of the objects in the state.
    pub(crate) on_another_host: bool,
    /// The label of the resource was renamed without `moved`: one plan destroys the object and creates another one for
    /// the same organization.
    pub(crate) relabels: bool,
    /// `false`: `-refresh=false`.
    pub(crate) refreshes: bool,
    /// The plan that is applied.
    pub(crate) plan: Option<AppliedPlan>,
    pub(crate) before: Snapshot,
    /// The objects as the plan's refresh returned them: this plan's, or the one that is applied. `None`: as before.
    pub(crate) refreshed: Option<Vec<StateObject>>,
    pub(crate) after: Snapshot,
    /// What happened to the organizations from `before` to `after`, in order.
    pub(crate) timeline: Vec<TimelineEntry>,
    /// The requests of this operation, and no others.
    pub(crate) requests: Vec<RecordedRequest>,
    pub(crate) diagnostics: Diagnostics,
    /// The result of an ephemeral resource.
    pub(crate) opened: Option<Json>,
    /// The block of the generating ephemeral resource.
    pub(crate) block: Option<OpenBlock>,
    /// The ID of the token that a close has to revoke.
    pub(crate) closed: Option<String>,
    /// The invocation of the action that revokes.
    pub(crate) revocation: Option<Revocation>,
    /// The search of the list resource.
    pub(crate) search: Option<Search>,
    /// The audit trail that a data source read.
    pub(crate) trail: Option<TrailRead>,
    /// Secrets that must not be shown, beside those of the audit trail tokens.
    pub(crate) secrets: Vec<String>,
}

/// What was seen of the plan that an operation applies.
#[derive(Clone, Debug)]
pub(crate) struct AppliedPlan {
    pub(crate) diagnostics: Diagnostics,
    /// The tokens of the organizations as of the plan's last answer about each. An organization is missing if the plan
    /// has not learned anything about its token.
    pub(crate) read: Vec<(String, Option<Token>)>,
    /// Whether nothing was changed by others since the plan began, and no fault happened.
    pub(crate) undisturbed: bool,
}

/// The block of the generating ephemeral resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenBlock {
    pub(crate) expired_at: Option<DateTime<Utc>>,
    pub(crate) revokes_on_close: bool,
    /// The IDs of the tokens of managed resources that the same process has read.
    pub(crate) managed: BTreeSet<String>,
}

/// An invocation of the action that revokes.
#[derive(Clone, Debug)]
pub(crate) struct Revocation {
    pub(crate) organization: String,
    /// The ID of the token that it names.
    pub(crate) token_id: String,
    /// Its progress messages.
    pub(crate) progress: Vec<String>,
}

/// A search of the list resource.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// The organization that is searched; `None`: all.
    pub(crate) organization: Option<String>,
    /// The results, with their objects; `None`: the search failed.
    pub(crate) found: Option<Vec<ListResult>>,
}

/// An audit trail that a data source read.
#[derive(Clone, Debug)]
pub(crate) struct TrailRead {
    /// The secret with which it was read.
    pub(crate) secret: String,
    /// The IDs of the events that the arguments ask for, newest first: before the read, and after it.
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
    pub(crate) limit: Option<usize>,
    /// The result of the data source; `None`: it failed.
    pub(crate) result: Option<Json>,
}

impl Observation {
    /// Returns an operation of which nothing was seen but the tokens and the state before and after it.
    pub(crate) fn new(kind: Kind, before: Snapshot, after: Snapshot) -> Self {
        Self {
            operation: String::new(),
            kind,
            forces: false,
            asks: None,
            triggers: false,
            followed: BTreeSet::new(),
            on_another_host: false,
            relabels: false,
            refreshes: true,
            plan: None,
            before,
            refreshed: None,
            after,
            timeline: Vec::new(),
            requests: Vec::new(),
            diagnostics: Diagnostics::new(),
            opened: None,
            block: None,
            closed: None,
            revocation: None,
            search: None,
            trail: None,
            secrets: Vec::new(),
        }
    }

    /// Whether a diagnostic is an error.
    pub(crate) fn failed(&self) -> bool {
        self.diagnostics.has_error()
    }

    /// Whether one diagnostic contains all of these words, in any case of letters: names of organizations have none.
    pub(crate) fn reports(&self, words: &[&str]) -> bool {
        self.diagnostics.iter().any(|one| {
            let text = one.to_string().to_ascii_lowercase();
            let mut words = words.iter();
            words.all(|word| text.contains(&word.to_ascii_lowercase()))
        })
    }

    /// Whether one diagnostic contains one of these summaries, and one of these names.
    pub(crate) fn reports_about(&self, summaries: &[&str], names: &[&str]) -> bool {
        let mut summaries = summaries.iter();
        summaries.any(|summary| names.iter().any(|name| self.reports(&[summary, name])))
    }

    /// Returns the objects that the operation acts on: an apply acts on those that its plan refreshed.
    pub(crate) fn prior(&self) -> &[StateObject] {
        match (&self.refreshed, self.kind) {
            (Some(refreshed), Kind::Apply | Kind::Replace | Kind::Destroy) => refreshed,
            _ => &self.before.objects,
        }
    }

    /// Returns the objects as the operation leaves them: a plan leaves those that it refreshed.
    pub(crate) fn result(&self) -> &[StateObject] {
        match (&self.refreshed, self.kind) {
            (Some(refreshed), Kind::Plan) => refreshed,
            (None, Kind::Plan) => &self.before.objects,
            _ => &self.after.objects,
        }
    }

    /// Returns the tokens as of the operation's last answer about this organization's token.
    ///
    /// A change that the operation made itself counts as known, also where its answer did not arrive. `None`: the
    /// operation has not learned anything about the token.
    pub(crate) fn known(&self, organization: &str) -> Option<&Tokens> {
        let mut events = self.timeline.iter().rev();
        let last = events.find(|event| {
            let request = event.request(organization);
            request.is_some_and(|request| request.answered || event.changes(organization))
        });
        last.map(|event| &event.after)
    }

    /// Returns the organization's token as of the operation's last answer, or at the end where there was none.
    pub(crate) fn current(&self, organization: &str) -> Option<&Token> {
        let known = self.known(organization);
        known
            .unwrap_or(&self.after.tokens)
            .audit_trail(organization)
    }

    /// Returns the tokens that the operation's own requests made.
    pub(crate) fn made(&self) -> Vec<(&str, &Token)> {
        let own = self.own_changes();
        own.into_iter()
            .filter_map(|(organization, event)| {
                Some((organization, event.after.audit_trail(organization)?))
            })
            .collect()
    }

    /// Returns the tokens that the operation's own requests invalidated.
    pub(crate) fn invalidated(&self) -> Vec<(&str, &Token)> {
        let own = self.own_changes();
        own.into_iter()
            .filter_map(|(organization, event)| {
                Some((organization, event.before.audit_trail(organization)?))
            })
            .collect()
    }

    fn own_changes(&self) -> Vec<(&str, &TimelineEntry)> {
        let own = self.timeline.iter();
        let own = own.filter(|event| event.cause != Cause::SomebodyElse);
        own.flat_map(|event| {
            let changed = event.after.organizations();
            let changed = changed.filter(|name| event.changes(name));
            changed.map(move |name| (name, event))
        })
        .collect()
    }

    /// Returns every audit trail token that was seen.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &Token> {
        let during = self.timeline.iter();
        let during = during.flat_map(|event| [&event.before, &event.after]);
        let all = during.chain([&self.before.tokens, &self.after.tokens]);
        all.flat_map(Tokens::all)
    }

    /// Whether the token with this ID existed all the time.
    pub(crate) fn lives_throughout(&self, id: &str) -> bool {
        let mut during = self.timeline.iter();
        self.after.tokens.contains(id) && during.all(|event| event.after.contains(id))
    }

    /// Whether the operation says that it removed this token from the state and did not delete it.
    pub(crate) fn leaves_alone(&self, id: &str) -> bool {
        self.reports(&["Another Audit Trail Token Was Left Alone", id])
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "operation: {} ({:?}", self.operation, self.kind)?;
        let words = [
            (self.forces, ", forced"),
            (self.triggers, ", triggered"),
            (self.asks == Some(false), ", nothing is asked for"),
            (self.on_another_host, ", on another host"),
        ];
        for (_, word) in words.into_iter().filter(|(holds, _)| *holds) {
            f.write_str(word)?;
        }
        writeln!(f, ")")?;
        if !self.followed.is_empty() {
            writeln!(f, "followed: {:?}", self.followed)?;
        }
        if let Some(plan) = &self.plan {
            let read = plan.read.iter();
            let read: Vec<_> = read
                .map(|(name, token)| (name, token.as_ref().map(|token| &token.id)))
                .collect();
            writeln!(
                f,
                "the plan has read {read:?}, and reported:\n{}",
                plan.diagnostics
            )?;
        }
        writeln!(f, "before:\n{}after:\n{}events:", self.before, self.after)?;
        for event in &self.timeline {
            writeln!(f, "  {event}")?;
        }
        f.write_str("requests:\n")?;
        for request in &self.requests {
            writeln!(f, "  {}", request.summary())?;
        }
        write!(f, "diagnostics:\n{}", self.diagnostics)
    }
}
