//! `-generate-config-out` (Terraform: `internal/terraform/node_resource_plan_instance.go`, `internal/genconfig`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Path, Provider, Value};

use super::config;
use super::core::Core;
use super::outcome::{Outcome, outcome};
use super::process::Process;
use super::rules;
use super::schema::type_name;
use super::wire::{decode_diagnostics, decode_value, encode_value};

impl<P: Provider> Core<P> {
    /// Returns the configuration that the provider generates for an object in the state (Terraform since 1.14).
    ///
    /// # Panics
    ///
    /// Panics if the state has no such object.
    pub async fn generated_config(&self, address: &str) -> Outcome<Json> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            if !self.schemas.generate_resource_config {
                let detail = "The provider leaves it to Terraform.";
                return Err(Diagnostic::error("No generated configuration", detail).into());
            }
            let schema = self.resource_schema(address);
            let stored = self.state(address).expect("an object in the state");
            let request = proto::generate_resource_config::Request {
                type_name: type_name(address).to_owned(),
                state: encode_value(&stored.value(schema), &schema.ty),
            };
            let process = Process::start((self.start)());
            let reply: proto::generate_resource_config::Response = process
                .call(request, provider_server::Provider::generate_resource_config)
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            let value = decode_value(reply.config, &schema.ty)?;
            let mut problems = rules::conformance_problems(&schema.ty, &value);
            if value.is_null() || !value.is_wholly_known() {
                problems.push("it is null, or not wholly known".to_owned());
            }
            rules::refuse(
                "Provider generated invalid configuration",
                address,
                &problems,
            )?;
            let written = config::to_json(&value);
            config::decode(schema, &written)?;
            Ok(written)
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Returns the configuration that Terraform before 1.14 generates for an object in the state, without the provider
    /// (`ExtractLegacyConfigFromState`).
    ///
    /// # Panics
    ///
    /// Panics if the state has no such object.
    pub fn legacy_config(&self, address: &str) -> Json {
        let schema = self.resource_schema(address);
        let stored = self.state(address).expect("an object in the state");
        let mut config = stored.value(schema);
        for (name, attribute) in &schema.attributes {
            let value = config.attribute(name).cloned().unwrap_or(Value::Null);
            let empty = attribute.optional && value.as_str() == Some("");
            let id = name == "id" && attribute.computed;
            let result = attribute.computed && !attribute.optional;
            if empty || id || result {
                assert!(
                    config.set(&Path::of(name), Value::Null),
                    "{name} is an attribute"
                );
            }
        }
        config::to_json(&config)
    }
}
