//! [`Case`]: an operation in a situation, and the table of all of them.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method, RecordedRequest, Token};
use tfplugin::Diagnostics;

use super::situation::{KEY, Situation, Start, trigger};
use super::trail;
use crate::audit_trail_token::setup::{EXAMPLE, LATER, ORGANIZATION, TYPE, block};
use crate::promises;
use crate::promises::observation::{Kind, Observation, Revocation, Search, TrailRead};
use crate::promises::snapshot::StateObject;
use tfplugin_testing::{Outcome, Plan, Query, Walk};

const REVOKE: &str = "tfe_revoke_audit_trail_token";

/// An operation in a situation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) start: Start,
    pub(super) act: Act,
    /// The configuration of the resource beside organization and expiry.
    pub(super) config: fn() -> Json,
    /// Whether `force_regenerate` becomes true, or stands at a create or an ephemeral.
    pub(super) forces: bool,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Plan,
    PlanDestroy,
    Refresh,
    /// The plan is made before the faults begin.
    Apply,
    /// The same, planned with `-refresh=false`.
    ApplyUnrefreshed,
    Destroy,
    DestroyUnrefreshed,
    Replace,
    Import,
    ImportByIdentity,
    Open,
    Unseal,
    ReadData,
    /// The audit trail, several pages of it, with the token of the state.
    ReadTrail,
    PlanRevocation,
    /// The action is planned before the faults begin.
    Revoke,
    /// The same, and somebody regenerates the token once the action has seen it.
    RevokeRaced,
    /// A search in one organization.
    List,
    /// A search in all.
    ListAll,
}

/// What came of it.
pub(super) struct Done {
    pub(super) diagnostics: Diagnostics,
    pub(super) opened: Option<Json>,
    revocation: Option<Revocation>,
    search: Option<Search>,
    trail: Option<TrailRead>,
    /// The objects as the refresh of a plan returned them.
    refreshed: Option<Vec<StateObject>>,
}

const fn case(name: &'static str, start: Start, act: Act, config: fn() -> Json) -> Case {
    Case {
        name,
        start,
        act,
        config,
        forces: false,
    }
}

const fn forced(name: &'static str, start: Start, act: Act, config: fn() -> Json) -> Case {
    Case {
        forces: true,
        ..case(name, start, act, config)
    }
}

fn plain() -> Json {
    json!({})
}

fn force() -> Json {
    json!({ "force_regenerate": true })
}

fn sealed() -> Json {
    json!({ "seal_token": true })
}

fn sealed_later() -> Json {
    json!({ "seal_token": true, "expired_at": LATER })
}

fn later() -> Json {
    json!({ "regenerate_triggers": { "a": "1" }, "expired_at": LATER })
}

fn first() -> Json {
    trigger("1")
}

fn second() -> Json {
    trigger("2")
}

