//! Applying (Terraform: `internal/terraform/node_resource_apply_instance.go`, `node_resource_destroy.go`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::value::{Type, Value};
use tfplugin::{Diagnostic, Diagnostics, Path, Provider};

use super::change::Change;
use super::identity::Unknowns;
use super::plan::{Action, Plan};
use super::process::{Process, Walk, dynamic, told, value};
use super::read::Live;
use super::state::StoredObject;
use super::{Core, ObjectSchema, Outcome, broken, config, rules, type_name};

/// What an apply leaves in the state.
struct Applied {
    object: Option<Live>,
    diagnostics: Diagnostics,
}

impl<P: Provider> Core<P> {
    /// `terraform apply` of a saved plan. The state holds what came of it, also after an error.
    pub async fn apply(&mut self, plan: Plan) -> Outcome<()> {
        self.apply_together([plan]).await
    }

    /// `terraform apply` of a saved plan with several resources, one after the other by one plugin process. One that
    /// fails does not keep the others from being tried.
    pub async fn apply_together(&mut self, plans: impl IntoIterator<Item = Plan>) -> Outcome<()> {
        let mut told = Diagnostics::new();
        match self.walk(Walk::Apply, &mut told).await {
            Err(errors) => told.extend(errors),
            Ok(process) => {
                for plan in plans {
                    if let Err(errors) = self.apply_plan(&process, plan, &mut told).await {
                        told.extend(errors);
                    }
                }
            }
        }
        if told.has_error() {
            Outcome::failed(told)
        } else {
            Outcome::new(Some(()), told)
        }
    }

    async fn apply_plan(
        &mut self,
        process: &Process<P>,
        plan: Plan,
        told: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let address = plan.address.clone();
        let schema = self.resource_schema(&address).clone();
        // The plan file brings its own state, refreshed.
        let instance = self.instance(&address);
        instance.current = plan.prior.as_ref().map(|prior| prior.stored(&schema));
        instance.deposed = plan
            .deposed
            .iter()
            .map(|deposed| deposed.stored(&schema))
            .collect();
        match plan.action {
            Action::NoOp => {}
            Action::Create => self.create(process, &schema, &plan, told).await?,
            Action::Update => self.update(process, &schema, &plan, told).await?,
            Action::Delete => self.delete(process, &schema, &plan, told).await?,
            Action::DeleteThenCreate => {
                self.delete(process, &schema, &plan, told).await?;
                self.create(process, &schema, &plan, told).await?;
            }
            Action::CreateThenDelete => {
                let instance = self.instance(&address);
                let old = instance.current.take();
                instance.deposed.extend(old);
                if let Err(errors) = self.create(process, &schema, &plan, told).await {
                    let instance = self.instance(&address);
                    if instance.current.is_none() {
                        instance.current = instance.deposed.pop();
                    }
                    return Err(errors);
                }
            }
        }
        self.delete_deposed(process, &address, &schema, told).await
    }

    async fn create(
        &mut self,
        process: &Process<P>,
        schema: &ObjectSchema,
        plan: &Plan,
        told: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let address = &plan.address;
        let config = known_config(schema, &plan.config)?;
        // No prior state and no private data, also where an object is being replaced.
        let change = self
            .change(
                process,
                Walk::Apply,
                address,
                schema,
                None,
                &config,
                false,
                &plan.planned_private,
                told,
            )
            .await?;
        same_as_planned(schema, plan, &change)?;
        let applied = self
            .apply_call(process, address, schema, &Value::Null, &config, change)
            .await?;
        let failed = applied.diagnostics.has_error();
        self.instance(address).current = applied.object.map(|object| StoredObject {
            tainted: failed,
            ..object.stored(schema)
        });
        finish(applied.diagnostics, told)
    }

    async fn update(
        &mut self,
        process: &Process<P>,
        schema: &ObjectSchema,
        plan: &Plan,
        told: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let address = &plan.address;
        let config = known_config(schema, &plan.config)?;
        let prior = self.current(process, address, schema, told).await?;
        let change = self
            .change(
                process,
                Walk::Apply,
                address,
                schema,
                Some(&prior),
                &config,
                false,
                &plan.planned_private,
                told,
            )
            .await?;
        same_as_planned(schema, plan, &change)?;
        if change.action == Action::NoOp {
            return Ok(());
        }
        let applied = self
            .apply_call(process, address, schema, &prior.value, &config, change)
            .await?;
        if let Some(object) = applied.object {
            self.instance(address).current = Some(object.stored(schema));
        }
        finish(applied.diagnostics, told)
    }

    async fn delete(
        &mut self,
        process: &Process<P>,
        schema: &ObjectSchema,
        plan: &Plan,
        told: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let address = &plan.address;
        let prior = self.current(process, address, schema, told).await?;
        let change = Change {
            action: Action::Delete,
            replaced_by: Vec::new(),
            said_to_replace: Vec::new(),
            planned: Value::Null,
            private: plan.planned_private.clone(),
            identity: plan.planned_identity.clone(),
        };
        let applied = self
            .apply_call(process, address, schema, &prior.value, &Value::Null, change)
            .await?;
        let tainted = prior.tainted;
        self.instance(address).current = applied.object.map(|object| StoredObject {
            tainted,
            ..object.stored(schema)
        });
        finish(applied.diagnostics, told)
    }

