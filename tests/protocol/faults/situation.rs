//! [`Situation`]: a practitioner and an organization in the situation in which a case begins.

use std::time::Duration;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use tfe_simulator::Token;
use tfplugin::Diagnostics;

use super::fault::lost;
use crate::audit_trail_token::setup::{DATE, EXAMPLE, ORGANIZATION, OWNER, Setup, TYPE, block};
use crate::promises::observation::{Kind, Observation};
use crate::promises::snapshot::{Snapshot, StateObject, Tokens};
use crate::promises::timeline::{self, SomebodyElse};
use tfplugin_testing::{HostProfile, MoveSource, Plan, PlannedAction, StoredObject, UNKNOWN};

/// The sealing key of every situation.
pub(super) const KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIG9uZS4=";

/// An organization whose token somebody else has generated, where there are several.
pub(super) const OTHER: &str = "other-org-name";
/// One that has none.
pub(super) const EMPTY: &str = "empty-org-name";

/// What there is before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Neither a token nor a state.
    Nothing,
    /// A token of somebody else, never used; no state.
    Existing,
    /// A token of somebody else, which is in use; no state.
    InUse,
    /// A token of ours, in use, with its secret in the state, and a trigger.
    Owned,
    /// The same with `force_regenerate`.
    Forced,
    /// The same, sealed.
    Sealed,
    /// A token of ours that somebody has replaced, which the state does not say yet.
    Replaced,
    /// A token of ours that somebody has revoked, which the state does not say yet.
    Revoked,
    /// A token of ours, and further organizations.
    Several,
    /// A token that was imported.
    Imported,
    /// A token of ours in a state of hashicorp/tfe.
    HashicorpTfe,
    /// The same, moved into a state of ours.
    Moved,
    /// A token of ours whose secret was lost at a regeneration.
    SecretLost,
    /// The same at the creation: the object is tainted.
    Tainted,
}

/// A setup, the plan that is to be applied, and who watches it.
pub(super) struct Situation {
    pub(super) setup: Setup,
    pub(super) plan: Option<Plan>,
    /// The token that an action names: the one in the state, else the one that there is.
    pub(super) named: String,
    pub(super) action: Option<PlannedAction>,
    pub(super) somebody_else: SomebodyElse,
    organizations: &'static [&'static str],
}

/// A trigger with this value.
pub(super) fn trigger(value: &str) -> Json {
    json!({ "regenerate_triggers": { "a": value } })
}

impl Situation {
    pub(super) async fn new(start: Start, options: &ProviderOptions) -> Self {
        let assumed = options.assumed;
        let change = |environment: Environment| {
            if assumed {
                environment.variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", "app.terraform.io")
            } else {
                environment
            }
        };
        let mut setup = Setup::with_timeout(change, options.timeout).await;
        setup.core = setup.core.on(HostProfile::TERRAFORM_1_16);
        setup.core.provider_config(json!({ "sealing_key": KEY }));
        let simulator = setup.simulator.clone();
        simulator.regenerate_organization_token(ORGANIZATION);
        let until = DATE.parse().expect("a date");
        match start {
            Start::Nothing => {}
            Start::Existing | Start::InUse | Start::Imported => {
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
            Start::Owned | Start::Replaced | Start::Revoked => setup.create(trigger("1")).await,
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
        if !matches!(start, Start::Nothing | Start::Existing | Start::Revoked) {
            simulator.use_token(ORGANIZATION, simulator.now());
        }
        simulator.clear_requests();
        let organizations: &'static [&'static str] = match start {
            Start::Several => &[ORGANIZATION, OTHER, EMPTY],
            _ => &[ORGANIZATION],
        };
        let held = setup.core.state(EXAMPLE).map(|state| state.json());
        let held = held.and_then(|state| state["token_id"].as_str().map(str::to_owned));
        let there = simulator.audit_trail_token(ORGANIZATION);
        Self {
            setup,
            plan: None,
            named: held.or(there.map(|token| token.id)).unwrap_or_default(),
            action: None,
            somebody_else: SomebodyElse::default(),
            organizations,
        }
    }

    /// Returns what exists now.
    pub(super) fn snapshot(&self) -> Snapshot {
        let core = &self.setup.core;
        let objects = core.state(EXAMPLE).into_iter();
        let objects = objects.chain(core.deposed(EXAMPLE));
        Snapshot {
            now: self.setup.simulator.now(),
            tokens: Tokens::now(&self.setup.simulator, self.organizations),
            objects: objects
                .map(|one| StateObject::new(one.json(), one.tainted, &[KEY]))
                .collect(),
        }
    }

    /// Observes an operation that has just ended, since this snapshot.
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
            kind,
            forces: false,
            refreshes: true,
            timeline: timeline::entries(simulator, &before.tokens, &self.somebody_else),
            before,
            refreshed: None,
            after: self.snapshot(),
            requests: simulator.requests(),
            diagnostics,
            opened: None,
            revocation: None,
            search: None,
            trail: None,
            secrets: vec![OWNER.to_owned(), KEY.to_owned()],
        }
    }

    /// A plan of what is in the state, seen as it stands there: while the provider is not known, nothing is read, as
    /// with `-refresh=false`.
    pub(super) fn without_refresh(&mut self) {
        self.setup
            .core
            .provider_config(json!({ "token": UNKNOWN, "sealing_key": KEY }));
    }

    pub(super) fn known_again(&mut self) {
        self.setup
            .core
            .provider_config(json!({ "sealing_key": KEY }));
    }

    /// The state holds the organization's token with its secret, sealed or not, and the next plan is empty.
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

/// What differs around the provider.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ProviderOptions {
    pub(super) timeout: Option<Duration>,
    /// Whether the practitioner vouches for the host.
    pub(super) assumed: bool,
}

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
    /// The first apply, of a token that is then in the state.
    async fn create(&mut self, config: Json) {
        let plan = self.plan(config).await.expect_ok();
        self.core.apply(plan).await.expect_ok();
    }

    /// An apply whose secret is lost for good.
    async fn lose(&mut self, config: Json) {
        let plan = self.plan(config).await.expect_ok();
        self.simulator.inject(lost().always());
        let failed = self.core.apply(plan).await;
        failed.expect_error("The Secret of the New Audit Trail Token Was Lost");
        self.simulator.clear_faults();
    }
}
