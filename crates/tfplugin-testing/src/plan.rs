//! [`Plan`]: what a practitioner asks for and gets (Terraform: `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use serde_json::Value as Json;
use tfplugin::{Diagnostics, Path, Provider, Value};

use super::process::{Process, Walk};
use super::read::Live;
use super::{Core, ObjectSchema, Outcome, StoredObject, config, outcome};

/// What a plan is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    NoOp,
    Create,
    Update,
    DeleteThenCreate,
    CreateThenDelete,
    Delete,
}

/// The plan of one resource.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) address: String,
    pub action: Action,
    /// What forces the replacement.
    pub replaced_by: Vec<Path>,
    /// What the provider says forces it; Terraform does not believe it where nothing changes.
    pub said_to_replace: Vec<Path>,
    pub(crate) config: Json,
    /// What the refresh found.
    pub(crate) prior: Option<Live>,
    pub(crate) deposed: Vec<Live>,
    pub(crate) planned: Value,
    pub planned_private: Vec<u8>,
    pub(crate) planned_identity: Option<Value>,
}

impl Plan {
    /// The object before, as the refresh found it.
    pub fn before(&self) -> Json {
        self.prior
            .as_ref()
            .map_or(Json::Null, |prior| config::json(&prior.value))
    }

    /// The object as planned; what is known after apply is [`UNKNOWN`](super::UNKNOWN).
    pub fn after(&self) -> Json {
        config::json(&self.planned)
    }

    /// The identity as planned; null if there is none yet.
    pub fn identity(&self) -> Json {
        self.planned_identity
            .as_ref()
            .map_or(Json::Null, config::json)
    }

    /// One planned attribute.
    #[track_caller]
    pub fn get(&self, attribute: &str) -> Json {
        let value = self
            .planned
            .attribute(attribute)
            .unwrap_or_else(|| panic!("nothing is planned for {attribute:?}"));
        config::json(value)
    }

    /// The same plan, when what was unknown in the configuration has become known.
    #[must_use]
    pub fn with_config(mut self, config: Json) -> Self {
        self.config = config;
        self
    }
}

impl<P: Provider> Core<P> {
    /// `terraform plan`: validate, refresh, plan.
    pub async fn plan(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, false).await
    }

    /// `terraform plan -replace`.
    pub async fn plan_replace(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, true).await
    }

    /// `terraform plan -destroy`, or a plan without the resource.
    pub async fn plan_destroy(&self, address: &str) -> Outcome<Plan> {
        let mut told = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address);
            let process = self.walk(Walk::Plan, &mut told).await?;
            let (prior, deposed) = self
                .refreshed_instance(&process, address, schema, &mut told)
                .await?;
            let mut plan = Plan {
                address: address.to_owned(),
                action: Action::NoOp,
                replaced_by: Vec::new(),
                said_to_replace: Vec::new(),
                config: Json::Null,
                prior: prior.clone(),
                deposed,
                planned: Value::Null,
                planned_private: Vec::new(),
                planned_identity: None,
            };
            if let Some(prior) = prior {
                plan.action = Action::Delete;
                (plan.planned_private, plan.planned_identity) = self
                    .destruction(&process, Walk::Plan, address, schema, &prior, &mut told)
                    .await?;
            }
            Ok(plan)
        }
        .await;
        outcome(result, told)
    }

    async fn plan_with(&self, address: &str, config: Json, forced: bool) -> Outcome<Plan> {
        let mut told = Diagnostics::new();
        let result = async {
            let schema = self.resource_schema(address);
            let value = config::decode(schema, &config)?;
            let validating = self.walk(Walk::Validate, &mut told).await?;
            self.validate_resource(&validating, address, schema, &value, &mut told)
                .await?;

            let process = self.walk(Walk::Plan, &mut told).await?;
            let (prior, deposed) = self
                .refreshed_instance(&process, address, schema, &mut told)
                .await?;
            let change = self
                .change(
                    &process,
                    Walk::Plan,
                    address,
                    schema,
                    prior.as_ref(),
                    &value,
                    forced,
                    &[],
                    &mut told,
                )
                .await?;
            Ok(Plan {
                address: address.to_owned(),
                action: change.action,
                replaced_by: change.replaced_by,
                said_to_replace: change.said_to_replace,
                config,
                prior,
                deposed,
                planned: change.planned,
                planned_private: change.private,
                planned_identity: change.identity,
            })
        }
        .await;
        outcome(result, told)
    }

    async fn refreshed_instance(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        told: &mut Diagnostics,
    ) -> Result<(Option<Live>, Vec<Live>), Diagnostics> {
        let mut prior = None;
        if let Some(stored) = self.state(address) {
            prior = self.seen(process, address, schema, stored, told).await?;
        }
        let mut deposed = Vec::new();
        for stored in self.deposed(address) {
            deposed.extend(self.seen(process, address, schema, stored, told).await?);
        }
        Ok((prior, deposed))
    }

    /// A stored object as a plan sees it: refreshed, unless that was declined.
    async fn seen(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        stored: &StoredObject,
        told: &mut Diagnostics,
    ) -> Result<Option<Live>, Diagnostics> {
        if self.refreshes {
            return self.refreshed(process, address, schema, stored, told).await;
        }
        let live = self.upgraded(process, address, schema, stored, told);
        live.await.map(Some)
    }
}
