//! Actions (Terraform 1.14: `internal/terraform/node_action_trigger_instance_apply.go`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};
use tokio_stream::StreamExt;
use tonic::Request;

use super::config;
use super::core::Core;
use super::host::Walk;
use super::outcome::{Outcome, outcome};
use super::process::{Process, plugin_error};
use super::read::refuse_deferral;
use super::schema::ObjectSchema;
use super::wire::{decode_diagnostics, encode_value};

/// A planned invocation of an action.
#[derive(Clone, Debug)]
pub struct PlannedAction {
    type_name: String,
    config: Value,
}

impl<P: Provider> Core<P> {
    /// Validates and plans an invocation. The configuration may have unknown values.
    pub async fn plan_action(&self, type_name: &str, config: Json) -> Outcome<PlannedAction> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self.action_schema(type_name);
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            self.validate_action(&process, type_name, schema, &config, &mut diagnostics)
                .await?;
            let request = proto::plan_action::Request {
                action_type: type_name.to_owned(),
                config: encode_value(&config, &schema.ty),
                // Terraform never allows an action to be deferred.
                client_capabilities: Some(proto::ClientCapabilities {
                    write_only_attributes_allowed: true,
                    ..Default::default()
                }),
            };
            let reply: proto::plan_action::Response = process
                .call(request, provider_server::Provider::plan_action)
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            refuse_deferral(reply.deferred)?;
            Ok(PlannedAction {
                type_name: type_name.to_owned(),
                config,
            })
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Invokes an action as planned. Returns the progress messages, also of an action that failed.
    pub async fn invoke(&self, planned: PlannedAction) -> Outcome<Vec<String>> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let process = self.walk(Walk::Apply, &mut diagnostics).await?;
            let (progress, completed) = self.events(&process, &planned).await?;
            diagnostics.extend(completed);
            Ok(progress)
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Plans and invokes an action, as `terraform apply -invoke` does.
    pub async fn invoke_action(&self, type_name: &str, config: Json) -> Outcome<Vec<String>> {
        let planned = self.plan_action(type_name, config).await;
        let Some(plan) = planned.value else {
            return Outcome::failed(planned.diagnostics);
        };
        let mut diagnostics = planned.diagnostics;
        let invoked = self.invoke(plan).await;
        diagnostics.extend(invoked.diagnostics);
        Outcome::new(invoked.value, diagnostics)
    }

    /// Returns the request of an invocation, for a test that reads the stream itself.
    ///
    /// # Panics
    ///
    /// Panics if Terraform would refuse the configuration.
    pub fn invoke_request(
        &self,
        type_name: &str,
        config: Json,
    ) -> Request<proto::invoke_action::Request> {
        let schema = self.action_schema(type_name);
        let config = config::decode(schema, &config);
        let config = config.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        Request::new(proto::invoke_action::Request {
            action_type: type_name.to_owned(),
            config: encode_value(&config, &schema.ty),
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
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Diagnostics> {
        let request = proto::validate_action_config::Request {
            type_name: type_name.to_owned(),
            config: encode_value(config, &schema.ty),
        };
        let reply: proto::validate_action_config::Response = process
            .call(request, provider_server::Provider::validate_action_config)
            .await?;
        diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
        Ok(())
    }

    /// Reads the events: any number of progress events, then exactly one completed event.
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
            config: encode_value(&planned.config, &schema.ty),
            client_capabilities: None,
        };
        let stream =
            provider_server::Provider::invoke_action(process.server(), Request::new(request)).await;
        let mut stream = stream.map_err(plugin_error)?.into_inner();
        let (mut progress, mut completed) = (Vec::new(), None);
        while let Some(event) = stream.next().await {
            let event = event.map_err(plugin_error)?;
            assert!(completed.is_none(), "an event follows the completion");
            match event.r#type {
                Some(Type::Progress(step)) => progress.push(step.message),
                Some(Type::Completed(end)) => {
                    completed = Some(decode_diagnostics(&end.diagnostics))
                }
                None => panic!("unexpected event type <nil> in InvokeAction response"),
            }
        }
        let completed = completed.expect("the display of an action waits for its completion");
        Ok((progress, completed))
    }
}
