//! [`Situation`]: the organization and the state with which a case begins.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use tfe_simulator::Token;
use tfplugin::Diagnostics;

use super::fault_kind::lost_answer;
use super::protocol::Protocol;
use crate::audit_trail_token::setup::{
    DATE, DAY, EXAMPLE, ORGANIZATION, OWNER, Setup, TYPE, block,
};
use crate::environment::LOCAL_NAME;
use crate::promises::kind::Kind;
use crate::promises::observation::{AppliedPlan, Observation};
use crate::promises::snapshot::{Snapshot, StateObject, Tokens};
use crate::promises::timeline::{self, SomebodyElse};
use tfplugin_testing::{HostProfile, MoveSource, Plan, PlannedAction, StoredObject, UNKNOWN};

/// The sealing key of every situation.
pub(super) const KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIG9uZS4=";

/// An organization whose token somebody else has generated, where there are several.
pub(super) const OTHER: &str = "other-org-name";
/// The name of the organization before it was renamed.
pub(super) const FORMER: &str = "former-org-name";
/// An organization without a token, where there are several.
pub(super) const EMPTY: &str = "empty-org-name";

/// The token and the state with which a case begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Neither a token nor a state.
    Nothing,
    /// A token of somebody else, never used; no state.
    Existing,
    /// A token of somebody else, which is in use; no state.
    InUse,
    /// A token of ours in use, with its secret and a trigger in the state.
    Owned,
    /// A token of ours in use, created with `force_regenerate`.
    Forced,
    /// A token of ours in use, sealed.
    Sealed,
    /// A token of ours that somebody has replaced. The state does not show it yet.
    Replaced,
    /// A token of ours that somebody has revoked. The state does not show it yet.
    Revoked,
    /// A token of somebody else, expired since.
    Dead,
    /// A token of somebody else, which nobody has used for a long time.
    Unused,
    /// A token of ours, which nobody has used for a long time.
    Idle,
    /// A token of ours, of an organization that was renamed. The state has its former name.
    Renamed,
    /// A token of ours, and a provider that is configured with another name of the same host.
    LocalName,
    /// A token of ours, and further organizations.
    Several,
    /// A token that was imported.
    Imported,
    /// A token of ours in a state of hashicorp/tfe.
    HashicorpTfe,
    /// A token of ours that was moved from a state of hashicorp/tfe.
    Moved,
    /// A token of ours whose secret was lost at a regeneration.
    SecretLost,
    /// A token of ours whose secret was lost at the creation: the object is tainted.
    Tainted,
}

/// A setup, and what the case has planned in it.
pub(super) struct Situation {
    pub(super) setup: Setup,
    /// The provider block.
    provider: Json,
    pub(super) plan: Option<Plan>,
    /// What was seen of this plan.
    pub(super) applied_plan: Option<AppliedPlan>,
    /// Whether no fault happens.
    pub(super) is_undisturbed: bool,
    /// The IDs of the tokens that the state only follows.
    followed: BTreeSet<String>,
    /// Whether the service need not name itself.
    is_trusted: bool,
    /// The ID of the token that an action names: the one in the state, or the organization's.
    pub(super) named_id: String,
    pub(super) action: Option<PlannedAction>,
    pub(super) somebody_else: SomebodyElse,
    organizations: &'static [&'static str],
}

/// Returns the arguments with a trigger of this value.
pub(super) fn trigger(value: &str) -> Json {
    json!({ "regenerate_triggers": { "a": value } })
}

