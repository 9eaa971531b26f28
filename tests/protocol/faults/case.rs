//! [`Case`]: an operation in a situation.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method, RecordedRequest};
use tfplugin::Diagnostics;

use super::situation::{KEY, Situation, Start};
use super::trail;
use crate::audit_trail_token::setup::{EXAMPLE, ORGANIZATION, TYPE, block};
use crate::promises;
use crate::promises::asked;
use crate::promises::kind::Kind;
use crate::promises::observation::{
    AppliedPlan, Observation, OpenBlock, Revocation, Search, TrailRead,
};
use crate::promises::snapshot::StateObject;
use tfplugin_testing::{Outcome, Plan, Query, Walk};

pub(super) const REVOKE: &str = "tfe_revoke_audit_trail_token";

/// An operation in a situation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) start: Start,
    pub(super) act: Act,
    /// The arguments of the resource beside `organization` and `expired_at`.
    pub(super) config: fn() -> Json,
    /// Whether `force_regenerate` becomes true, or is true at a create or in an ephemeral resource.
    pub(super) forces: bool,
}

/// The operation of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Plan,
    PlanDestroy,
    Refresh,
    /// The apply of a plan that is made before the faults begin.
    Apply,
    /// The same with `-refresh=false`.
    ApplyUnrefreshed,
    Destroy,
    DestroyUnrefreshed,
    Replace,
    Import,
    ImportByIdentity,
    Open,
    /// Opens the ephemeral resource in the plan that reads the managed resource.
    OpenBeside,
    Unseal,
    ReadData,
    /// Reads the audit trail, several pages of it, with the token in the state.
    ReadTrail,
    PlanRevocation,
    /// Invokes the action, which is planned before the faults begin.
    Revoke,
    /// The same, and somebody regenerates the token after the action has read it.
    RevokeRaced,
    /// A search in one organization.
    List,
    /// A search in all organizations.
    ListAll,
}

/// The result of an operation.
pub(super) struct Done {
    pub(super) diagnostics: Diagnostics,
    pub(super) opened: Option<Json>,
    revocation: Option<Revocation>,
    pub(super) search: Option<Search>,
    trail: Option<TrailRead>,
    /// The objects as the refresh of a plan returned them.
    refreshed: Option<Vec<StateObject>>,
}

impl Act {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Plan | Self::PlanDestroy => Kind::Plan,
            Self::PlanRevocation => Kind::PlanAction,
            Self::Refresh => Kind::Refresh,
            Self::Apply | Self::ApplyUnrefreshed => Kind::Apply,
            Self::Destroy | Self::DestroyUnrefreshed => Kind::Destroy,
            Self::Replace => Kind::Replace,
            Self::Import | Self::ImportByIdentity => Kind::Import,
            Self::Open | Self::OpenBeside => Kind::Open,
            Self::Unseal => Kind::Unseal,
            Self::ReadData | Self::ReadTrail => Kind::ReadData,
            Self::Revoke | Self::RevokeRaced => Kind::Revoke,
            Self::List | Self::ListAll => Kind::List,
        }
    }
}

impl Case {
    /// Makes the plan that is going to be applied.
    pub(super) async fn prepare(&self, situation: &mut Situation) {
        let config = block((self.config)());
        if matches!(self.act, Act::ApplyUnrefreshed | Act::DestroyUnrefreshed) {
            situation.without_refresh();
        }
        let core = &situation.setup.core;
        let planned = match self.act {
            Act::Apply | Act::ApplyUnrefreshed => Some(core.plan(EXAMPLE, config).await),
            Act::Destroy | Act::DestroyUnrefreshed => Some(core.plan_destroy(EXAMPLE).await),
            Act::Replace => Some(core.plan_replace(EXAMPLE, config).await),
            _ => None,
        };
        situation.applied_plan = planned.as_ref().map(|planned| situation.seen_plan(planned));
        situation.plan = planned.map(Outcome::expect_ok);
        if self.act.kind() == Kind::Revoke {
            let planned = core
                .plan_action(REVOKE, revocation(&situation.named_id))
                .await;
            situation.action = Some(planned.expect_ok());
        }
        situation.with_refresh();
        if self.act == Act::ReadTrail {
            trail::fill(&situation.setup);
        }
        situation.setup.simulator.clear_requests();
    }

