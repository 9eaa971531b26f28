//! [`Plan`]: the plan of one resource (Terraform: `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use serde_json::Value as Json;
use tfplugin::{Diagnostics, Path, Provider, Value};

use super::config;
use super::core::Core;
use super::host::Walk;
use super::operation::Operation;
use super::outcome::{Outcome, outcome};
use super::read::InstanceObject;
use super::state::StoredObject;

/// What a plan does with a resource, as `plancheck.ResourceActionType` in terraform-plugin-testing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceAction {
    /// Nothing changes.
    NoOp,
    /// A new object is created.
    Create,
    /// The object is updated in place.
    Update,
    /// The object is replaced: deleted first.
    DeleteThenCreate,
    /// The object is replaced: with `create_before_destroy`, deleted last.
    CreateThenDelete,
    /// The object is deleted.
    Delete,
}

/// The plan of one resource.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) address: String,
    /// What an apply will do.
    pub action: ResourceAction,
    /// The paths that force the replacement.
    pub replace_paths: Vec<Path>,
    /// The paths for which the provider requires replacement. Terraform ignores those whose value does not change.
    pub requires_replace: Vec<Path>,
    pub(crate) config: Json,
    /// The refreshed object.
    pub(crate) prior: Option<InstanceObject>,
    pub(crate) deposed: Vec<InstanceObject>,
    pub(crate) planned: Value,
    /// The private data that the provider has planned.
    pub planned_private: Vec<u8>,
    pub(crate) planned_identity: Option<Value>,
}

impl Plan {
    /// Returns the refreshed object before the change; null for a creation.
    pub fn before(&self) -> Json {
        self.prior
            .as_ref()
            .map_or(Json::Null, |prior| config::to_json(&prior.value))
    }

    /// Returns the planned object; a value that is known after apply is [`UNKNOWN`](super::UNKNOWN).
    pub fn after(&self) -> Json {
        config::to_json(&self.planned)
    }

    /// Returns the planned identity; null if it is not known yet.
    pub fn identity(&self) -> Json {
        self.planned_identity
            .as_ref()
            .map_or(Json::Null, config::to_json)
    }

    /// Returns one attribute of the planned object.
    ///
    /// # Panics
    ///
    /// Panics if there is no such attribute.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        let value = self
            .planned
            .attribute(attribute)
            .unwrap_or_else(|| panic!("nothing is planned for {attribute:?}"));
        config::to_json(value)
    }

    /// Replaces the configuration, for the apply: its unknown values are known by then.
    #[must_use]
    pub fn with_config(mut self, config: Json) -> Self {
        self.config = config;
        self
    }
}

impl<P: Provider> Core<P> {
    /// Validates, refreshes and plans, as `terraform plan` does.
    pub async fn plan(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, false).await
    }

    /// Plans a replacement, as `terraform plan -replace` does.
    pub async fn plan_replace(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, true).await
    }

    /// Plans a destroy, as `terraform plan -destroy` does, or a plan without the resource.
    pub async fn plan_destroy(&self, address: &str) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address);
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let mut operation = Operation {
                process: &process,
                walk: Walk::Plan,
                address,
                schema,
                diagnostics: &mut diagnostics,
            };
            let (prior, deposed) = self.refreshed_instance(&mut operation).await?;
            let mut plan = Plan {
                address: address.to_owned(),
                action: ResourceAction::NoOp,
                replace_paths: Vec::new(),
                requires_replace: Vec::new(),
                config: Json::Null,
                prior: prior.clone(),
                deposed,
                planned: Value::Null,
                planned_private: Vec::new(),
                planned_identity: None,
            };
            if let Some(prior) = prior {
                plan.action = ResourceAction::Delete;
                (plan.planned_private, plan.planned_identity) =
                    self.destruction(&mut operation, &prior).await?;
            }
            Ok(plan)
        }
        .await;
        outcome(result, diagnostics)
    }

    async fn plan_with(&self, address: &str, config: Json, forced: bool) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address);
            let value = config::decode(schema, &config)?;
            let validating = self.walk(Walk::Validate, &mut diagnostics).await?;
            let mut operation = Operation {
                process: &validating,
                walk: Walk::Validate,
                address,
                schema,
                diagnostics: &mut diagnostics,
            };
            self.validate_resource(&mut operation, &value).await?;

            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let mut operation = Operation {
                process: &process,
                walk: Walk::Plan,
                address,
                schema,
                diagnostics: &mut diagnostics,
            };
            let (prior, deposed) = self.refreshed_instance(&mut operation).await?;
            let change = self
                .change(&mut operation, prior.as_ref(), &value, forced, &[])
                .await?;
            Ok(Plan {
                address: address.to_owned(),
                action: change.action,
                replace_paths: change.replace_paths,
                requires_replace: change.requires_replace,
                config,
                prior,
                deposed,
                planned: change.planned,
                planned_private: change.private,
                planned_identity: change.identity,
            })
        }
        .await;
        outcome(result, diagnostics)
    }

    async fn refreshed_instance(
        &self,
        operation: &mut Operation<'_, P>,
    ) -> Result<(Option<InstanceObject>, Vec<InstanceObject>), Diagnostics> {
        let mut prior = None;
        if let Some(stored) = self.state(operation.address) {
            prior = self.refreshed_or_stored(operation, stored).await?;
        }
        let mut deposed = Vec::new();
        for stored in self.deposed(operation.address) {
            deposed.extend(self.refreshed_or_stored(operation, stored).await?);
        }
        Ok((prior, deposed))
    }

    /// Returns a stored object as a plan uses it: refreshed, or only upgraded with `-refresh=false`.
    async fn refreshed_or_stored(
        &self,
        operation: &mut Operation<'_, P>,
        stored: &StoredObject,
    ) -> Result<Option<InstanceObject>, Diagnostics> {
        if self.refreshes {
            return self.refreshed(operation, stored).await;
        }
        self.upgraded(operation, stored).await.map(Some)
    }
}
