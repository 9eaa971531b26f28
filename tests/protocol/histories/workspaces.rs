//! [`Workspaces`]: two configurations, each with its own state, and two organizations. Runs the steps of a history.

use serde_json::json;
use tfe_simulator::Simulator;
use tfplugin::Diagnostics;

use super::another_host;
use super::configuration::{Configuration, EXAMPLE, KEY};
use super::consumer::Consumer;
use super::operation::{Operation, State};
use super::outside_change::{Org, OutsideChange};
use super::recorder::Recorder;
use super::request_fault::{Phase, RequestFault};
use super::step::{Config, Destroy, Secret, Who};
use super::trail_query;
use crate::promises::followed;
use crate::promises::kind::Kind;
use crate::promises::observation::Observation;
use crate::promises::snapshot::{Snapshot, StateObject};
use tfplugin_testing::{Outcome, Plan, ResourceAction, StoredObject};

/// Two configurations, each with its own state, and two organizations.
pub(super) struct Workspaces {
    pub(super) simulator: Simulator,
    /// Another host, with organizations of the same names.
    pub(super) another_host: Simulator,
    pub(super) recorder: Recorder,
    pub(super) configurations: [Configuration; 2],
}

impl Workspaces {
    pub(super) async fn new() -> Self {
        let simulator = Simulator::start().await;
        simulator.configure(|settings| settings.trail_page_size = trail_query::PAGE_SIZE);
        let recorder = Recorder::new(&simulator);
        let another_host = another_host::start().await;
        let configurations = [
            Configuration::new(&simulator, &another_host).await,
            Configuration::new(&simulator, &another_host).await,
        ];
        Self {
            simulator,
            another_host,
            recorder,
            configurations,
        }
    }

    /// Makes an outside change between two operations.
    pub(super) fn change(&self, change: OutsideChange) {
        self.recorder.change(&self.simulator, change);
        self.recorder.take_timeline();
    }

    /// Stores the state of hashicorp/tfe for the organization's token. Returns `false` if the state is not empty, or if
    /// there is no token.
    pub(super) fn use_hashicorp_tfe_state(&mut self, who: Who, org: Org, secret: Secret) -> bool {
        let tokens = self.recorder.tokens();
        let core = &mut self.configurations[who as usize].core;
        let (Some(token), None) = (tokens.audit_trail(org.name()), core.state(EXAMPLE)) else {
            return false;
        };
        let secret = (secret == Secret::Present).then(|| token.secret.expose());
        let attributes = json!({
            "id": org.name(), "organization": org.name(), "expired_at": null,
            "force_regenerate": null, "token": secret,
        });
        let state = StoredObject {
            attributes: attributes.to_string(),
            schema_version: 0,
            private: Vec::new(),
            tainted: false,
            identity: None,
        };
        core.set_state(EXAMPLE, state);
        true
    }

    /// Restores the state before the last apply. Returns `false` if there was no apply.
    pub(super) fn lose_state(&mut self, who: Who) -> bool {
        let one = &mut self.configurations[who as usize];
        let Some((earlier, followed)) = one.earlier.take() else {
            return false;
        };
        one.core.forget(EXAMPLE);
        one.followed = followed.into();
        if let Some(earlier) = earlier {
            one.core.set_state(EXAMPLE, earlier);
        }
        true
    }

    /// Taints the object. Returns `false` if there is none.
    pub(super) fn taint(&mut self, who: Who) -> bool {
        let core = &mut self.configurations[who as usize].core;
        let Some(mut object) = core.state(EXAMPLE).cloned() else {
            return false;
        };
        object.tainted = true;
        core.set_state(EXAMPLE, object);
        true
    }

    /// Removes the objects from the state, as `terraform state rm` does, if their organization has another name and their
    /// token is invalid: nothing shows which organization it is. Returns `false` if they can be found.
    pub(super) fn forget_what_cannot_be_found(&mut self, who: Who) -> bool {
        let tokens = self.recorder.tokens();
        let state = self.state(who);
        let is_lost = state.objects().any(|object| {
            let id = object.token_id.as_deref();
            !tokens.is_found_as(&object.organization) && !id.is_some_and(|id| tokens.contains(id))
        });
        if is_lost {
            self.configurations[who as usize].core.forget(EXAMPLE);
        }
        is_lost
    }

    /// Plans, and does not apply.
    pub(super) async fn plan(
        &self,
        who: Who,
        config: &Config,
        faults: &[RequestFault],
    ) -> Operation {
        self.planned(who, config, false, faults).await.1
    }

    /// Plans, perhaps with `-replace`, and returns the plan if that succeeds.
    pub(super) async fn planned(
        &self,
        who: Who,
        config: &Config,
        replaces: bool,
        faults: &[RequestFault],
    ) -> (Option<Plan>, Operation) {
        let begun = self.begin(Kind::Plan, who, faults, Phase::Plan).await;
        let configuration = &self.configurations[who as usize];
        let planned = configuration.plan(config, replaces).await;
        let operation = self.end_plan(begun, who, &planned).await;
        (planned.value, operation)
    }