    /// Runs the operation.
    pub(super) async fn act(&self, situation: &mut Situation) -> Done {
        let config = block((self.config)());
        let plan = situation.plan.take();
        let named_id = situation.named_id.clone();
        let core = &mut situation.setup.core;
        let (mut opened, mut revoked, mut search) = (None, None, None);
        let (mut trail, mut refreshed) = (None, None);
        let diagnostics = match self.act {
            Act::Plan | Act::PlanDestroy => {
                let planned = match self.act {
                    Act::Plan => core.plan(EXAMPLE, config).await,
                    _ => core.plan_destroy(EXAMPLE).await,
                };
                let plan = planned.value.as_ref();
                refreshed = plan.map(|plan| situation.refreshed(plan));
                planned.diagnostics
            }
            Act::Refresh => core.refresh(EXAMPLE).await.diagnostics,
            Act::Apply
            | Act::ApplyUnrefreshed
            | Act::Destroy
            | Act::DestroyUnrefreshed
            | Act::Replace => {
                let plan = plan.expect("it was planned before");
                core.apply(plan).await.diagnostics
            }
            Act::Import => core.import(EXAMPLE, ORGANIZATION).await.diagnostics,
            Act::ImportByIdentity => {
                let identity =
                    json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION });
                let imported = core.import_by_identity(EXAMPLE, identity).await;
                imported.diagnostics
            }
            Act::PlanRevocation => {
                let planned = core.plan_action(REVOKE, revocation(&named_id)).await;
                planned.diagnostics
            }
            Act::Revoke | Act::RevokeRaced => {
                if self.act == Act::RevokeRaced {
                    situation.race();
                }
                let action = situation.action.clone().expect("it was planned before");
                let outcome = situation.setup.core.invoke(action).await;
                revoked = Some(Revocation {
                    organization: ORGANIZATION.to_owned(),
                    token_id: named_id,
                    progress: outcome.value.unwrap_or_default(),
                });
                outcome.diagnostics
            }
            Act::List | Act::ListAll => {
                let organization = (self.act == Act::List).then_some(ORGANIZATION);
                let config = json!({ "organization": organization });
                let outcome = core.list(TYPE, config, Query::OBJECTS).await;
                search = Some(Search {
                    organization: organization.map(str::to_owned),
                    found: outcome.value,
                });
                outcome.diagnostics
            }
            Act::OpenBeside => {
                let mut walk = core.plan_walk().await;
                let refreshed = walk.refresh(EXAMPLE).await;
                let opened_beside = walk.open_ephemeral(TYPE, config).await;
                opened = opened_beside.value.map(|opened| opened.result());
                let mut diagnostics = refreshed.diagnostics;
                diagnostics.extend(opened_beside.diagnostics);
                diagnostics
            }
            Act::Open | Act::Unseal => {
                let (name, config) = self.ephemeral(situation);
                let outcome = situation
                    .setup
                    .core
                    .open_ephemeral(Walk::Plan, name, config);
                let outcome = outcome.await;
                opened = outcome.value.map(|opened| opened.result());
                outcome.diagnostics
            }
            Act::ReadData => {
                let config = json!({ "organization": ORGANIZATION });
                core.read_data(TYPE, config).await.diagnostics
            }
            Act::ReadTrail => {
                let (read, diagnostics) = trail::read(&situation.setup).await;
                trail = Some(read);
                diagnostics
            }
        };
        Done {
            diagnostics,
            opened,
            revocation: revoked,
            search,
            trail,
            refreshed,
        }
    }

    /// Runs the operation and judges its promises. Returns its result and its requests.
    pub(super) async fn act_and_judge(
        &self,
        situation: &mut Situation,
    ) -> (Done, Vec<RecordedRequest>) {
        let before = situation.snapshot();
        let applies = situation
            .plan
            .as_ref()
            .map(|plan| situation.refreshed(plan));
        if let Some(plan) = &mut situation.applied_plan {
            plan.undisturbed = situation.is_undisturbed;
        }
        let config = block((self.config)());
        let object = applies.as_ref().unwrap_or(&before.objects).first();
        let id = object.and_then(|object| object.token_id.as_ref());
        let is_followed = id.is_some_and(|id| situation.follows(id));
        let asks =
            self.act == Act::Replace || asked::asks(&config, object, is_followed, &before.tokens);
        let triggers = object.is_some_and(|object| asked::triggers(&config, object));
        let done = self.act(situation).await;
        let kind = self.act.kind();
        let managed = object.filter(|_| self.act == Act::OpenBeside);
        let managed = managed.and_then(|object| object.token_id.clone());
        let seen = Observation {
            forces: self.forces,
            asks: Some(asks),
            triggers,
            refreshed: applies.or(done.refreshed.clone()),
            opened: done.opened.clone(),
            block: (kind == Kind::Open).then(|| self.open_block(managed)),
            revocation: done.revocation.clone(),
            search: done.search.clone(),
            trail: done.trail.clone(),
            ..situation.observe(self.name, kind, before, done.diagnostics.clone())
        };
        promises::check(&seen);
        (done, seen.requests)
    }

    fn open_block(&self, managed: Option<String>) -> OpenBlock {
        let block = block((self.config)());
        let expired_at = block["expired_at"].as_str();
        OpenBlock {
            expired_at: expired_at.map(|date| date.parse().expect("a date")),
            managed: managed.into_iter().collect(),
            ..OpenBlock::default()
        }
    }

    fn ephemeral(&self, situation: &Situation) -> (&'static str, Json) {
        if self.act == Act::Unseal {
            let sealed = situation.setup.get("sealed_token");
            let config = json!({ "sealed_token": sealed });
            return ("tfe_unsealed_audit_trail_token", config);
        }
        (TYPE, block((self.config)()))
    }
}