impl Situation {
    pub(super) async fn new(start: Start, options: &ProviderOptions) -> Self {
        let assume_supported = options.assume_supported;
        let change = |environment: Environment| {
            if assume_supported {
                environment.variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", "app.terraform.io")
            } else {
                environment
            }
        };
        let mut setup = options.protocol.setup(change, options.timeout).await;
        setup.core = setup.core.on(HostProfile::TERRAFORM_1_16);
        setup.core.provider_config(json!({ "sealing_key": KEY }));
        let simulator = setup.simulator.clone();
        simulator.regenerate_organization_token(ORGANIZATION);
        let until = DATE.parse().expect("a date");
        match start {
            Start::Nothing => {}
            Start::Existing | Start::InUse | Start::Imported | Start::Dead | Start::Unused => {
                simulator.regenerate_elsewhere_until(ORGANIZATION, until);
            }
            Start::HashicorpTfe => {
                let token = simulator.regenerate_elsewhere_until(ORGANIZATION, until);
                setup.core.set_state(EXAMPLE, hashicorp_tfe(&token));
            }
            Start::Moved => {
                let token = simulator.regenerate_elsewhere_until(ORGANIZATION, until);
                let theirs = MoveSource {
                    provider: "registry.terraform.io/hashicorp/tfe",
                    type_name: TYPE,
                    object: hashicorp_tfe(&token),
                };
                setup
                    .core
                    .moved(EXAMPLE, theirs)
                    .await
                    .expect_no_diagnostics();
            }
            Start::Owned | Start::Replaced | Start::Revoked | Start::LocalName | Start::Idle => {
                setup.create(trigger("1")).await;
            }
            Start::Renamed => {
                simulator.rename_organization(ORGANIZATION, FORMER);
                let mut block = trigger("1");
                block["organization"] = json!(FORMER);
                setup.create(block).await;
                simulator.rename_organization(FORMER, ORGANIZATION);
            }
            Start::Several => {
                for name in [OTHER, EMPTY] {
                    simulator.add_organization(name);
                }
                simulator.regenerate_elsewhere_until(OTHER, until);
                setup.create(trigger("1")).await;
            }
            Start::Forced => setup.create(json!({ "force_regenerate": true })).await,
            Start::Sealed => setup.create(json!({ "seal_token": true })).await,
            Start::SecretLost => {
                setup.create(trigger("1")).await;
                setup.lose(trigger("2")).await;
            }
            Start::Tainted => setup.lose(json!({})).await,
        }
        if start == Start::Replaced {
            simulator.regenerate_elsewhere(ORGANIZATION);
        }
        if start == Start::Imported {
            setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        }
        if start == Start::Revoked {
            simulator.revoke_elsewhere(ORGANIZATION);
        }
        match start {
            Start::Dead => simulator.advance(DAY * 600),
            Start::Unused | Start::Idle => simulator.advance(DAY * 20),
            _ => {}
        }
        let unused = [Start::Nothing, Start::Existing, Start::Unused, Start::Idle];
        if !unused.contains(&start) && start != Start::Revoked {
            simulator.use_token(ORGANIZATION, simulator.now());
        }
        let mut provider = json!({ "sealing_key": KEY });
        if start == Start::LocalName {
            provider["hostname"] = json!(LOCAL_NAME);
            provider["token"] = json!(OWNER);
        }
        setup.core.provider_config(provider.clone());
        simulator.clear_requests();
        let organizations: &'static [&'static str] = match start {
            Start::Several => &[ORGANIZATION, OTHER, EMPTY],
            _ => &[ORGANIZATION],
        };
        let object = setup.core.state(EXAMPLE).map(|state| state.json());
        let id = object.and_then(|object| object["token_id"].as_str().map(str::to_owned));
        let current = simulator.audit_trail_token(ORGANIZATION);
        Self {
            setup,
            provider,
            plan: None,
            applied_plan: None,
            is_undisturbed: false,
            followed: BTreeSet::new(),
            is_trusted: options.assume_supported,
            named_id: id.or(current.map(|token| token.id)).unwrap_or_default(),
            action: None,
            somebody_else: SomebodyElse::default(),
            organizations,
        }
    }

    /// Whether the state only follows the token with this ID.
    pub(super) fn follows(&self, id: &str) -> bool {
        self.followed.contains(id)
    }

    /// Returns the tokens and the state as they are now.
    pub(super) fn snapshot(&self) -> Snapshot {
        let core = &self.setup.core;
        let objects = core.state(EXAMPLE).into_iter();
        let objects = objects.chain(core.deposed(EXAMPLE));
        let mut tokens = Tokens::now(&self.setup.simulator, self.organizations);
        tokens.set_other_name(ORGANIZATION, FORMER);
        Snapshot {
            now: self.setup.simulator.now(),
            tokens,
            objects: objects
                .map(|one| StateObject::new(one.json(), one.tainted, &[KEY]))
                .collect(),
        }
    }

    /// Returns what was seen of an operation that has just ended, since this snapshot.
    pub(super) fn observe(
        &self,
        operation: &str,
        kind: Kind,
        before: Snapshot,
        diagnostics: Diagnostics,
    ) -> Observation {
        let simulator = &self.setup.simulator;
        Observation {
            operation: operation.to_owned(),
            followed: self.followed.clone(),
            plan: self.applied_plan.clone(),
            timeline: timeline::entries(
                simulator,
                &before.tokens,
                &self.somebody_else,
                self.is_trusted,
            ),
            requests: simulator.requests(),
            diagnostics,
            secrets: vec![OWNER.to_owned(), KEY.to_owned()],
            ..Observation::new(kind, before, self.snapshot())
        }
    }

    /// Makes the provider's configuration unknown, so that a plan does not read the API, as with `-refresh=false`.
    pub(super) fn without_refresh(&mut self) {
        self.setup
            .core
            .provider_config(json!({ "token": UNKNOWN, "sealing_key": KEY }));
    }

    /// Makes the provider's configuration known again.
    pub(super) fn with_refresh(&mut self) {
        self.setup.core.provider_config(self.provider.clone());
    }

    /// Demands that the state has the organization's token with its secret, sealed or not, and that the next plan is
    /// empty.
    pub(super) async fn check_current(&self, config: &Json) {
        let token = self.setup.token();
        let state = self.setup.state();
        let snapshot = self.snapshot();
        let secret = snapshot.objects[0].secret.as_deref();
        assert_eq!(
            secret,
            Some(token.secret.expose()),
            "the secret in the state"
        );
        assert_eq!(state.get("token_id"), token.id, "the id in the state");
        assert_eq!(state.get("status"), "current");
        assert!(!state.tainted, "the object is tainted");
        let next = self.setup.core.plan(EXAMPLE, block(config.clone())).await;
        let next = next.expect_ok();
        assert_eq!(next.before(), next.after(), "the next plan is not empty");
    }
}

/// How the provider runs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProviderOptions {
    pub(super) timeout: Option<Duration>,
    /// Whether `TFE_AUDIT_TRAILS_ASSUME_SUPPORTED` names the host.
    pub(super) assume_supported: bool,
    pub(super) protocol: Protocol,
}

/// Returns the object that hashicorp/tfe stores for a token.
fn hashicorp_tfe(token: &Token) -> StoredObject {
    let attributes = json!({
        "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
        "force_regenerate": null, "token": token.secret.expose(),
    });
    StoredObject {
        attributes: attributes.to_string(),
        schema_version: 0,
        private: Vec::new(),
        tainted: false,
        identity: None,
    }
}

impl Setup {
    /// Creates a token by a first apply.
    async fn create(&mut self, config: Json) {
        let plan = self.plan(config).await.expect_ok();
        self.core.apply(plan).await.expect_ok();
    }

    /// Applies, and loses the secret of the new token.
    async fn lose(&mut self, config: Json) {
        let plan = self.plan(config).await.expect_ok();
        self.simulator.inject(lost_answer().always());
        let failed = self.core.apply(plan).await;
        failed.expect_error("The Secret of the New Audit Trail Token Was Lost");
        self.simulator.clear_faults();
    }
}
