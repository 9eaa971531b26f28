//! Planning (Terraform: `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use serde_json::Value as Json;
use terraform_provider_tfe::tfplugin::server::proto::{self, provider_server};
use terraform_provider_tfe::tfplugin::{Diagnostic, Diagnostics, Path, Provider, Step, Value};

use super::process::{Process, Walk, capabilities, dynamic, path, told, value};
use super::read::{Live, no_identity, not_deferred};
use super::{Core, ObjectSchema, Outcome, broken, config, outcome, rules, type_name};

/// What a plan is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    NoOp,
    Create,
    Update,
    DeleteThenCreate,
    CreateThenDelete,
    Delete,
}

/// The plan of one resource.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) address: String,
    pub(crate) action: Action,
    /// What forces the replacement.
    pub(crate) replaced_by: Vec<Path>,
    /// What the provider says forces it; Terraform does not believe it where nothing changes.
    pub(crate) said_to_replace: Vec<Path>,
    pub(super) config: Json,
    /// What the refresh found.
    pub(super) prior: Option<Live>,
    pub(super) deposed: Vec<Live>,
    pub(super) planned: Value,
    pub(super) planned_private: Vec<u8>,
}

impl Plan {
    /// The object before, as the refresh found it.
    pub(crate) fn before(&self) -> Json {
        self.prior
            .as_ref()
            .map_or(Json::Null, |prior| config::json(&prior.value))
    }

    /// The object as planned; what is known after apply is [`UNKNOWN`](super::UNKNOWN).
    pub(crate) fn after(&self) -> Json {
        config::json(&self.planned)
    }

    /// One planned attribute.
    #[track_caller]
    pub(crate) fn get(&self, attribute: &str) -> Json {
        let value = self
            .planned
            .attribute(attribute)
            .unwrap_or_else(|| panic!("nothing is planned for {attribute:?}"));
        config::json(value)
    }

    /// The same plan, when what was unknown in the configuration has become known.
    #[must_use]
    pub(crate) fn with_config(mut self, config: Json) -> Self {
        self.config = config;
        self
    }
}

/// What a plan would change.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) action: Action,
    pub(super) replaced_by: Vec<Path>,
    pub(super) said_to_replace: Vec<Path>,
    pub(super) planned: Value,
    pub(super) private: Vec<u8>,
}

/// What Terraform tells a provider to plan.
struct Request<'a> {
    walk: Walk,
    prior: &'a Value,
    proposed: &'a Value,
    config: &'a Value,
    prior_private: &'a [u8],
}

