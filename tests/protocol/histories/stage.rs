//! [`Stage`]: two configurations, each with its own state, and two organizations; here steps are carried out.

use serde_json::json;
use tfe_simulator::Simulator;
use tfplugin::Diagnostics;

use super::chronicle::Chronicle;
use super::configuration::{Configuration, EXAMPLE, KEY};
use super::consumer::Consumer;
use super::operation::{Kind, Operation, State};
use super::step::{
    Apply, Config, Destroy, Elsewhere, Names, Open, Org, Phase, Revoke, Secret, Trouble, Who,
};
use super::trail::{self, Reading, Trail};
use crate::promises::{Look, Revocation, Watch};
use tfplugin_testing::{Action, Outcome, Plan, StoredObject, Walk};

const TYPE: &str = "tfe_audit_trail_token";
const REVOKE: &str = "tfe_revoke_audit_trail_token";

/// Two configurations and two organizations.
pub(super) struct Stage {
    pub(super) simulator: Simulator,
    pub(super) chronicle: Chronicle,
    watch: Watch,
    configurations: [Configuration; 2],
}

impl Stage {
    pub(super) async fn new() -> Self {
        let simulator = Simulator::start().await;
        simulator.configure(|settings| settings.trail_page_size = trail::PAGE_SIZE);
        let chronicle = Chronicle::begin(&simulator);
        let configurations = [
            Configuration::new(&simulator).await,
            Configuration::new(&simulator).await,
        ];
        let names = Org::ALL.map(Org::name);
        Self {
            watch: Watch::new(&simulator, &names, &[KEY]),
            simulator,
            chronicle,
            configurations,
        }
    }

    pub(super) fn elsewhere(&self, act: Elsewhere) {
        self.chronicle.elsewhere(&self.simulator, act);
        self.chronicle.take();
    }