    /// Refreshes the state, as `terraform apply -refresh-only` does.
    pub(super) async fn refresh(&mut self, who: Who, faults: &[RequestFault]) -> Operation {
        let begun = self.begin(Kind::Refresh, who, faults, Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        let diagnostics = core.refresh(EXAMPLE).await.diagnostics;
        self.end(begun, who, diagnostics).await
    }

    /// Imports the organization's token. Returns `None` if the state is not empty.
    pub(super) async fn import(
        &mut self,
        who: Who,
        org: Org,
        faults: &[RequestFault],
    ) -> Option<Operation> {
        if self.configurations[who as usize]
            .core
            .state(EXAMPLE)
            .is_some()
        {
            return None;
        }
        let begun = self.begin(Kind::Import, who, faults, Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        let diagnostics = core.import(EXAMPLE, org.name()).await.diagnostics;
        Some(self.end(begun, who, diagnostics).await)
    }

    /// Plans a destroy and applies it. Returns no second operation if the plan failed.
    pub(super) async fn destroy(&mut self, step: &Destroy) -> (Operation, Option<Operation>) {
        let who = step.who;
        if !step.refresh {
            self.configurations[who as usize].core.disable_refresh();
        }
        let begun = self.begin(Kind::Plan, who, &step.faults, Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        let planned = core.plan_destroy(EXAMPLE).await;
        core.enable_refresh();
        let mut before = self.end_plan(begun, who, &planned).await;
        before.seen.refreshes = step.refresh;
        let Some(plan) = planned.value else {
            return (before, None);
        };
        if let Some(change) = step.between {
            self.change(change);
        }
        let begun = self
            .begin(Kind::Destroy, who, &step.faults, Phase::Apply)
            .await;
        let one = &mut self.configurations[who as usize];
        one.remember();
        let diagnostics = one.core.apply(plan).await.diagnostics;
        let mut destroyed = self.end(begun, who, diagnostics).await;
        destroyed.seen.refreshed = before.seen.refreshed.clone();
        let is_undisturbed = step.between.is_none() && step.faults.is_empty();
        destroyed.seen.plan = Some(before.applied(is_undisturbed));
        (before, Some(destroyed))
    }

    /// Begins an operation, a minute after the previous one.
    pub(super) async fn begin(
        &self,
        kind: Kind,
        who: Who,
        faults: &[RequestFault],
        phase: Phase,
    ) -> Begun {
        self.simulator.advance(std::time::Duration::from_secs(61));
        self.recorder.take_timeline();
        let faults = faults.iter().filter(|one| one.phase == phase);
        self.recorder.inject(&self.simulator, faults);
        Begun {
            kind,
            before: self.snapshot(who),
        }
    }

    /// Ends an operation, and returns what was seen of it.
    pub(super) async fn end(&self, begun: Begun, who: Who, diagnostics: Diagnostics) -> Operation {
        self.recorder.clear_faults(&self.simulator);
        let followed = &self.configurations[who as usize].followed;
        let seen = Observation {
            operation: format!("the last one of {who}"),
            followed: followed.borrow().clone(),
            timeline: self.recorder.take_timeline(),
            requests: self.simulator.requests(),
            diagnostics,
            secrets: self.recorder.secrets(),
            ..Observation::new(begun.kind, begun.before, self.snapshot(who))
        };
        *followed.borrow_mut() = followed::after(&seen);
        Operation {
            seen,
            after: self.state(who),
            empty: false,
        }
    }

    pub(super) fn snapshot(&self, who: Who) -> Snapshot {
        Snapshot {
            now: self.simulator.now(),
            tokens: self.recorder.tokens(),
            objects: self.state(who).to_vec(),
        }
    }

    /// Ends a plan, whose result has the refreshed object.
    pub(super) async fn end_plan(
        &self,
        begun: Begun,
        who: Who,
        planned: &Outcome<Plan>,
    ) -> Operation {
        let mut operation = self.end(begun, who, planned.diagnostics.clone()).await;
        if let Some(plan) = &planned.value {
            operation.empty = plan.action == ResourceAction::NoOp;
            let current = operation.after.current.as_ref();
            let tainted = current.is_some_and(|one| one.tainted);
            let prior = plan.before();
            operation.after.current =
                (!prior.is_null()).then(|| StateObject::new(prior, tainted, &[KEY]));
            operation.seen.refreshed = Some(operation.after.to_vec());
        }
        operation
    }

    /// Returns the consumer of a configuration.
    pub(super) fn consumer(&self, who: Who) -> &Consumer {
        &self.configurations[who as usize].consumer
    }

    /// Returns the objects of a state.
    pub(super) fn state(&self, who: Who) -> State {
        self.configurations[who as usize].state()
    }
}

/// An operation that has begun.
pub(super) struct Begun {
    kind: Kind,
    before: Snapshot,
}
