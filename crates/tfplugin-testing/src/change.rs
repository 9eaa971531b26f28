//! [`Change`]: the change that a configuration makes, as the provider plans it and Terraform accepts it (Terraform:
//! `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Path, PathStep, Provider, Value};

use super::core::Core;
use super::host::Walk;
use super::identity::Unknowns;
use super::operation::Operation;
use super::plan::ResourceAction;
use super::read::{InstanceObject, refuse_deferral};
use super::rules;
use super::schema::type_name;
use super::wire::{decode_path, decode_value, encode_value};

/// The change of one resource.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) action: ResourceAction,
    pub(crate) replace_paths: Vec<Path>,
    pub(crate) requires_replace: Vec<Path>,
    pub(crate) planned: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Value>,
}

impl Change {
    /// Returns the change that deletes an object.
    pub(crate) fn deletion(private: Vec<u8>, identity: Option<Value>) -> Self {
        Self {
            action: ResourceAction::Delete,
            replace_paths: Vec::new(),
            requires_replace: Vec::new(),
            planned: Value::Null,
            private,
            identity,
        }
    }
}

/// The input of PlanResourceChange.
struct Request<'a> {
    prior: &'a Value,
    proposed: &'a Value,
    config: &'a Value,
    prior_private: &'a [u8],
    /// In the apply walk, the private data of the plan walk.
    planned_private: &'a [u8],
    prior_identity: Option<&'a Value>,
}

/// The output of PlanResourceChange.
struct Answer {
    planned: Value,
    private: Vec<u8>,
    identity: Option<Value>,
    paths: Vec<Path>,
}

impl<P: Provider> Core<P> {
    /// Calls ValidateResourceConfig.
    pub(crate) async fn validate_resource(
        &self,
        operation: &mut Operation<'_, P>,
        config: &Value,
    ) -> Result<(), Diagnostics> {
        let request = proto::validate_resource_config::Request {
            type_name: type_name(operation.address).to_owned(),
            config: encode_value(config, &operation.schema.ty),
            client_capabilities: self.host.client_capabilities(Walk::Validate),
        };
        let reply: proto::validate_resource_config::Response = operation
            .process
            .call(request, provider_server::Provider::validate_resource_config)
            .await?;
        operation.check(&reply.diagnostics)
    }

    /// Plans a configuration. The apply walk plans again, with the private data of the plan that is applied.
    pub(crate) async fn change(
        &self,
        operation: &mut Operation<'_, P>,
        existing: Option<&InstanceObject>,
        config: &Value,
        forced: bool,
        planned_private: &[u8],
    ) -> Result<Change, Diagnostics> {
        self.validate_resource(operation, config).await?;
        let schema = operation.schema;
        // A tainted object is planned as if it did not exist, and then replaced.
        let tainted = existing.is_some_and(|existing| existing.tainted);
        let prior = existing.filter(|existing| !existing.tainted);
        let nothing = Value::Null;
        let prior_identity = prior.and_then(|prior| prior.identity.as_ref());
        let (prior, prior_private) = match prior {
            Some(prior) => (&prior.value, prior.private.as_slice()),
            None => (&nothing, &[][..]),
        };
        let proposed = rules::proposed_new(schema, prior, config);
        let request = Request {
            prior,
            proposed: &proposed,
            config,
            prior_private,
            planned_private,
            prior_identity,
        };
        let Answer {
            planned,
            private,
            identity,
            paths,
        } = self.plan_call(operation, request).await?;
        let problems = rules::plan_problems(schema, prior, config, &planned);
        operation.refuse("Provider produced invalid plan", &problems)?;
        let replace_paths = if prior.is_null() {
            Vec::new()
        } else {
            effective_replace_paths(operation, prior, &planned, &paths)?
        };

        let replacement = if self.create_before_destroy.contains(operation.address) {
            ResourceAction::CreateThenDelete
        } else {
            ResourceAction::DeleteThenCreate
        };
        let action = if tainted {
            replacement
        } else if prior.is_null() {
            ResourceAction::Create
        } else if forced || !replace_paths.is_empty() {
            replacement
        } else if planned == *prior {
            ResourceAction::NoOp
        } else {
            ResourceAction::Update
        };
        let mut change = Change {
            action,
            replace_paths,
            requires_replace: paths,
            planned,
            private,
            identity,
        };
        let creates = action == ResourceAction::Create || action == replacement;
        if !creates
            && change
                .identity
                .as_ref()
                .is_some_and(|one| !one.is_wholly_known())
        {
            let problem = "an identity with unknown values".to_owned();
            operation.refuse("Provider produced invalid identity", &[problem])?;
        }
        if action == replacement && !tainted {
            // The replacement is planned as a new object, but with the first plan's private data.
            let proposed = rules::proposed_new(schema, &Value::Null, config);
            let request = Request {
                prior: &Value::Null,
                proposed: &proposed,
                config,
                prior_private: &change.private,
                planned_private,
                prior_identity: change.identity.as_ref(),
            };
            // Terraform shows the errors of this second plan, and drops its warnings.
            let mut dropped = Diagnostics::new();
            let mut second = Operation {
                diagnostics: &mut dropped,
                ..*operation
            };
            let Answer {
                planned,
                private,
                identity,
                ..
            } = self.plan_call(&mut second, request).await?;
            if planned.is_null() {
                let problem = "planned for existence but is absent".to_owned();
                operation.refuse("Provider produced invalid plan", &[problem])?;
            }
            change.planned = planned;
            change.private = private;
            change.identity = identity;
        }
        Ok(change)
    }

