//! Data sources.

use serde_json::{Value as Json, json};
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider};

use super::process::{Walk, capabilities, dynamic, told, value};
use super::read::{not_deferred, settled};
use super::{Core, Outcome, UNKNOWN, config, outcome};

impl<P: Provider> Core<P> {
    /// Reads a data source while planning. Where the configuration is not known yet, nothing is read and the result is
    /// [`UNKNOWN`].
    pub async fn read_data(&self, type_name: &str, config: Json) -> Outcome<Json> {
        let mut messages = Diagnostics::new();
        let result = async {
            let schema = self
                .schemas
                .data_sources
                .get(type_name)
                .unwrap_or_else(|| panic!("the provider has no data source {type_name:?}"));
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut messages).await?;
            let request = proto::validate_data_resource_config::Request {
                type_name: type_name.to_owned(),
                config: dynamic(&config, &schema.ty),
            };
            let reply: proto::validate_data_resource_config::Response = process
                .call(
                    request,
                    provider_server::Provider::validate_data_resource_config,
                )
                .await?;
            messages.extend(told(&reply.diagnostics).into_result()?);
            if !config.is_wholly_known() {
                return Ok(json!(UNKNOWN));
            }
            let request = proto::read_data_source::Request {
                type_name: type_name.to_owned(),
                config: dynamic(&config, &schema.ty),
                client_capabilities: capabilities(self.host, Walk::Plan),
                ..Default::default()
            };
            let reply: proto::read_data_source::Response = process
                .call(request, provider_server::Provider::read_data_source)
                .await?;
            messages.extend(told(&reply.diagnostics).into_result()?);
            not_deferred(reply.deferred)?;
            let state = value(reply.state, &schema.ty)?;
            if state.is_null() {
                return Err(Diagnostic::error("Provider produced null object", type_name).into());
            }
            settled(
                "Provider produced invalid object",
                type_name,
                schema,
                &state,
            )?;
            Ok(config::json(&state))
        }
        .await;
        outcome(result, messages)
    }
}
