//! Applying (Terraform: `internal/terraform/node_resource_apply_instance.go`, `node_resource_destroy.go`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::value::{Type, Value};
use tfplugin::{Diagnostic, Diagnostics, Path, Provider};

use super::change::Change;
use super::config;
use super::core::Core;
use super::host::Walk;
use super::identity::Unknowns;
use super::operation::Operation;
use super::outcome::Outcome;
use super::plan::{Plan, ResourceAction};
use super::process::Process;
use super::read::InstanceObject;
use super::rules;
use super::schema::{ObjectSchema, type_name};
use super::state::StoredObject;
use super::wire::{decode_diagnostics, decode_value, encode_value};

/// The object that an apply leaves in the state, and its diagnostics.
struct Applied {
    object: Option<InstanceObject>,
    diagnostics: Diagnostics,
}

impl<P: Provider> Core<P> {
    /// Applies a plan, as `terraform apply` does with a saved one. The state holds the result, also after an error.
    pub async fn apply(&mut self, plan: Plan) -> Outcome<()> {
        self.apply_together([plan]).await
    }

    /// Applies the plans of several resources, one after the other in one plugin process. After one that fails the
    /// others are applied all the same.
    pub async fn apply_together(&mut self, plans: impl IntoIterator<Item = Plan>) -> Outcome<()> {
        let mut diagnostics = Diagnostics::new();
        match self.walk(Walk::Apply, &mut diagnostics).await {
            Err(errors) => diagnostics.extend(errors),
            Ok(process) => {
                for plan in plans {
                    if let Err(errors) = self.apply_plan(&process, plan, &mut diagnostics).await {
                        diagnostics.extend(errors);
                    }
                }
            }
        }
        if diagnostics.has_error() {
            Outcome::failed(diagnostics)
        } else {
            Outcome::new(Some(()), diagnostics)
        }
    }

    /// Applies a plan in a plugin process that others may use at the same time, as Terraform does with the resources of one
    /// apply.
    pub async fn apply_in(&mut self, process: &Process<P>, plan: Plan) -> Outcome<()> {
        let mut diagnostics = Diagnostics::new();
        if let Err(errors) = self.apply_plan(process, plan, &mut diagnostics).await {
            diagnostics.extend(errors);
        }
        if diagnostics.has_error() {
            Outcome::failed(diagnostics)
        } else {
            Outcome::new(Some(()), diagnostics)
        }
    }

    async fn apply_plan(
        &mut self,
        process: &Process<P>,
        plan: Plan,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let address = plan.address.clone();
        let schema = self.resource_schema(&address).clone();
        let mut operation = Operation {
            process,
            walk: Walk::Apply,
            address: &address,
            schema: &schema,
            diagnostics,
        };
        // A plan file has its own state, which is refreshed.
        let instance = self.instance(&address);
        instance.current = plan.prior.as_ref().map(|prior| prior.stored(&schema));
        instance.deposed = plan
            .deposed
            .iter()
            .map(|deposed| deposed.stored(&schema))
            .collect();
        match plan.action {
            ResourceAction::NoOp => {}
            ResourceAction::Create => self.create(&mut operation, &plan).await?,
            ResourceAction::Update => self.update(&mut operation, &plan).await?,
            ResourceAction::Delete => self.delete(&mut operation, &plan).await?,
            ResourceAction::DeleteThenCreate => {
                self.delete(&mut operation, &plan).await?;
                self.create(&mut operation, &plan).await?;
            }
            ResourceAction::CreateThenDelete => {
                let instance = self.instance(&address);
                let old = instance.current.take();
                instance.deposed.extend(old);
                if let Err(errors) = self.create(&mut operation, &plan).await {
                    let instance = self.instance(&address);
                    if instance.current.is_none() {
                        instance.current = instance.deposed.pop();
                    }
                    return Err(errors);
                }
            }
        }
        self.delete_deposed(&mut operation).await
    }