impl<P: Provider> Core<P> {
    /// `terraform plan`: validate, refresh, plan.
    pub(crate) async fn plan(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, false).await
    }

    /// `terraform plan -replace`.
    pub(crate) async fn plan_replace(&self, address: &str, config: Json) -> Outcome<Plan> {
        self.plan_with(address, config, true).await
    }

    /// `terraform plan -destroy`, or a plan without the resource.
    pub(crate) async fn plan_destroy(&self, address: &str) -> Outcome<Plan> {
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
            };
            if let Some(prior) = prior {
                plan.action = Action::Delete;
                plan.planned_private = self
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
            prior = self
                .refreshed(process, address, schema, stored, told)
                .await?;
        }
        let mut deposed = Vec::new();
        for stored in self.deposed(address) {
            deposed.extend(
                self.refreshed(process, address, schema, stored, told)
                    .await?,
            );
        }
        Ok((prior, deposed))
    }

    /// ValidateResourceConfig.
    pub(super) async fn validate_resource(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        config: &Value,
        messages: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let request = proto::validate_resource_config::Request {
            type_name: type_name(address).to_owned(),
            config: dynamic(config, &schema.ty),
            client_capabilities: Some(capabilities(self.host, Walk::Validate)),
        };
        let reply: proto::validate_resource_config::Response = process
            .call(request, provider_server::Provider::validate_resource_config)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        Ok(())
    }

    /// What a configuration would change: used to plan, and to plan again within apply.
    #[expect(clippy::too_many_arguments, reason = "it is what Terraform knows here")]
    pub(super) async fn change(
        &self,
        process: &Process<P>,
        walk: Walk,
        address: &str,
        schema: &ObjectSchema,
        existing: Option<&Live>,
        config: &Value,
        forced: bool,
        messages: &mut Diagnostics,
    ) -> Result<Change, Diagnostics> {
        self.validate_resource(process, address, schema, config, messages)
            .await?;
        // A tainted object is planned as if it did not exist, and then replaced.
        let tainted = existing.is_some_and(|existing| existing.tainted);
        let prior = existing.filter(|existing| !existing.tainted);
        let nothing = Value::Null;
        let (prior, prior_private) = match prior {
            Some(prior) => (&prior.value, prior.private.as_slice()),
            None => (&nothing, &[][..]),
        };
        let proposed = rules::proposed_new(schema, prior, config);
        let request = Request {
            walk,
            prior,
            proposed: &proposed,
            config,
            prior_private,
        };
        let (planned, private, paths) = self
            .plan_call(process, address, schema, request, messages)
            .await?;
        let problems = rules::plan_problems(schema, prior, config, &planned);
        broken("Provider produced invalid plan", address, &problems)?;
        let replaced_by = if prior.is_null() {
            Vec::new()
        } else {
            effective(address, schema, prior, &planned, &paths)?
        };

        let replacement = if self.create_before_destroy.contains(address) {
            Action::CreateThenDelete
        } else {
            Action::DeleteThenCreate
        };
        let action = if tainted {
            replacement
        } else if prior.is_null() {
            Action::Create
        } else if forced || !replaced_by.is_empty() {
            replacement
        } else if planned == *prior {
            Action::NoOp
        } else {
            Action::Update
        };
        let mut change = Change {
            action,
            replaced_by,
            said_to_replace: paths,
            planned,
            private,
        };
        if action == replacement && !tainted {
            // The object that is to come is planned as new, but with the first plan's private data.
            let proposed = rules::proposed_new(schema, &Value::Null, config);
            let request = Request {
                walk,
                prior: &Value::Null,
                proposed: &proposed,
                config,
                prior_private: &change.private,
            };
            let (planned, private, _) = self
                .plan_call(process, address, schema, request, messages)
                .await?;
            if planned.is_null() {
                let problem = "planned for existence but is absent".to_owned();
                broken("Provider produced invalid plan", address, &[problem])?;
            }
            change.planned = planned;
            change.private = private;
        }
        Ok(change)
    }

    /// Plans that an object is deleted; returns the planned private data.
    pub(super) async fn destruction(
        &self,
        process: &Process<P>,
        walk: Walk,
        address: &str,
        schema: &ObjectSchema,
        prior: &Live,
        messages: &mut Diagnostics,
    ) -> Result<Vec<u8>, Diagnostics> {
        if !self.schemas.plan_destroy {
            return Ok(prior.private.clone());
        }
        let request = Request {
            walk,
            prior: &prior.value,
            proposed: &Value::Null,
            config: &Value::Null,
            prior_private: &prior.private,
        };
        let (planned, private, _) = self
            .plan_call(process, address, schema, request, messages)
            .await?;
        if !planned.is_null() {
            let problem = "a destruction was planned as an object".to_owned();
            broken("Provider produced invalid plan", address, &[problem])?;
        }
        Ok(private)
    }

    /// PlanResourceChange, with the checks that every answer must pass.
    async fn plan_call(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        request: Request<'_>,
        messages: &mut Diagnostics,
    ) -> Result<(Value, Vec<u8>, Vec<Path>), Diagnostics> {
        let message = proto::plan_resource_change::Request {
            type_name: type_name(address).to_owned(),
            prior_state: dynamic(request.prior, &schema.ty),
            proposed_new_state: dynamic(request.proposed, &schema.ty),
            config: dynamic(request.config, &schema.ty),
            prior_private: request.prior_private.to_vec(),
            client_capabilities: Some(capabilities(self.host, request.walk)),
            ..Default::default()
        };
        let reply: proto::plan_resource_change::Response = process
            .call(message, provider_server::Provider::plan_resource_change)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        not_deferred(reply.deferred)?;
        no_identity(reply.planned_identity)?;
        assert!(
            !reply.legacy_type_system,
            "legacy_type_system hides what the provider does wrong"
        );
        let planned = value(reply.planned_state, &schema.ty)?;
        let mut problems = rules::conformance_problems(&schema.ty, &planned);
        problems.extend(
            schema
                .write_only_values(&planned)
                .iter()
                .map(|name| format!("{name}: a write-only attribute with a value")),
        );
        broken("Provider produced invalid plan", address, &problems)?;
        let paths = reply.requires_replace.iter().map(path).collect();
        Ok((planned, reply.planned_private, paths))
    }
}

/// The paths whose value really changes, or is write-only. Each must lead somewhere.
fn effective(
    address: &str,
    schema: &ObjectSchema,
    prior: &Value,
    planned: &Value,
    paths: &[Path],
) -> Result<Vec<Path>, Diagnostics> {
    let mut changed = Vec::new();
    for path in paths {
        let (before, after) = (prior.get(path), planned.get(path));
        if before.is_none() && after.is_none() {
            return Err(Diagnostic::error(
                "Provider produced invalid plan",
                format!("{address}: \"requires replacement\" on {path}, which does not exist"),
            )
            .into());
        }
        let write_only = matches!(path.steps().first(), Some(Step::Attribute(name))
            if schema.attributes.get(name).is_some_and(|one| one.write_only));
        if write_only || before != after {
            changed.push(path.clone());
        }
    }
    Ok(changed)
}