/// Every operation that sends a request, or must not.
pub(super) const CASES: [Case; 52] = [
    case("plan of a creation", Start::Nothing, Act::Plan, plain),
    case("creation", Start::Nothing, Act::Apply, plain),
    case("sealed creation", Start::Nothing, Act::Apply, sealed),
    case(
        "plan over an existing token",
        Start::Existing,
        Act::Plan,
        plain,
    ),
    case(
        "creation over an existing token",
        Start::Existing,
        Act::Apply,
        plain,
    ),
    forced("forced creation", Start::InUse, Act::Apply, force),
    case("refresh", Start::Owned, Act::Refresh, first),
    case(
        "refresh of a sealed token",
        Start::Sealed,
        Act::Refresh,
        sealed,
    ),
    case(
        "refresh without a secret",
        Start::Imported,
        Act::Refresh,
        plain,
    ),
    case(
        "refresh of a replaced token",
        Start::Replaced,
        Act::Refresh,
        first,
    ),
    case(
        "refresh of a lost secret",
        Start::SecretLost,
        Act::Refresh,
        second,
    ),
    case(
        "refresh of hashicorp/tfe's state",
        Start::HashicorpTfe,
        Act::Refresh,
        plain,
    ),
    case("plan of a regeneration", Start::Owned, Act::Plan, later),
    case(
        "plan of hashicorp/tfe's state",
        Start::HashicorpTfe,
        Act::Plan,
        plain,
    ),
    case(
        "regeneration by expired_at",
        Start::Owned,
        Act::Apply,
        later,
    ),
    case(
        "regeneration by a trigger",
        Start::Owned,
        Act::Apply,
        second,
    ),
    case(
        "regeneration of a sealed token",
        Start::Sealed,
        Act::Apply,
        sealed_later,
    ),
    case(
        "regeneration of a lost secret",
        Start::SecretLost,
        Act::Apply,
        second,
    ),
    case(
        "regeneration of hashicorp/tfe's token",
        Start::HashicorpTfe,
        Act::ApplyUnrefreshed,
        later,
    ),
    case(
        "regeneration over another token",
        Start::Replaced,
        Act::Apply,
        second,
    ),
    case(
        "the same without a refresh",
        Start::Replaced,
        Act::ApplyUnrefreshed,
        second,
    ),
    forced(
        "forced regeneration over another token",
        Start::Replaced,
        Act::Apply,
        force,
    ),
    forced(
        "forced regeneration of an import",
        Start::Imported,
        Act::Apply,
        force,
    ),
    case(
        "force_regenerate taken away",
        Start::Forced,
        Act::Apply,
        plain,
    ),
    case("seal_token switched on", Start::Owned, Act::Apply, sealed),
    case("seal_token switched off", Start::Sealed, Act::Apply, plain),
    case("plan of a deletion", Start::Owned, Act::PlanDestroy, first),
    case("deletion", Start::Owned, Act::Destroy, first),
    case(
        "deletion when another token is there",
        Start::Replaced,
        Act::DestroyUnrefreshed,
        first,
    ),
    case(
        "deletion of hashicorp/tfe's token",
        Start::HashicorpTfe,
        Act::DestroyUnrefreshed,
        plain,
    ),
    case("replacement", Start::Owned, Act::Replace, first),
    case(
        "replacement of a tainted object",
        Start::Tainted,
        Act::Replace,
        plain,
    ),
    case("import", Start::Existing, Act::Import, plain),
    case(
        "ephemeral in a free organization",
        Start::Nothing,
        Act::Open,
        plain,
    ),
    case(
        "ephemeral over an unused token",
        Start::Existing,
        Act::Open,
        plain,
    ),
    case(
        "ephemeral over a token in use",
        Start::InUse,
        Act::Open,
        plain,
    ),
    forced(
        "forced ephemeral over a token in use",
        Start::InUse,
        Act::Open,
        force,
    ),
    case("unsealing", Start::Sealed, Act::Unseal, sealed),
    case("data source", Start::Owned, Act::ReadData, first),
    case(
        "audit trail events data source read",
        Start::Owned,
        Act::ReadTrail,
        first,
    ),
    case("refresh after a move", Start::Moved, Act::Refresh, plain),
    case(
        "regeneration after a move",
        Start::Moved,
        Act::ApplyUnrefreshed,
        later,
    ),
    case(
        "deletion after a move",
        Start::Moved,
        Act::DestroyUnrefreshed,
        plain,
    ),
    case(
        "import by identity",
        Start::Existing,
        Act::ImportByIdentity,
        plain,
    ),
    case(
        "plan of a revocation",
        Start::Owned,
        Act::PlanRevocation,
        first,
    ),
    case("revocation", Start::Owned, Act::Revoke, first),
    case(
        "revocation of a token of somebody else",
        Start::InUse,
        Act::Revoke,
        plain,
    ),
    case(
        "revocation of a token that is gone",
        Start::Revoked,
        Act::Revoke,
        first,
    ),
    case(
        "revocation when another token is there",
        Start::Replaced,
        Act::Revoke,
        first,
    ),
    case(
        "revocation of a token that is replaced meanwhile",
        Start::Owned,
        Act::RevokeRaced,
        first,
    ),
    case("list of one organization", Start::Several, Act::List, first),
    case(
        "list of all organizations",
        Start::Several,
        Act::ListAll,
        first,
    ),
];

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
            Self::Open => Kind::Open,
            Self::Unseal => Kind::Unseal,
            Self::ReadData | Self::ReadTrail => Kind::ReadData,
            Self::Revoke | Self::RevokeRaced => Kind::Revoke,
            Self::List | Self::ListAll => Kind::List,
        }
    }
}