    async fn create(
        &mut self,
        operation: &mut Operation<'_, P>,
        plan: &Plan,
    ) -> Result<(), Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let config = known_config(schema, &plan.config)?;
        // No prior state and no private data, also where an object is being replaced.
        let change = self
            .change(operation, None, &config, false, &plan.planned_private)
            .await?;
        same_as_planned(schema, plan, &change)?;
        let applied = self
            .apply_call(operation, &Value::Null, &config, change)
            .await?;
        let failed = applied.diagnostics.has_error();
        self.instance(address).current = applied.object.map(|object| StoredObject {
            tainted: failed,
            ..object.stored(schema)
        });
        operation.finish(applied.diagnostics)
    }

    async fn update(
        &mut self,
        operation: &mut Operation<'_, P>,
        plan: &Plan,
    ) -> Result<(), Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let config = known_config(schema, &plan.config)?;
        let prior = self.current(operation).await?;
        let change = self
            .change(
                operation,
                Some(&prior),
                &config,
                false,
                &plan.planned_private,
            )
            .await?;
        same_as_planned(schema, plan, &change)?;
        if change.action == ResourceAction::NoOp {
            return Ok(());
        }
        let applied = self
            .apply_call(operation, &prior.value, &config, change)
            .await?;
        if let Some(object) = applied.object {
            self.instance(address).current = Some(object.stored(schema));
        }
        operation.finish(applied.diagnostics)
    }

    async fn delete(
        &mut self,
        operation: &mut Operation<'_, P>,
        plan: &Plan,
    ) -> Result<(), Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let prior = self.current(operation).await?;
        let change = Change::deletion(plan.planned_private.clone(), plan.planned_identity.clone());
        let applied = self
            .apply_call(operation, &prior.value, &Value::Null, change)
            .await?;
        let tainted = prior.tainted;
        self.instance(address).current = applied.object.map(|object| StoredObject {
            tainted,
            ..object.stored(schema)
        });
        operation.finish(applied.diagnostics)
    }

    async fn delete_deposed(
        &mut self,
        operation: &mut Operation<'_, P>,
    ) -> Result<(), Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        while let Some(stored) = self.deposed(address).first().cloned() {
            let prior = self.upgraded(operation, &stored).await?;
            let (private, identity) = self.destruction(operation, &prior).await?;
            let change = Change::deletion(private, identity);
            let applied = self
                .apply_call(operation, &prior.value, &Value::Null, change)
                .await?;
            let instance = self.instance(address);
            instance.deposed.remove(0);
            if let Some(object) = applied.object {
                instance.deposed.insert(0, object.stored(schema));
            }
            operation.finish(applied.diagnostics)?;
        }
        Ok(())
    }

    async fn current(
        &self,
        operation: &mut Operation<'_, P>,
    ) -> Result<InstanceObject, Diagnostics> {
        let stored = self
            .state(operation.address)
            .expect("an update or deletion is planned for what is in the state");
        self.upgraded(operation, stored).await
    }

    /// Calls ApplyResourceChange, and returns what Terraform keeps of the reply.
    async fn apply_call(
        &self,
        operation: &Operation<'_, P>,
        prior: &Value,
        config: &Value,
        change: Change,
    ) -> Result<Applied, Diagnostics> {
        let (address, schema) = (operation.address, operation.schema);
        let ty = &schema.ty;
        let request = proto::apply_resource_change::Request {
            type_name: type_name(address).to_owned(),
            prior_state: encode_value(prior, ty),
            planned_state: encode_value(&change.planned, ty),
            config: encode_value(config, ty),
            planned_private: change.private,
            planned_identity: self.identity_for(schema, change.identity.as_ref()),
            ..Default::default()
        };
        let reply: proto::apply_resource_change::Response = operation
            .process
            .call(request, provider_server::Provider::apply_resource_change)
            .await?;
        assert!(
            !reply.legacy_type_system,
            "legacy_type_system hides what the provider does wrong"
        );
        let mut diagnostics = decode_diagnostics(&reply.diagnostics);
        let identity =
            self.identity_from(address, schema, reply.new_identity, Unknowns::Refused)?;
        let mut new = decode_value(reply.new_state, ty)?;

        // After these two errors Terraform drops the new object.
        rules::refuse(
            "Provider produced invalid object",
            address,
            &rules::conformance_problems(ty, &new),
        )?;
        let leaked = schema.write_only_problems(&new);
        rules::refuse("Provider produced invalid object", address, &leaked)?;

        // After the other errors it keeps the new object.
        let check = |summary: &str, problems: &[String], diagnostics: &mut Diagnostics| {
            if let Err(errors) = rules::refuse(summary, address, problems) {
                diagnostics.extend(errors);
            }
        };
        let unknown = unknown_paths(ty, &new);
        if !unknown.is_empty() {
            let problems: Vec<_> = unknown
                .iter()
                .map(|path| format!("{path}: the provider still indicated an unknown value"))
                .collect();
            check(
                "Provider returned invalid result object after apply",
                &problems,
                &mut diagnostics,
            );
            for path in &unknown {
                let replaced = new.set(path, Value::Null);
                assert!(replaced, "the path was found by walking");
            }
        }
        let failed = diagnostics.has_error();
        if !failed && change.planned.is_null() != new.is_null() {
            let problem = if new.is_null() {
                "a null object where one should be"
            } else {
                "an object where none should be"
            };
            diagnostics.push(Diagnostic::error(
                "Provider returned invalid result object after apply",
                format!("{address}: {problem}"),
            ));
        } else if !failed && !change.planned.is_null() {
            let problems = rules::compatibility_problems(ty, &change.planned, &new);
            check(
                "Provider produced inconsistent result after apply",
                &problems,
                &mut diagnostics,
            );
        }
        // With an error and nothing returned, the prior object is kept.
        let kept = if new.is_null() && diagnostics.has_error() {
            prior.clone()
        } else {
            new
        };
        Ok(Applied {
            object: (!kept.is_null()).then_some(InstanceObject {
                value: kept,
                private: reply.private, // private data that the provider does not return is lost
                tainted: false,
                identity,
            }),
            diagnostics,
        })
    }
}