    async fn delete_deposed(
        &mut self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        told: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        while let Some(stored) = self.deposed(address).first().cloned() {
            let prior = self
                .upgraded(process, address, schema, &stored, told)
                .await?;
            let (private, identity) = self
                .destruction(process, Walk::Apply, address, schema, &prior, told)
                .await?;
            let change = Change {
                action: Action::Delete,
                replaced_by: Vec::new(),
                said_to_replace: Vec::new(),
                planned: Value::Null,
                private,
                identity,
            };
            let applied = self
                .apply_call(process, address, schema, &prior.value, &Value::Null, change)
                .await?;
            let instance = self.instance(address);
            instance.deposed.remove(0);
            if let Some(object) = applied.object {
                instance.deposed.insert(0, object.stored(schema));
            }
            finish(applied.diagnostics, told)?;
        }
        Ok(())
    }

    async fn current(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        told: &mut Diagnostics,
    ) -> Result<Live, Diagnostics> {
        let stored = self
            .state(address)
            .expect("an update or deletion is planned for what is in the state");
        self.upgraded(process, address, schema, stored, told).await
    }

    /// ApplyResourceChange, and what is kept of the answer.
    async fn apply_call(
        &self,
        process: &Process<P>,
        address: &str,
        schema: &ObjectSchema,
        prior: &Value,
        config: &Value,
        change: Change,
    ) -> Result<Applied, Diagnostics> {
        let ty = &schema.ty;
        let request = proto::apply_resource_change::Request {
            type_name: type_name(address).to_owned(),
            prior_state: dynamic(prior, ty),
            planned_state: dynamic(&change.planned, ty),
            config: dynamic(config, ty),
            planned_private: change.private,
            planned_identity: self.identity_for(schema, change.identity.as_ref()),
            ..Default::default()
        };
        let reply: proto::apply_resource_change::Response = process
            .call(request, provider_server::Provider::apply_resource_change)
            .await?;
        assert!(
            !reply.legacy_type_system,
            "legacy_type_system hides what the provider does wrong"
        );
        let mut diagnostics = told(&reply.diagnostics);
        let identity =
            self.identity_from(address, schema, reply.new_identity, Unknowns::Refused)?;
        let new = value(reply.new_state, ty)?;

        // These two make Terraform drop what was applied.
        broken(
            "Provider produced invalid object",
            address,
            &rules::conformance_problems(ty, &new),
        )?;
        let leaked: Vec<_> = schema
            .write_only_values(&new)
            .iter()
            .map(|name| format!("{name}: a write-only attribute with a value"))
            .collect();
        broken("Provider produced invalid object", address, &leaked)?;

        let mut rule = |summary: &str, problems: &[String]| {
            if let Err(errors) = broken(summary, address, problems) {
                diagnostics.extend(errors);
            }
        };
        let mut new = new;
        let unknown = unknown_paths(ty, &new);
        if !unknown.is_empty() {
            let problems: Vec<_> = unknown
                .iter()
                .map(|path| format!("{path}: the provider still indicated an unknown value"))
                .collect();
            rule(
                "Provider returned invalid result object after apply",
                &problems,
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
            let diagnostic = Diagnostic::error(
                "Provider returned invalid result object after apply",
                format!("{address}: {problem}"),
            );
            diagnostics.extend(Diagnostics::from(diagnostic));
        } else if !failed && !change.planned.is_null() {
            let problems = rules::compatibility_problems(ty, &change.planned, &new);
            if let Err(errors) = broken(
                "Provider produced inconsistent result after apply",
                address,
                &problems,
            ) {
                diagnostics.extend(errors);
            }
        }
        // With an error and nothing returned, the prior object is kept.
        let kept = if new.is_null() && diagnostics.has_error() {
            prior.clone()
        } else {
            new
        };
        Ok(Applied {
            object: (!kept.is_null()).then_some(Live {
                value: kept,
                private: reply.private, // replaces: what is not echoed is lost
                tainted: false,
                identity,
            }),
            diagnostics,
        })
    }
}

fn finish(diagnostics: Diagnostics, told: &mut Diagnostics) -> Result<(), Diagnostics> {
    told.extend(diagnostics.into_result()?);
    Ok(())
}

/// At apply everything that was referred to is known.
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

/// What is planned within apply must be what the plan said (Terraform: `checkPlannedChange`).
fn same_as_planned(schema: &ObjectSchema, plan: &Plan, change: &Change) -> Result<(), Diagnostics> {
    let same_action = match plan.action {
        Action::DeleteThenCreate | Action::CreateThenDelete => change.action == Action::Create,
        Action::Update => matches!(change.action, Action::Update | Action::NoOp),
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
    broken(
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
