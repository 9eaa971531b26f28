//! Whole commands: validate, and plans that are applied.

use serde_json::Value as Json;
use tfplugin::{Diagnostics, Provider};

use super::config;
use super::core::Core;
use super::host::Walk;
use super::operation::Operation;
use super::outcome::{Outcome, outcome};
use super::plan::{Plan, ResourceAction};
use super::state::StoredObject;

impl<P: Provider> Core<P> {
    /// Validates a resource's configuration, as `terraform validate` does: the provider is not configured.
    pub async fn validate(&self, address: &str, config: Json) -> Outcome<()> {
        let mut diagnostics = Diagnostics::new();
        let result = self.validated(address, &config, &mut diagnostics).await;
        outcome(result, diagnostics)
    }

    /// Validates a resource's configuration in a process of its own.
    pub(super) async fn validated(
        &self,
        address: &str,
        config: &Json,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let schema = self.resource_schema(address);
        let config = config::decode(schema, config)?;
        let process = self.walk(Walk::Validate, diagnostics).await?;
        let mut operation = Operation {
            process: &process,
            walk: Walk::Validate,
            address,
            schema,
            diagnostics,
        };
        self.validate_resource(&mut operation, &config).await
    }

    /// Plans and applies a configuration, and checks that the next plan is empty. Returns the object in the state.
    ///
    /// # Panics
    ///
    /// Panics if the plan or the apply fails, or if the next plan has a change.
    pub async fn apply_config(&mut self, address: &str, config: Json) -> StoredObject {
        let plan = self.plan(address, config.clone()).await.expect_ok();
        self.apply(plan).await.expect_ok();
        let next = self.plan(address, config).await.expect_ok();
        assert_eq!(
            next.action,
            ResourceAction::NoOp,
            "the plan after the apply is not empty: {} becomes {}",
            next.before(),
            next.after()
        );
        self.state(address)
            .expect("an applied object is in the state")
            .clone()
    }

    /// Plans and applies a destroy, as `terraform destroy` does.
    pub async fn destroy(&mut self, address: &str) -> Outcome<()> {
        let planned = self.plan_destroy(address).await;
        self.apply_outcome(planned).await
    }

    /// Plans and applies a replacement, as `terraform apply -replace` does.
    pub async fn replace(&mut self, address: &str, config: Json) -> Outcome<()> {
        let planned = self.plan_replace(address, config).await;
        self.apply_outcome(planned).await
    }

    async fn apply_outcome(&mut self, planned: Outcome<Plan>) -> Outcome<()> {
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut diagnostics = planned.diagnostics;
        let applied = self.apply(plan).await;
        diagnostics.extend(applied.diagnostics);
        Outcome::new(applied.value, diagnostics)
    }
}
