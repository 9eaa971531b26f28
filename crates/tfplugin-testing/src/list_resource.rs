//! List resources (Terraform 1.14: `internal/plugin6/grpc_provider.go`, `ListResource`;
//! `internal/terraform/node_resource_plan_instance_query.go`).

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
use super::read::check_object;
use super::rules;
use super::schema::ObjectSchema;
use super::wire::{decode_diagnostics, decode_value, encode_value};

/// The arguments of a `list` block besides its configuration.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    /// The most results that are returned.
    pub limit: i64,
    /// Whether results have the whole object.
    pub include_resource: bool,
}

impl Query {
    /// Terraform's defaults.
    pub const DEFAULT: Self = Self {
        limit: 100,
        include_resource: false,
    };

    /// The defaults, with whole objects.
    pub const OBJECTS: Self = Self {
        include_resource: true,
        ..Self::DEFAULT
    };

    /// Sets the limit.
    pub fn limited_to(self, limit: i64) -> Self {
        Self { limit, ..self }
    }
}

/// A result of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct ListResult {
    /// The display name.
    pub name: String,
    /// The identity.
    pub identity: Json,
    /// The object; null without [`Query::include_resource`].
    pub object: Json,
}

impl<P: Provider> Core<P> {
    /// Validates and queries a list resource, as `terraform query` does.
    pub async fn list(
        &self,
        type_name: &str,
        config: Json,
        query: Query,
    ) -> Outcome<Vec<ListResult>> {
        let mut diagnostics = Diagnostics::new();
        let result = async {
            let schema = self.list_schema(type_name);
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut diagnostics).await?;
            let request = proto::validate_list_resource_config::Request {
                type_name: type_name.to_owned(),
                config: encode_value(&config, &schema.ty),
                ..Default::default()
            };
            let reply: proto::validate_list_resource_config::Response = process
                .call(
                    request,
                    provider_server::Provider::validate_list_resource_config,
                )
                .await?;
            diagnostics.extend(decode_diagnostics(&reply.diagnostics).into_result()?);
            if !config.is_wholly_known() {
                return Err(Diagnostic::error("config is not known", type_name).into());
            }
            let request = search(type_name, schema, &config, query);
            self.receive(&process, type_name, query, request, &mut diagnostics)
                .await
        }
        .await;
        outcome(result, diagnostics)
    }

    /// Returns the request of a query, for a test that reads the stream itself.
    ///
    /// # Panics
    ///
    /// Panics if Terraform would refuse the configuration.
    pub fn list_request(
        &self,
        type_name: &str,
        config: Json,
        query: Query,
    ) -> Request<proto::list_resource::Request> {
        let schema = self.list_schema(type_name);
        let config = config::decode(schema, &config);
        let config = config.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        search(type_name, schema, &config, query)
    }

    #[track_caller]
    fn list_schema(&self, type_name: &str) -> &ObjectSchema {
        self.schemas
            .list_resources
            .get(type_name)
            .unwrap_or_else(|| panic!("the provider has no list resource {type_name:?}"))
    }

    /// Reads events until the limit, an error or the end, and drops the stream.
    async fn receive(
        &self,
        process: &Process<P>,
        type_name: &str,
        query: Query,
        request: Request<proto::list_resource::Request>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Vec<ListResult>, Diagnostics> {
        let stream = provider_server::Provider::list_resource(process.server(), request).await;
        let mut stream = stream.map_err(plugin_error)?.into_inner();
        let mut found = Vec::new();
        while i64::try_from(found.len()).expect("a small number") < query.limit {
            let Some(event) = stream.next().await else {
                break;
            };
            let event = event.map_err(plugin_error)?;
            diagnostics.extend(decode_diagnostics(&event.diagnostic).into_result()?);
            if !diagnostics.is_empty() && event.identity.is_none() {
                continue;
            }
            found.push(self.listed(type_name, query, event)?);
        }
        Ok(found)
    }

    fn listed(
        &self,
        type_name: &str,
        query: Query,
        event: proto::list_resource::Event,
    ) -> Result<ListResult, Diagnostics> {
        let schema = self.resource_schema(type_name);
        let Some(shape) = schema.identity.as_ref() else {
            return Err(Diagnostic::error("Identity schema not found", type_name).into());
        };
        let identity = event.identity.and_then(|one| one.identity_data);
        let Some(identity) = identity else {
            return Err(Diagnostic::error("missing identity data", type_name).into());
        };
        let identity = decode_value(Some(identity), &shape.ty)?;
        let mut problems = rules::conformance_problems(&shape.ty, &identity);
        // The generated `import` block needs a known value for each.
        for name in shape.required.keys() {
            let one = identity.attribute(name);
            if one.is_none_or(|one| one.is_null() || !one.is_wholly_known()) {
                problems.push(format!("the identity has no {name}"));
            }
        }
        if event.display_name.is_empty() {
            problems.push("it has no name to be shown by".to_owned());
        }
        if event.resource_object.is_some() != query.include_resource {
            problems.push("the object is there unasked, or is not".to_owned());
        }
        rules::refuse(
            "Provider produced invalid list result",
            type_name,
            &problems,
        )?;
        let object = decode_value(event.resource_object, &schema.ty)?;
        if query.include_resource {
            check_object(
                "Provider produced invalid object",
                type_name,
                schema,
                &object,
            )?;
            refuse_null(type_name, &object)?;
        }
        Ok(ListResult {
            name: event.display_name,
            identity: config::to_json(&identity),
            object: config::to_json(&object),
        })
    }
}

fn search(
    type_name: &str,
    schema: &ObjectSchema,
    config: &Value,
    query: Query,
) -> Request<proto::list_resource::Request> {
    Request::new(proto::list_resource::Request {
        type_name: type_name.to_owned(),
        config: encode_value(config, &schema.ty),
        include_resource_object: query.include_resource,
        limit: query.limit,
    })
}

fn refuse_null(type_name: &str, object: &Value) -> Result<(), Diagnostics> {
    if object.is_null() {
        return Err(Diagnostic::error("Provider produced null object", type_name).into());
    }
    Ok(())
}
