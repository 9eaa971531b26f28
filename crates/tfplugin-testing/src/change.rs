//! [`Change`]: what a configuration would change, as the provider plans it and Terraform believes it (Terraform:
//! `internal/terraform/node_resource_abstract_instance.go`, `plan`).

use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Path, PathStep, Provider, Value};

use super::identity::Unknowns;
use super::plan::Action;
use super::process::{Process, Walk, capabilities, dynamic, path, told, value};
use super::read::{Live, not_deferred};
use super::{Core, ObjectSchema, broken, rules, type_name};

/// What a plan would change.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) action: Action,
    pub(crate) replaced_by: Vec<Path>,
    pub(crate) said_to_replace: Vec<Path>,
    pub(crate) planned: Value,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Option<Value>,
}

/// What Terraform tells a provider to plan.
struct Request<'a> {
    walk: Walk,
    prior: &'a Value,
    proposed: &'a Value,
    config: &'a Value,
    prior_private: &'a [u8],
    /// In the apply walk: what the plan walk answered.
    planned_private: &'a [u8],
    prior_identity: Option<&'a Value>,
}

/// What a provider answers to that.
struct Answer {
    planned: Value,
    private: Vec<u8>,
    identity: Option<Value>,
    paths: Vec<Path>,
}

impl<P: Provider> Core<P> {
    /// ValidateResourceConfig.
    pub(crate) async fn validate_resource(
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
            client_capabilities: capabilities(self.host, Walk::Validate),
        };
        let reply: proto::validate_resource_config::Response = process
            .call(request, provider_server::Provider::validate_resource_config)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        Ok(())
    }

    /// What a configuration would change: used to plan, and to plan again within apply, with the private data of the
    /// plan that is applied.
    #[expect(clippy::too_many_arguments, reason = "it is what Terraform knows here")]
    pub(crate) async fn change(
        &self,
        process: &Process<P>,
        walk: Walk,
        address: &str,
        schema: &ObjectSchema,
        existing: Option<&Live>,
        config: &Value,
        forced: bool,
        planned_private: &[u8],
        messages: &mut Diagnostics,
    ) -> Result<Change, Diagnostics> {
        self.validate_resource(process, address, schema, config, messages)
            .await?;
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
            walk,
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
        } = self
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
            identity,
        };
        let creates = action == Action::Create || action == replacement;
        if !creates
            && change
                .identity
                .as_ref()
                .is_some_and(|one| !one.is_wholly_known())
        {
            let problem = "an identity with unknown values".to_owned();
            broken("Provider produced invalid identity", address, &[problem])?;
        }
        if action == replacement && !tainted {
            // The object that is to come is planned as new, but with the first plan's private data.
            let proposed = rules::proposed_new(schema, &Value::Null, config);
            let request = Request {
                walk,
                prior: &Value::Null,
                proposed: &proposed,
                config,
                prior_private: &change.private,
                planned_private,
                prior_identity: change.identity.as_ref(),
            };
            let Answer {
                planned,
                private,
                identity,
                ..
            } = self
                .plan_call(process, address, schema, request, messages)
                .await?;
            if planned.is_null() {
                let problem = "planned for existence but is absent".to_owned();
                broken("Provider produced invalid plan", address, &[problem])?;
            }
            change.planned = planned;
            change.private = private;
            change.identity = identity;
        }
        Ok(change)
    }

    /// Plans that an object is deleted; returns the planned private data and identity.
    pub(crate) async fn destruction(
        &self,
        process: &Process<P>,
        walk: Walk,
        address: &str,
        schema: &ObjectSchema,
        prior: &Live,
        messages: &mut Diagnostics,
    ) -> Result<(Vec<u8>, Option<Value>), Diagnostics> {
        if !self.schemas.plan_destroy {
            return Ok((prior.private.clone(), prior.identity.clone()));
        }
        let request = Request {
            walk,
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
        } = self
            .plan_call(process, address, schema, request, messages)
            .await?;
        if !planned.is_null() {
            let problem = "a destruction was planned as an object".to_owned();
            broken("Provider produced invalid plan", address, &[problem])?;
        }
        Ok((private, identity))
    }

    /// PlanResourceChange, with the checks that every answer must pass.
    async fn plan_call(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        request: Request<'_>,
        messages: &mut Diagnostics,
    ) -> Result<Answer, Diagnostics> {
        // What was promised with `store_planned_private`.
        let planned_private = match self.host.knows_6_11 {
            true => request.planned_private.to_vec(),
            false => Vec::new(),
        };
        let message = proto::plan_resource_change::Request {
            planned_private,
            type_name: type_name(address).to_owned(),
            prior_state: dynamic(request.prior, &schema.ty),
            proposed_new_state: dynamic(request.proposed, &schema.ty),
            config: dynamic(request.config, &schema.ty),
            prior_private: request.prior_private.to_vec(),
            prior_identity: self.identity_for(schema, request.prior_identity),
            client_capabilities: capabilities(self.host, request.walk),
            ..Default::default()
        };
        let reply: proto::plan_resource_change::Response = process
            .call(message, provider_server::Provider::plan_resource_change)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        not_deferred(reply.deferred)?;
        let unknowns = if request.proposed.is_null() {
            Unknowns::Refused
        } else {
            Unknowns::Allowed
        };
        let identity = self.identity_from(address, schema, reply.planned_identity, unknowns)?;
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
        Ok(Answer {
            planned,
            private: reply.planned_private,
            identity,
            paths,
        })
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
        let write_only = matches!(path.steps().first(), Some(PathStep::Attribute(name))
            if schema.attributes.get(name).is_some_and(|one| one.write_only));
        if write_only || before != after {
            changed.push(path.clone());
        }
    }
    Ok(changed)
}