    /// Plans that an object is deleted. Returns the planned private data and identity.
    pub(crate) async fn destruction(
        &self,
        operation: &mut Operation<'_, P>,
        prior: &InstanceObject,
    ) -> Result<(Vec<u8>, Option<Value>), Diagnostics> {
        if !self.schemas.plan_destroy {
            return Ok((prior.private.clone(), prior.identity.clone()));
        }
        let request = Request {
            prior: &prior.value,
            proposed: &Value::Null,
            config: &Value::Null,
            prior_private: &prior.private,
            planned_private: &[],
            prior_identity: prior.identity.as_ref(),
        };
        let Answer {
            planned,
            private,
            identity,
            ..
        } = self.plan_call(operation, request).await?;
        if !planned.is_null() {
            let problem = "a destruction was planned as an object".to_owned();
            operation.refuse("Provider produced invalid plan", &[problem])?;
        }
        Ok((private, identity))
    }

    /// Calls PlanResourceChange, with the checks that apply to every reply.
    async fn plan_call(
        &self,
        operation: &mut Operation<'_, P>,
        request: Request<'_>,
    ) -> Result<Answer, Diagnostics> {
        let schema = operation.schema;
        // The host has announced it by `store_planned_private`.
        let planned_private = match self.host.protocol_6_11 {
            true => request.planned_private.to_vec(),
            false => Vec::new(),
        };
        let message = proto::plan_resource_change::Request {
            planned_private,
            type_name: type_name(operation.address).to_owned(),
            prior_state: encode_value(request.prior, &schema.ty),
            proposed_new_state: encode_value(request.proposed, &schema.ty),
            config: encode_value(request.config, &schema.ty),
            prior_private: request.prior_private.to_vec(),
            prior_identity: self.identity_for(schema, request.prior_identity),
            client_capabilities: self.host.client_capabilities(operation.walk),
            ..Default::default()
        };
        let reply: proto::plan_resource_change::Response = operation
            .process
            .call(message, provider_server::Provider::plan_resource_change)
            .await?;
        operation.check(&reply.diagnostics)?;
        refuse_deferral(reply.deferred)?;
        let unknowns = if request.proposed.is_null() {
            Unknowns::Refused
        } else {
            Unknowns::Allowed
        };
        let identity =
            self.identity_from(operation.address, schema, reply.planned_identity, unknowns)?;
        assert!(
            !reply.legacy_type_system,
            "legacy_type_system hides what the provider does wrong"
        );
        let planned = decode_value(reply.planned_state, &schema.ty)?;
        let mut problems = rules::conformance_problems(&schema.ty, &planned);
        problems.extend(schema.write_only_problems(&planned));
        operation.refuse("Provider produced invalid plan", &problems)?;
        let paths = reply.requires_replace.iter().map(decode_path).collect();
        Ok(Answer {
            planned,
            private: reply.planned_private,
            identity,
            paths,
        })
    }
}

/// Returns the paths whose value changes, or is write-only. Each path must exist in the prior or planned state.
fn effective_replace_paths<P: Provider>(
    operation: &Operation<'_, P>,
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
                format!(
                    "{}: \"requires replacement\" on {path}, which does not exist",
                    operation.address
                ),
            )
            .into());
        }
        let write_only = matches!(path.steps().first(), Some(PathStep::Attribute(name))
            if operation.schema.attributes.get(name).is_some_and(|one| one.write_only));
        if write_only || before != after {
            changed.push(path.clone());
        }
    }
    Ok(changed)
}
