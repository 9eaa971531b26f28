//! [`Operation`]: what Terraform did in one go.

use tfplugin::Severity;

use crate::promises::observation::Observation;
use crate::promises::snapshot::StateObject;

/// What Terraform did in one go.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) seen: Observation,
    /// The objects after it; of a plan: as its refresh returned them.
    pub(super) after: State,
    /// Whether it is a plan without changes.
    pub(super) empty: bool,
}

/// The objects of a state.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) current: Option<StateObject>,
    /// Objects whose successor exists, and that are still to be deleted.
    pub(super) deposed: Vec<StateObject>,
}

impl State {
    pub(super) fn objects(&self) -> impl Iterator<Item = &StateObject> {
        self.current.iter().chain(&self.deposed)
    }

    pub(super) fn to_vec(&self) -> Vec<StateObject> {
        self.objects().cloned().collect()
    }
}

impl Operation {
    pub(super) fn failed(&self) -> bool {
        self.seen.failed()
    }

    /// Whether one of its requests changed an organization's token.
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
}
