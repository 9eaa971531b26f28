//! Data sources.

use serde_json::{Value as Json, json};
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider};

use super::config;
use super::config::UNKNOWN;
use super::core::Core;
use super::host::Walk;
use super::outcome::{Outcome, outcome};
use super::read::{check_object, refuse_deferral};
use super::wire::{decode_diagnostics, decode_value, encode_value};

impl<P: Provider> Core<P> {
    /// Validates and reads a data source, as a plan does. If the configuration is not wholly known, nothing is read and
    /// the result is [`UNKNOWN`].
    pub async fn read_data(&self, type_name: &str, config: Json) -> Outcome<Json> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self
                .schemas
                .data_sources
                .get(type_name)
                .unwrap_or_else(|| panic!("the provider has no data source {type_name:?}"));
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let request = proto::validate_data_resource_config::Request {
                type_name: type_name.to_owned(),
                config: encode_value(&config, &schema.ty),
            };
            let reply: proto::validate_data_resource_config::Response = process
                .call(
                    request,
                    provider_server::Provider::validate_data_resource_config,
                )
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            if !config.is_wholly_known() {
                return Ok(json!(UNKNOWN));
            }
            let request = proto::read_data_source::Request {
                type_name: type_name.to_owned(),
                config: encode_value(&config, &schema.ty),
                client_capabilities: self.host.client_capabilities(Walk::Plan),
                ..Default::default()
            };
            let reply: proto::read_data_source::Response = process
                .call(request, provider_server::Provider::read_data_source)
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            refuse_deferral(reply.deferred)?;
            let state = decode_value(reply.state, &schema.ty)?;
            if state.is_null() {
                return Err(Diagnostic::error("Provider produced null object", type_name).into());
            }
            check_object(
                "Provider produced invalid object",
                type_name,
                schema,
                &state,
            )?;
            Ok(config::to_json(&state))
        }
        .await;
        outcome(result, diagnostics)
    }
}
