//! Actions (Terraform 1.14: `internal/terraform/node_action_trigger_instance_apply.go`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};
use tokio_stream::StreamExt;
use tonic::Request;

use super::process::{Process, Walk, dynamic, told};
use super::read::not_deferred;
use super::schema::ObjectSchema;
use super::{Core, Outcome, config, outcome};

/// An action that a plan invokes.
#[derive(Clone, Debug)]
pub struct PlannedAction {
    type_name: String,
    config: Value,
}

impl<P: Provider> Core<P> {
    /// Validates and plans an invocation. Values may be unknown.
    pub async fn plan_action(&self, type_name: &str, config: Json) -> Outcome<PlannedAction> {
        let mut messages = Diagnostics::new();
        let result = async {
            let schema = self.action_schema(type_name);
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut messages).await?;
            self.validate_action(&process, type_name, schema, &config, &mut messages)
                .await?;
            let request = proto::plan_action::Request {
                action_type: type_name.to_owned(),
                config: dynamic(&config, &schema.ty),
                // Deferring an action is always off.
                client_capabilities: Some(proto::ClientCapabilities {
                    write_only_attributes_allowed: true,
                    ..Default::default()
                }),
            };
            let reply: proto::plan_action::Response = process
                .call(request, provider_server::Provider::plan_action)
                .await?;
            messages.extend(told(&reply.diagnostics).into_result()?);
            not_deferred(reply.deferred)?;
            Ok(PlannedAction {
                type_name: type_name.to_owned(),
                config,
            })
        }
        .await;
        outcome(result, messages)
    }

    /// Invokes what was planned, in a process of its own; the value is its progress, also of one that failed.
    pub async fn invoke(&self, planned: PlannedAction) -> Outcome<Vec<String>> {
        let mut messages = Diagnostics::new();
        let result = async {
            let process = self.walk(Walk::Apply, &mut messages).await?;
            let (progress, completed) = self.events(&process, &planned).await?;
            messages.extend(completed);
            Ok(progress)
        }
        .await;
        outcome(result, messages)
    }

    /// `terraform apply -invoke`: plans and invokes.
    pub async fn act(&self, type_name: &str, config: Json) -> Outcome<Vec<String>> {
        let planned = self.plan_action(type_name, config).await;
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut messages = planned.diagnostics;
        let invoked = self.invoke(plan).await;
        messages.extend(invoked.diagnostics);
        Outcome::new(invoked.value, messages)
    }

    /// The request of an invocation, for tests that read its stream themselves.
    pub fn invocation(
        &self,
        type_name: &str,
        config: Json,
    ) -> Request<proto::invoke_action::Request> {
        let schema = self.action_schema(type_name);
        let config = config::decode(schema, &config);
        let config = config.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        Request::new(proto::invoke_action::Request {
            action_type: type_name.to_owned(),
            config: dynamic(&config, &schema.ty),
            client_capabilities: None,
        })
    }

    #[track_caller]
    fn action_schema(&self, type_name: &str) -> &ObjectSchema {
        self.schemas
            .actions
            .get(type_name)
            .unwrap_or_else(|| panic!("the provider has no action {type_name:?}"))
    }

    async fn validate_action(
        &self,
        process: &Process<P>,
        type_name: &str,
        schema: &ObjectSchema,
        config: &Value,
        messages: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let request = proto::validate_action_config::Request {
            type_name: type_name.to_owned(),
            config: dynamic(config, &schema.ty),
        };
        let reply: proto::validate_action_config::Response = process
            .call(request, provider_server::Provider::validate_action_config)
            .await?;
        messages.extend(told(&reply.diagnostics).into_result()?);
        Ok(())
    }

    /// Any number of progress events, then exactly one completed.
    async fn events(
        &self,
        process: &Process<P>,
        planned: &PlannedAction,
    ) -> Result<(Vec<String>, Diagnostics), Diagnostics> {
        use proto::invoke_action::event::Type;
        let schema = self.action_schema(&planned.type_name);
        if !planned.config.is_wholly_known() {
            return Err(Diagnostic::error(
                "Action configuration unknown during apply",
                planned.type_name.as_str(),
            )
            .into());
        }
        let request = proto::invoke_action::Request {
            action_type: planned.type_name.clone(),
            config: dynamic(&planned.config, &schema.ty),
            client_capabilities: None,
        };
        let stream =
            provider_server::Provider::invoke_action(process.server(), Request::new(request)).await;
        let mut stream = stream.map_err(status)?.into_inner();
        let (mut progress, mut completed) = (Vec::new(), None);
        while let Some(event) = stream.next().await {
            let event = event.map_err(status)?;
            assert!(completed.is_none(), "an event follows the completion");
            match event.r#type {
                Some(Type::Progress(step)) => progress.push(step.message),
                Some(Type::Completed(end)) => completed = Some(told(&end.diagnostics)),
                None => panic!("unexpected event type <nil> in InvokeAction response"),
            }
        }
        let completed = completed.expect("the display of an action waits for its completion");
        Ok((progress, completed))
    }
}

fn status(status: tonic::Status) -> Diagnostics {
    Diagnostic::error("Plugin error", status.message()).into()
}