    /// The state of hashicorp/tfe for the token that an organization has. `false`: there is a state already, or no token.
    pub(super) fn take_over(&mut self, who: Who, org: Org, secret: Secret) -> bool {
        let sight = self.chronicle.sight();
        let core = &mut self.configurations[who as usize].core;
        let (Some(token), None) = (sight.token(org), core.state(EXAMPLE)) else {
            return false;
        };
        let secret = (secret == Secret::Held).then(|| token.secret.expose());
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

    /// The state is what it was before the last apply. `false`: there was none.
    pub(super) fn lose_state(&mut self, who: Who) -> bool {
        let one = &mut self.configurations[who as usize];
        let Some(earlier) = one.earlier.take() else {
            return false;
        };
        one.core.forget(EXAMPLE);
        if let Some(earlier) = earlier {
            one.core.set_state(EXAMPLE, earlier);
        }
        true
    }

    pub(super) async fn plan(&self, who: Who, config: &Config, troubles: &[Trouble]) -> Operation {
        let scope = self.begin(Kind::Plan, who, troubles, Phase::Plan).await;
        let planned = self.configurations[who as usize]
            .planned(config, false)
            .await;
        self.found(scope, who, &planned).await
    }

    /// Plans and applies; `None` in the place of the apply: the plan failed.
    pub(super) async fn apply(&mut self, step: &Apply) -> (Operation, Option<Operation>) {
        let who = step.who;
        let core = &mut self.configurations[who as usize].core;
        core.refreshes(step.refresh);
        if step.create_before_destroy {
            core.create_before_destroy(EXAMPLE);
        } else {
            core.destroy_before_create(EXAMPLE);
        }
        let scope = self
            .begin(Kind::Plan, who, &step.troubles, Phase::Plan)
            .await;
        let planned = self.configurations[who as usize]
            .planned(&step.config, step.replace)
            .await;
        let mut before = self.found(scope, who, &planned).await;
        before.refresh = step.refresh;
        self.configurations[who as usize].core.refreshes(true);
        let Some(plan) = planned.value else {
            return (before, None);
        };
        let prior = before.after.current.as_ref();
        let asks = prior.is_none_or(|prior| {
            let creates = prior.tainted || step.replace || prior.org != step.config.org;
            creates || !prior.force
        });
        if let Some(act) = step.between {
            self.elsewhere(act);
        }
        let scope = self
            .begin(Kind::Apply, who, &step.troubles, Phase::Apply)
            .await;
        let one = &mut self.configurations[who as usize];
        one.earlier = Some(one.core.state(EXAMPLE).cloned());
        let mut told = one.core.apply(plan).await.diagnostics;
        if !told.has_error() && step.config.is_consumed() {
            let consumed = one.consume(step.consumer_fails).await;
            told.extend(consumed);
        }
        let mut applied = self.end(scope, who, told).await;
        applied.managed = before.after.clone();
        applied.forced = step.config.force == Some(true) && asks;
        (before, Some(applied))
    }

    pub(super) async fn refresh(&mut self, who: Who, troubles: &[Trouble]) -> Operation {
        let scope = self.begin(Kind::Refresh, who, troubles, Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        let told = core.refresh(EXAMPLE).await.diagnostics;
        self.end(scope, who, told).await
    }

    /// `None`: the state has something already.
    pub(super) async fn import(
        &mut self,
        who: Who,
        org: Org,
        troubles: &[Trouble],
    ) -> Option<Operation> {
        if self.configurations[who as usize]
            .core
            .state(EXAMPLE)
            .is_some()
        {
            return None;
        }
        let scope = self.begin(Kind::Import, who, troubles, Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        let told = core.import(EXAMPLE, org.name()).await.diagnostics;
        Some(self.end(scope, who, told).await)
    }

    pub(super) async fn destroy(&mut self, step: &Destroy) -> (Operation, Option<Operation>) {
        let who = step.who;
        self.configurations[who as usize]
            .core
            .refreshes(step.refresh);
        let scope = self
            .begin(Kind::Plan, who, &step.troubles, Phase::Plan)
            .await;
        let core = &mut self.configurations[who as usize].core;
        let planned = core.plan_destroy(EXAMPLE).await;
        core.refreshes(true);
        let mut before = self.found(scope, who, &planned).await;
        before.refresh = step.refresh;
        let Some(plan) = planned.value else {
            return (before, None);
        };
        if let Some(act) = step.between {
            self.elsewhere(act);
        }
        let scope = self
            .begin(Kind::Destroy, who, &step.troubles, Phase::Apply)
            .await;
        let one = &mut self.configurations[who as usize];
        one.earlier = Some(one.core.state(EXAMPLE).cloned());
        let told = one.core.apply(plan).await.diagnostics;
        let mut destroyed = self.end(scope, who, told).await;
        destroyed.managed = before.after.clone();
        (before, Some(destroyed))
    }

    /// Reads the audit trail with the secret of the state; `None`: there is none.
    pub(super) async fn read_trail(
        &self,
        who: Who,
        trail: Trail,
        troubles: &[Trouble],
        phase: Phase,
    ) -> Option<Operation> {
        let object = self.state(who).await.current?;
        let secret = object.secret?;
        let mut troubles = troubles.to_vec();
        troubles.extend(trail.trouble(object.org, phase));
        let scope = self.begin(Kind::ReadTrail, who, &troubles, phase).await;
        let now = self.simulator.now();
        let before = self.chronicle.events(&self.simulator, object.org);
        let core = &self.configurations[who as usize].core;
        let block = trail.block(&secret, now);
        let read = core.read_data("tfe_audit_trail_events", block).await;
        let after = self.chronicle.events(&self.simulator, object.org);
        let mut operation = self.end(scope, who, read.diagnostics).await;
        operation.reading = read.value.map(|told| Reading {
            trail,
            before,
            after,
            told,
            now,
        });
        Some(operation)
    }

    /// Opens the generating ephemeral in a plan and, if that went well, in an apply.
    pub(super) async fn open(&mut self, step: &Open) -> (Operation, Option<Operation>) {
        let planned = self.open_in(step, Walk::Plan, Phase::Plan).await;
        if planned.failed() {
            return (planned, None);
        }
        if let Some(act) = step.between {
            self.elsewhere(act);
        }
        let applied = self.open_in(step, Walk::Apply, Phase::Apply).await;
        (planned, Some(applied))
    }

    async fn open_in(&self, step: &Open, walk: Walk, phase: Phase) -> Operation {
        let who = step.who;
        let scope = self.begin(Kind::Open, who, &step.troubles, phase).await;
        let config = json!({ "organization": step.org.name(), "force_regenerate": step.force });
        let core = &self.configurations[who as usize].core;
        let opened = core.open_ephemeral(walk, TYPE, config).await;
        let mut operation = self.end(scope, who, opened.diagnostics).await;
        operation.forced = step.force == Some(true);
        operation.opened = opened.value.map(|opened| {
            let secret = opened.get("token");
            (step.org, secret.as_str().unwrap_or_default().to_owned())
        });
        operation
    }

    /// Plans the action and, if that went well, invokes it; `None`: there is no token to name.
    pub(super) async fn revoke(&self, step: &Revoke) -> Option<(Operation, Option<Operation>)> {
        let (who, org) = (step.who, step.org);
        let token_id = match step.names {
            Names::Stored => self.state(who).await.current?.token_id?,
            Names::There => self.chronicle.sight().token(org)?.id.clone(),
        };
        let core = &self.configurations[who as usize].core;
        let scope = self.begin(Kind::PlanRevocation, who, &step.troubles, Phase::Plan);
        let scope = scope.await;
        let config = json!({ "organization": org.name(), "token_id": token_id });
        let planned = core.plan_action(REVOKE, config).await;
        let before = self.end(scope, who, planned.diagnostics).await;
        let Some(plan) = planned.value else {
            return Some((before, None));
        };
        if let Some(act) = step.between {
            self.elsewhere(act);
        }
        let scope = self.begin(Kind::Revoke, who, &step.troubles, Phase::Apply);
        let scope = scope.await;
        let invoked = core.invoke(plan).await;
        let mut revoked = self.end(scope, who, invoked.diagnostics).await;
        let revocation = Revocation {
            organization: org.name().to_owned(),
            token_id,
            progress: invoked.value.unwrap_or_default(),
        };
        revoked.revocation = Some((org, revocation));
        Some((before, Some(revoked)))
    }

    /// Every operation takes a moment.
    async fn begin(&self, kind: Kind, who: Who, troubles: &[Trouble], phase: Phase) -> Scope {
        self.simulator.advance(std::time::Duration::from_secs(61));
        let stored = self.configurations[who as usize].state().await;
        self.chronicle.take();
        let troubles = troubles.iter().filter(|one| one.phase == phase);
        self.chronicle.trouble(&self.simulator, troubles);
        Scope {
            kind,
            stored,
            look: self.look(who),
        }
    }

    async fn end(&self, scope: Scope, who: Who, told: Diagnostics) -> Operation {
        self.chronicle.calm(&self.simulator);
        let end = self.chronicle.sight();
        let looks = scope.look.zip(self.look(who));
        Operation {
            looks,
            requests: self.simulator.requests(),
            kind: scope.kind,
            entries: self.chronicle.take(),
            end,
            managed: scope.stored.clone(),
            stored: scope.stored,
            after: self.configurations[who as usize].state().await,
            forced: false,
            opened: None,
            revocation: None,
            reading: None,
            refresh: true,
            empty: false,
            told,
            now: self.simulator.now(),
        }
    }

    /// What the contract's own check wants to see; `None`: it cannot follow a change of names.
    fn look(&self, who: Who) -> Option<Look> {
        let objects = self.configurations[who as usize].stored();
        self.chronicle
            .has_first_names()
            .then(|| self.watch.look(objects))
    }

    /// The end of a plan, which finds something and changes nothing.
    async fn found(&self, scope: Scope, who: Who, planned: &Outcome<Plan>) -> Operation {
        let mut operation = self.end(scope, who, planned.diagnostics.clone()).await;
        if let Some(plan) = &planned.value {
            operation.empty = plan.action == Action::NoOp;
            let one = &self.configurations[who as usize];
            let stored = operation.stored.current.as_ref();
            let tainted = stored.is_some_and(|one| one.tainted);
            operation.after.current = one.object(plan.before(), tainted).await;
        }
        operation
    }

    /// What a consumer keeps.
    pub(super) fn consumer(&self, who: Who) -> &Consumer {
        &self.configurations[who as usize].consumer
    }

    /// What a state has now.
    pub(super) async fn state(&self, who: Who) -> State {
        self.configurations[who as usize].state().await
    }
}

/// An operation that has begun.
struct Scope {
    kind: Kind,
    stored: State,
    look: Option<Look>,
}