/// Returns the arguments of the action that revokes this token.
pub(super) fn revocation(id: &str) -> Json {
    json!({ "organization": ORGANIZATION, "token_id": id })
}

impl Situation {
    /// Makes somebody else regenerate the token after the next read of it.
    fn race(&self) {
        let somebody_else = self.somebody_else.clone();
        let read = Fault::on(Method::GET, "authentication-token");
        let read = read.meanwhile(move |simulator| {
            somebody_else.regenerates(simulator, ORGANIZATION);
        });
        self.setup.simulator.inject(read);
    }

    /// Returns what was seen of a plan that has just been made.
    fn seen_plan(&self, planned: &Outcome<Plan>) -> AppliedPlan {
        let simulator = &self.setup.simulator;
        let requests = simulator.requests();
        let is_read = requests
            .iter()
            .any(|request| request.path.contains("/authentication-token"));
        let token = || simulator.audit_trail_token(ORGANIZATION);
        AppliedPlan {
            diagnostics: planned.diagnostics.clone(),
            read: is_read
                .then(|| (ORGANIZATION.to_owned(), token()))
                .into_iter()
                .collect(),
            undisturbed: false,
        }
    }

    /// Returns the objects of the state as the refresh of a plan returned them.
    fn refreshed(&self, plan: &Plan) -> Vec<StateObject> {
        let mut objects = self.snapshot().objects;
        let prior = plan.before();
        let tainted = objects.first().is_some_and(|object| object.tainted);
        let prior = (!prior.is_null()).then(|| StateObject::new(prior, tainted, &[KEY]));
        objects.splice(..objects.len().min(1), prior);
        objects
    }
}