/// Decodes a configuration, which has no unknown values at apply.
fn known_config(schema: &ObjectSchema, config: &Json) -> Result<Value, Diagnostics> {
    let config = config::decode(schema, config)?;
    if config.is_wholly_known() {
        return Ok(config);
    }
    Err(Diagnostic::error(
        "Configuration contains unknown value",
        "The configuration still contains unknown values during apply: give the plan what they \
         have become (`Plan::with_config`).",
    )
    .into())
}

/// Checks that the plan within apply is the plan that is applied (Terraform: `checkPlannedChange`).
fn same_as_planned(schema: &ObjectSchema, plan: &Plan, change: &Change) -> Result<(), Diagnostics> {
    let same_action = match plan.action {
        ResourceAction::DeleteThenCreate | ResourceAction::CreateThenDelete => {
            change.action == ResourceAction::Create
        }
        ResourceAction::Update => {
            matches!(change.action, ResourceAction::Update | ResourceAction::NoOp)
        }
        other => change.action == other,
    };
    let problems = if same_action {
        rules::compatibility_problems(&schema.ty, &plan.planned, &change.planned)
    } else {
        vec![format!(
            "the planned action changed from {:?} to {:?}",
            plan.action, change.action
        )]
    };
    rules::refuse(
        "Provider produced inconsistent final plan",
        &plan.address,
        &problems,
    )
}

fn unknown_paths(ty: &Type, value: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    value.walk(ty, |path, value| {
        if value.is_unknown() {
            paths.push(path.clone());
        }
    });
    paths
}
