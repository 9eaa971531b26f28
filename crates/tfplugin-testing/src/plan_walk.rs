//! [`PlanWalk`]: planning, of one resource or of several in one plugin process.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use tfplugin::{Diagnostics, Provider, Value};

use super::config;
use super::core::Core;
use super::ephemeral::Opened;
use super::host::Walk;
use super::operation::Operation;
use super::outcome::{Outcome, outcome};
use super::plan::{Plan, ResourceAction};
use super::process::Process;
use super::read::InstanceObject;
use super::state::StoredObject;

/// A plan of several resources, in one plugin process.
///
/// Terraform plans resources concurrently. Here a test chooses the order: each call is one step.
pub struct PlanWalk<'a, P: Provider> {
    core: &'a Core<P>,
    process: Process<P>,
    refreshed: BTreeMap<String, Refreshed>,
}

/// The objects of one address, as a plan uses them.
#[derive(Clone)]
struct Refreshed {
    prior: Option<InstanceObject>,
    deposed: Vec<InstanceObject>,
}

/// What is asked of a plan, apart from its configuration.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Request {
    Configured,
    Replacement,
}

impl<P: Provider> Core<P> {
    /// Validates, refreshes and plans, as `terraform plan` does.
    pub async fn plan(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_alone(address, config, Request::Configured).await
    }

    /// Plans a replacement, as `terraform plan -replace` does.
    pub async fn plan_replace(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_alone(address, config, Request::Replacement).await
    }

    /// Plans a destroy, as `terraform plan -destroy` does, or a plan without the resource.
    pub async fn plan_destroy(&self, address: &str) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let mut walk = self.start_plan(&mut diagnostics).await?;
            walk.destroy(address, &mut diagnostics).await
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Starts a plan of several resources.
    ///
    /// # Panics
    ///
    /// Panics if the provider block has an error.
    pub async fn plan_walk(&self) -> PlanWalk<'_, P> {
        let mut diagnostics = Diagnostics::new();
        let walk = self.start_plan(&mut diagnostics).await;
        walk.unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    async fn start_plan(
        &self,
        diagnostics: &mut Diagnostics,
    ) -> Result<PlanWalk<'_, P>, Diagnostics> {
        Ok(PlanWalk {
            core: self,
            process: self.walk(Walk::Plan, diagnostics).await?,
            refreshed: BTreeMap::new(),
        })
    }

    async fn plan_alone(&self, address: &str, config: Json, request: Request) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            self.validated(address, &config, &mut diagnostics).await?;
            let mut walk = self.start_plan(&mut diagnostics).await?;
            walk.change(address, config, request, &mut diagnostics)
                .await
        }
        .await;
        outcome(result, diagnostics)
    }
}

impl<P: Provider> PlanWalk<'_, P> {
    /// Reads the objects of an address, which a plan of it does otherwise.
    pub async fn refresh(&mut self, address: &str) -> Outcome<()> {
        let mut diagnostics = Diagnostics::new();
        let result = self.refreshed(address, &mut diagnostics).await;
        outcome(result.map(|_| ()), diagnostics)
    }

    /// Plans a configuration of the resource.
    pub async fn plan(&mut self, address: &str, config: Json) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let plan = self.change(address, config, Request::Configured, &mut diagnostics);
        let result = plan.await;
        outcome(result, diagnostics)
    }

    /// Plans that the resource is destroyed, because the configuration does not have it.
    pub async fn plan_destroy(&mut self, address: &str) -> Outcome<Plan> {
        let mut diagnostics = Diagnostics::new();
        let result = self.destroy(address, &mut diagnostics).await;
        outcome(result, diagnostics)
    }

    /// Opens an ephemeral resource in the same process.
    pub async fn open_ephemeral(&self, type_name: &str, config: Json) -> Outcome<Opened<P>> {
        let mut diagnostics = Diagnostics::new();
        let process = self.process.clone();
        let opened = self
            .core
            .open(process, Walk::Plan, type_name, &config, &mut diagnostics);
        let result = opened.await;
        outcome(result, diagnostics)
    }

    async fn change(
        &mut self,
        address: &str,
        config: Json,
        request: Request,
        diagnostics: &mut Diagnostics,
    ) -> Result<Plan, Diagnostics> {
        let Refreshed { prior, deposed } = self.refreshed(address, diagnostics).await?;
        let schema = self.core.resource_schema(address);
        let value = config::decode(schema, &config)?;
        let mut operation = self.operation(address, diagnostics);
        let forced = request == Request::Replacement;
        let change = self
            .core
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

    async fn destroy(
        &mut self,
        address: &str,
        diagnostics: &mut Diagnostics,
    ) -> Result<Plan, Diagnostics> {
        let Refreshed { prior, deposed } = self.refreshed(address, diagnostics).await?;
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
            let mut operation = self.operation(address, diagnostics);
            plan.action = ResourceAction::Delete;
            (plan.planned_private, plan.planned_identity) =
                self.core.destruction(&mut operation, &prior).await?;
        }
        Ok(plan)
    }

    fn operation<'b>(
        &'b self,
        address: &'b str,
        diagnostics: &'b mut Diagnostics,
    ) -> Operation<'b, P> {
        Operation {
            process: &self.process,
            walk: Walk::Plan,
            address,
            schema: self.core.resource_schema(address),
            diagnostics,
        }
    }

    async fn refreshed(
        &mut self,
        address: &str,
        diagnostics: &mut Diagnostics,
    ) -> Result<Refreshed, Diagnostics> {
        if let Some(refreshed) = self.refreshed.get(address) {
            return Ok(refreshed.clone());
        }
        let mut operation = self.operation(address, diagnostics);
        let mut prior = None;
        if let Some(stored) = self.core.state(address) {
            prior = self
                .core
                .refreshed_or_stored(&mut operation, stored)
                .await?;
        }
        let mut deposed = Vec::new();
        for stored in self.core.deposed(address) {
            deposed.extend(
                self.core
                    .refreshed_or_stored(&mut operation, stored)
                    .await?,
            );
        }
        let refreshed = Refreshed { prior, deposed };
        self.refreshed.insert(address.to_owned(), refreshed.clone());
        Ok(refreshed)
    }
}

impl<P: Provider> Core<P> {
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