impl Case {
    /// What a practitioner did before: the plan that is going to be applied.
    pub(super) async fn prepare(&self, situation: &mut Situation) {
        let config = block((self.config)());
        if matches!(self.act, Act::ApplyUnrefreshed | Act::DestroyUnrefreshed) {
            situation.without_refresh();
        }
        let core = &situation.setup.core;
        situation.plan = match self.act {
            Act::Apply | Act::ApplyUnrefreshed => Some(core.plan(EXAMPLE, config).await),
            Act::Destroy | Act::DestroyUnrefreshed => Some(core.plan_destroy(EXAMPLE).await),
            Act::Replace => Some(core.plan_replace(EXAMPLE, config).await),
            _ => None,
        }
        .map(Outcome::expect_ok);
        if self.act.kind() == Kind::Revoke {
            let planned = core.plan_action(REVOKE, revocation(&situation.named)).await;
            situation.action = Some(planned.expect_ok());
        }
        situation.known_again();
        if self.act == Act::ReadTrail {
            trail::fill(&situation.setup);
        }
        situation.setup.simulator.clear_requests();
    }

    /// Does it.
    pub(super) async fn act(&self, situation: &mut Situation) -> Done {
        let config = block((self.config)());
        let plan = situation.plan.take();
        let named = situation.named.clone();
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
                let planned = core.plan_action(REVOKE, revocation(&named)).await;
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
                    token_id: named,
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

    /// Acts, and demands the promises of what came of it. With the requests of the operation.
    pub(super) async fn act_as_promised(
        &self,
        situation: &mut Situation,
    ) -> (Done, Vec<RecordedRequest>) {
        let before = situation.snapshot();
        let applies = situation
            .plan
            .as_ref()
            .map(|plan| situation.refreshed(plan));
        let done = self.act(situation).await;
        let kind = self.act.kind();
        let seen = Observation {
            forces: self.forces,
            refreshed: applies.or(done.refreshed.clone()),
            opened: done.opened.clone(),
            revocation: done.revocation.clone(),
            search: done.search.clone(),
            trail: done.trail.clone(),
            ..situation.observe(self.name, kind, before, done.diagnostics.clone())
        };
        promises::check(&seen);
        (done, seen.requests)
    }

    fn ephemeral(&self, situation: &Situation) -> (&'static str, Json) {
        if self.act == Act::Unseal {
            let sealed = situation.setup.get("sealed_token");
            let config = json!({ "sealed_token": sealed });
            return ("tfe_unsealed_audit_trail_token", config);
        }
        (TYPE, block((self.config)()))
    }

    /// What a practitioner does after it, when the service is well again: it leads to the right end. `disturbed` says
    /// that a token may stand where the state does not know of one, and that this was told.
    pub(super) async fn recover(&self, situation: &mut Situation, disturbed: bool) {
        let config = (self.config)();
        match self.act {
            Act::Destroy | Act::DestroyUnrefreshed => self.destroy(situation).await,
            Act::Import | Act::ImportByIdentity => {
                if situation.setup.core.state(EXAMPLE).is_none() {
                    let imported = situation.setup.core.import(EXAMPLE, ORGANIZATION).await;
                    imported.expect_ok();
                }
                assert_eq!(situation.setup.get("token_id"), situation.setup.token().id);
                assert_eq!(situation.setup.get("token"), json!(null));
            }
            Act::Open if self.start == Start::InUse && !self.forces => {
                let done = self.act(situation).await;
                let told = done.diagnostics.to_string();
                assert!(told.contains("The Audit Trail Token Is in Use"), "{told}");
            }
            Act::Open => {
                // Whatever was generated is unused.
                let done = self.act(situation).await;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                let opened = done.opened.expect("an ephemeral without an error is open");
                assert_eq!(opened["token"], situation.setup.token().secret.expose());
            }
            Act::Unseal | Act::ReadData | Act::ReadTrail | Act::PlanDestroy => {
                let done = self.act(situation).await;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                situation.check_current(&config).await;
            }
            Act::PlanRevocation | Act::List | Act::ListAll => {
                let done = self.act_as_promised(situation).await.0;
                assert!(!done.diagnostics.has_error(), "{}", done.diagnostics);
                if let Some(search) = &done.search {
                    let count = if self.act == Act::List { 1 } else { 2 };
                    let found = search.found.as_ref().map(Vec::len);
                    assert_eq!(found, Some(count), "{search:?}");
                    assert!(done.diagnostics.is_empty(), "{}", done.diagnostics);
                }
                situation.check_current(&config).await;
            }
            Act::Revoke | Act::RevokeRaced => self.revoke_again(situation).await,
            _ => self.apply_again(situation, disturbed).await,
        }
    }

    /// A repetition kills the token if it lives; another is told, and lives on.
    async fn revoke_again(&self, situation: &mut Situation) {
        let current = || situation.setup.simulator.audit_trail_token(ORGANIZATION);
        let other = current().filter(|token| token.id != situation.named);
        let config = revocation(&situation.named);
        let revoked = situation.setup.core.invoke_action(REVOKE, config).await;
        match &other {
            Some(_) => drop(revoked.expect_error("Another Audit Trail Token Is Live")),
            None => assert!(!revoked.diagnostics.has_error(), "{}", revoked.diagnostics),
        }
        assert_eq!(current().map(|one| one.id), other.map(|one| one.id));
    }

    async fn destroy(&self, situation: &mut Situation) {
        let other = self.start == Start::Replaced;
        let kept: Option<Token> = other.then(|| situation.setup.token());
        situation.setup.core.destroy(EXAMPLE).await.expect_ok();
        assert!(situation.setup.core.state(EXAMPLE).is_none(), "it is gone");
        let now = situation.setup.simulator.audit_trail_token(ORGANIZATION);
        assert_eq!(now.map(|token| token.id), kept.map(|token| token.id));
    }

    async fn apply_again(&self, situation: &mut Situation, disturbed: bool) {
        let mut config = (self.config)();
        let refused = self.needs_force() || disturbed;
        let applied = situation.setup.apply(config.clone()).await;
        let is_refusal = |summary: &str| {
            applied
                .diagnostics
                .iter()
                .any(|one| one.summary() == summary)
        };
        let was_refused = is_refusal("An audit trail token already exists")
            || is_refusal("The Audit Trail Token Is Not Managed by This Resource");
        if refused && was_refused {
            if config["force_regenerate"] == json!(true)
                && situation.setup.core.state(EXAMPLE).is_some()
            {
                // It stands there already.
                let core = &mut situation.setup.core;
                core.replace(EXAMPLE, block(config.clone()))
                    .await
                    .expect_ok();
            } else {
                config["force_regenerate"] = json!(true);
                situation.setup.apply(config.clone()).await.expect_ok();
            }
        } else {
            applied.expect_ok();
        }
        if self.start == Start::Imported && !self.forces {
            assert_eq!(situation.setup.get("token_id"), situation.setup.token().id);
        } else {
            situation.check_current(&config).await;
        }
    }

    /// A token of somebody else is in the way, and the case does not ask for its death.
    fn needs_force(&self) -> bool {
        matches!(self.start, Start::Existing | Start::Replaced) && !self.forces
    }
}

fn revocation(id: &str) -> Json {
    json!({ "organization": ORGANIZATION, "token_id": id })
}

impl Situation {
    /// Somebody else regenerates the token after the next GET that meets no fault.
    fn race(&self) {
        let somebody_else = self.somebody_else.clone();
        let read = Fault::on(Method::GET, "authentication-token");
        let read = read.meanwhile(move |simulator| {
            somebody_else.regenerates(simulator, ORGANIZATION);
        });
        self.setup.simulator.inject(read);
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
