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
use super::step::{Apply, Config, Destroy, NamedToken, Open, Revoke, Secret, Who};
use super::trail_query::{self, TrailQuery};
use crate::promises::observation::{Kind, Observation, OpenBlock, Revocation, TrailRead};
use crate::promises::snapshot::{Snapshot, StateObject};
use crate::promises::{asked, followed};
use tfplugin_testing::{Outcome, Plan, ResourceAction, StoredObject, Walk};

const TYPE: &str = "tfe_audit_trail_token";
const REVOKE: &str = "tfe_revoke_audit_trail_token";

/// The apply of a plan.
pub(super) struct Applying {
    pub(super) who: Who,
    pub(super) config: Config,
    /// `-replace`
    pub(super) replaces: bool,
    /// `false`: the plan was made with `-refresh=false`.
    pub(super) refreshes: bool,
    /// Whether nothing was changed by others since the plan began, and no fault happens.
    pub(super) is_undisturbed: bool,
}

/// What a configuration asks for.
struct Asked {
    asks: bool,
    triggers: bool,
    forces: bool,
}

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

    /// Taints the object. Returns `false` if there is none, or if it was imported: that a tainted object follows its token
    /// is in no private data of its plan, and the provider deletes that token (known, and not mended yet).
    pub(super) fn taint(&mut self, who: Who) -> bool {
        let core = &mut self.configurations[who as usize].core;
        let Some(mut object) = core.state(EXAMPLE).cloned() else {
            return false;
        };
        let attributes = object.json();
        if !attributes["token"].is_string() && !attributes["sealed_token"].is_string() {
            return false;
        }
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
        let begun = self.begin(Kind::Plan, who, faults, Phase::Plan).await;
        let planned = self.configurations[who as usize].plan(config, false).await;
        self.end_plan(begun, who, &planned).await
    }

    /// Plans and applies. Returns no second operation if the plan failed.
    pub(super) async fn apply(&mut self, step: &Apply) -> (Operation, Option<Operation>) {
        let who = step.who;
        let core = &mut self.configurations[who as usize].core;
        if !step.refresh {
            core.disable_refresh();
        }
        if step.create_before_destroy {
            core.create_before_destroy(EXAMPLE);
        } else {
            core.destroy_before_create(EXAMPLE);
        }
        let begun = self.begin(Kind::Plan, who, &step.faults, Phase::Plan).await;
        let planned = self.configurations[who as usize]
            .plan(&step.config, step.replace)
            .await;
        let mut before = self.end_plan(begun, who, &planned).await;
        before.seen.refreshes = step.refresh;
        self.configurations[who as usize].core.enable_refresh();
        let Some(plan) = planned.value else {
            return (before, None);
        };
        let applying = Applying {
            who,
            config: step.config,
            replaces: step.replace,
            refreshes: step.refresh,
            is_undisturbed: step.between.is_none() && step.faults.is_empty(),
        };
        if let Some(change) = step.between {
            self.change(change);
        }
        let applied = self
            .apply_plan(&applying, &before, plan, &step.faults, step.consumer_fails)
            .await;
        (before, Some(applied))
    }

    /// Applies a plan.
    pub(super) async fn apply_plan(
        &mut self,
        applying: &Applying,
        before: &Operation,
        plan: Plan,
        faults: &[RequestFault],
        consumer_fails: bool,
    ) -> Operation {
        let (who, config) = (applying.who, applying.config);
        let (kind, asked) = self.asked(applying, before, &plan);
        let begun = self.begin(kind, who, faults, Phase::Apply).await;
        let one = &mut self.configurations[who as usize];
        one.remember();
        let mut diagnostics = one.core.apply(plan).await.diagnostics;
        if !diagnostics.has_error() && config.is_consumed() {
            let consumed = one.apply_consumer(consumer_fails).await;
            diagnostics.extend(consumed);
        }
        let mut applied = self.end(begun, who, diagnostics).await;
        applied.seen.refreshed = before.seen.refreshed.clone();
        applied.seen.refreshes = applying.refreshes;
        applied.seen.asks = Some(asked.asks);
        applied.seen.triggers = asked.triggers;
        applied.seen.forces = asked.forces;
        applied.seen.plan = Some(before.applied(applying.is_undisturbed));
        applied
    }

    /// Returns the kind of an apply, and what its configuration asks for.
    fn asked(&self, applying: &Applying, before: &Operation, plan: &Plan) -> (Kind, Asked) {
        let prior = before.after.current.as_ref();
        let config = applying.config;
        let block = config.block();
        let id = prior.and_then(|prior| prior.token_id.as_deref());
        let is_followed = id.is_some_and(|id| before.follows(id));
        let tokens = self.recorder.tokens();
        let has_deposed = !before.after.deposed.is_empty();
        let becomes_forced = prior.is_none_or(|prior| {
            let moves = !tokens.is_same(&prior.organization, &config.organization());
            let creates = prior.tainted || applying.replaces || moves;
            creates || prior.attributes["force_regenerate"] != true
        });
        let asked = Asked {
            asks: asked::asks(&block, prior, is_followed, &tokens)
                || applying.replaces
                || has_deposed,
            triggers: prior.is_some_and(|prior| asked::triggers(&block, prior)),
            forces: config.force == Some(true) && becomes_forced,
        };
        let replaces = matches!(
            plan.action,
            ResourceAction::DeleteThenCreate | ResourceAction::CreateThenDelete
        );
        let kind = match replaces || has_deposed {
            true => Kind::Replace,
            false => Kind::Apply,
        };
        (kind, asked)
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

    /// Reads the audit trail with the secret in the state. Returns `None` if there is no secret.
    pub(super) async fn read_trail(
        &self,
        who: Who,
        trail: TrailQuery,
        faults: &[RequestFault],
        phase: Phase,
    ) -> Option<Operation> {
        let object = self.state(who).current?;
        let (org, secret) = (Org::named(&object.organization)?, object.secret?);
        let mut faults = faults.to_vec();
        faults.extend(trail.fault(org, phase));
        let begun = self.begin(Kind::ReadData, who, &faults, phase).await;
        let now = self.simulator.now();
        let expected = || trail.expected(&self.recorder.events(&self.simulator, org), now);
        let before = expected();
        let core = &self.configurations[who as usize].core;
        let block = trail.block(&secret, now);
        let read = core.read_data("tfe_audit_trail_events", block).await;
        let after = expected();
        let mut operation = self.end(begun, who, read.diagnostics).await;
        operation.seen.trail = Some(TrailRead {
            secret,
            before,
            after,
            limit: trail.limit,
            result: read.value,
        });
        Some(operation)
    }

    /// Opens the generating ephemeral resource in a plan and, if that succeeds, in an apply.
    pub(super) async fn open(&mut self, step: &Open) -> (Operation, Option<Operation>) {
        let planned = self.open_in(step, Walk::Plan, Phase::Plan).await;
        if planned.failed() {
            return (planned, None);
        }
        if let Some(change) = step.between {
            self.change(change);
        }
        let applied = self.open_in(step, Walk::Apply, Phase::Apply).await;
        (planned, Some(applied))
    }

    async fn open_in(&self, step: &Open, walk: Walk, phase: Phase) -> Operation {
        let who = step.who;
        let begun = self.begin(Kind::Open, who, &step.faults, phase).await;
        let config = json!({
            "organization": step.org.name(),
            "force_regenerate": step.force,
            "expired_at": step.expiry.text(),
        });
        let core = &self.configurations[who as usize].core;
        let prior = self.state(who).current;
        let beside = prior.filter(|_| step.beside_the_resource && walk == Walk::Plan);
        let opened = match &beside {
            Some(prior) => {
                let block = json!({ "organization": prior.organization });
                let mut walk = core.plan_walk().await;
                let mut diagnostics = walk.plan(EXAMPLE, block).await.diagnostics;
                // Terraform opens what does not depend on the resource, also if its plan fails.
                let opened = walk.open_ephemeral(TYPE, config).await;
                diagnostics.extend(opened.diagnostics);
                Outcome::new(opened.value, diagnostics)
            }
            None => core.open_ephemeral(walk, TYPE, config).await,
        };
        let managed = beside.and_then(|prior| prior.token_id);
        let mut operation = self.end(begun, who, opened.diagnostics).await;
        operation.seen.forces = step.force == Some(true);
        let managed = managed.filter(|id| !operation.seen.followed.contains(id));
        operation.seen.block = Some(OpenBlock {
            expired_at: step.expiry.text().map(|date| date.parse().expect("a date")),
            revokes_on_close: false,
            managed: managed.into_iter().collect(),
        });
        operation.seen.opened = opened.value.map(|opened| opened.result());
        operation
    }

    /// Plans the action and, if that succeeds, invokes it. Returns `None` if there is no token to name.
    pub(super) async fn revoke(&self, step: &Revoke) -> Option<(Operation, Option<Operation>)> {
        let (who, org) = (step.who, step.org);
        let token_id = match step.token {
            NamedToken::InState => self.state(who).current?.token_id?,
            NamedToken::Current => {
                let tokens = self.recorder.tokens();
                tokens.audit_trail(org.name())?.id.clone()
            }
        };
        let core = &self.configurations[who as usize].core;
        let begun = self.begin(Kind::PlanAction, who, &step.faults, Phase::Plan);
        let begun = begun.await;
        let config = json!({ "organization": org.name(), "token_id": token_id });
        let planned = core.plan_action(REVOKE, config).await;
        let before = self.end(begun, who, planned.diagnostics).await;
        let Some(plan) = planned.value else {
            return Some((before, None));
        };
        if let Some(change) = step.between {
            self.change(change);
        }
        let begun = self.begin(Kind::Revoke, who, &step.faults, Phase::Apply);
        let begun = begun.await;
        let invoked = core.invoke(plan).await;
        let mut revoked = self.end(begun, who, invoked.diagnostics).await;
        let revocation = Revocation {
            organization: org.name().to_owned(),
            token_id,
            progress: invoked.value.unwrap_or_default(),
        };
        revoked.seen.revocation = Some(revocation);
        Some((before, Some(revoked)))
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

    fn snapshot(&self, who: Who) -> Snapshot {
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
