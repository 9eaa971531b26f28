//! [`Configuration`]: one configuration, its state, and the consumer of its secret.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::Simulator;
use tfplugin::{Diagnostic, Diagnostics};

use super::another_host;
use super::consumer::Consumer;
use super::operation::{Operation, State};
use super::step::Config;
use crate::environment;
use crate::promises::snapshot::StateObject;
use tfplugin_testing::{Core, HostProfile, Outcome, Plan, StoredObject, UNKNOWN, Walk};

pub(super) const EXAMPLE: &str = "tfe_audit_trail_token.example";
/// The resource after its label was renamed.
pub(super) const RELABELLED: &str = "tfe_audit_trail_token.relabelled";
pub(super) const KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIG9uZS4=";
const UNSEALED: &str = "tfe_unsealed_audit_trail_token";

/// One configuration with its state.
pub(super) struct Configuration {
    pub(super) core: Core<Tfe>,
    pub(super) consumer: Consumer,
    /// The state before the last apply, if there was an apply.
    pub(super) earlier: Option<Earlier>,
    pub(super) saved: Option<SavedPlan>,
    /// The IDs of the tokens that the state only follows.
    pub(super) followed: RefCell<BTreeSet<String>>,
}

/// A plan that was saved, as `terraform plan -out` does.
pub(super) struct SavedPlan {
    pub(super) config: Config,
    pub(super) plan: Plan,
    pub(super) planned: Operation,
    /// The state for which it was made.
    pub(super) state: State,
}

/// An object of the state, and the tokens that the state followed.
pub(super) type Earlier = (Option<StoredObject>, BTreeSet<String>);

impl Configuration {
    pub(super) async fn new(simulator: &Simulator, another_host: &Simulator) -> Self {
        let environment = another_host::environment(simulator, another_host);
        let environment = environment.variable("TFE_SEALING_KEY", KEY);
        let clock = environment::clock(simulator);
        let start = move || Tfe::new(environment.clone(), clock.clone(), environment::timing());
        Self {
            core: Core::start(start).await.on(HostProfile::TERRAFORM_1_16),
            consumer: Consumer::default(),
            earlier: None,
            saved: None,
            followed: RefCell::default(),
        }
    }

    /// Remembers the state, before an apply.
    pub(super) fn remember(&mut self) {
        let followed = self.followed.borrow().clone();
        self.earlier = Some((self.core.state(EXAMPLE).cloned(), followed));
    }

    /// Plans the resource and, where its values are known, the unsealing and the consumer.
    pub(super) async fn plan(&self, config: &Config, replace: bool) -> Outcome<Plan> {
        let block = config.block();
        let mut planned = if replace {
            self.core.plan_replace(EXAMPLE, block).await
        } else {
            self.core.plan(EXAMPLE, block).await
        };
        if let (Some(plan), true) = (&planned.value, config.is_consumed()) {
            let consumed = self.plan_consumption(plan).await;
            if consumed.has_error() {
                planned.value = None;
            }
            planned.diagnostics.extend(consumed);
        }
        planned
    }

    /// Returns the objects of the state.
    pub(super) fn state(&self) -> State {
        let object = |one: &StoredObject| StateObject::new(one.json(), one.tainted, &[KEY]);
        State {
            current: self.core.state(EXAMPLE).map(object),
            deposed: self.core.deposed(EXAMPLE).iter().map(object).collect(),
            relabelled: self.core.state(RELABELLED).map(object),
        }
    }

    async fn unseal(&self, walk: Walk, sealed: &Json) -> Result<String, Diagnostics> {
        let config = json!({ "sealed_token": sealed });
        let opened = self.core.open_ephemeral(walk, UNSEALED, config).await;
        match opened.value {
            Some(opened) => Ok(opened.get("token").as_str().unwrap_or_default().to_owned()),
            None => Err(opened.diagnostics),
        }
    }

    /// Plans the unsealing of a known sealed token.
    async fn plan_consumption(&self, plan: &Plan) -> Diagnostics {
        let sealed = plan.get("sealed_token");
        if sealed != UNKNOWN
            && let Err(errors) = self.unseal(Walk::Plan, &sealed).await
        {
            return errors;
        }
        Diagnostics::new()
    }

    /// Applies the consumer after the resource: unseals the secret, and writes it if the token is a new one.
    pub(super) async fn apply_consumer(&mut self, fails: bool) -> Diagnostics {
        let Some(state) = self.core.state(EXAMPLE) else {
            return Diagnostics::new();
        };
        let secret = match self.unseal(Walk::Apply, &state.get("sealed_token")).await {
            Ok(secret) => secret,
            Err(errors) => return errors,
        };
        if fails {
            return Diagnostic::error("The Consumer Failed", "The history makes it fail.").into();
        }
        let version = state.get("secret_version").to_string();
        self.consumer.write(version, secret);
        Diagnostics::new()
    }
}
