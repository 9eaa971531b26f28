//! [`Operation`]: one operation of Terraform, and the state after it.

use tfplugin::Severity;

use crate::promises::observation::Observation;
use crate::promises::snapshot::StateObject;

/// One operation of Terraform, and the state after it.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) seen: Observation,
    /// The objects after the operation; after a plan, as its refresh returned them.
    pub(super) after: State,
    /// Whether the operation is a plan without changes.
    pub(super) empty: bool,
}

/// The objects of a state.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) current: Option<StateObject>,
    /// Deposed objects: `create_before_destroy` has created their replacement, and they are not deleted yet.
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
}
