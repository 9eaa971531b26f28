//! List resources (Terraform 1.14: `internal/plugin6/grpc_provider.go`, `ListResource`;
//! `internal/terraform/node_resource_plan_instance_query.go`).

use serde_json::Value as Json;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Provider, Value};
use tokio_stream::StreamExt;
use tonic::Request;

use super::process::{Process, Walk, dynamic, told, value};
use super::read::settled;
use super::{Core, ObjectSchema, Outcome, broken, config, outcome, rules};

/// What a `list` block says besides its configuration.
#[derive(Clone, Copy, Debug)]
pub struct Query {
    pub limit: i64,
    pub include_resource: bool,
}

impl Query {
    /// What Terraform asks for if nothing is said.
    pub const DEFAULT: Self = Self {
        limit: 100,
        include_resource: false,
    };

    /// The same with the objects.
    pub const OBJECTS: Self = Self {
        include_resource: true,
        ..Self::DEFAULT
    };

    /// The same with another limit.
    pub fn limited_to(self, limit: i64) -> Self {
        Self { limit, ..self }
    }
}

/// An object that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub name: String,
    pub identity: Json,
    /// Null unless it was asked for.
    pub object: Json,
}

impl<P: Provider> Core<P> {
    /// `terraform query`.
    pub async fn list(&self, type_name: &str, config: Json, query: Query) -> Outcome<Vec<Listed>> {
        let mut messages = Diagnostics::new();
        let result = async {
            let schema = self.list_schema(type_name);
            let config = config::decode(schema, &config)?;
            let process = self.walk(Walk::Plan, &mut messages).await?;
            let request = proto::validate_list_resource_config::Request {
                type_name: type_name.to_owned(),
                config: dynamic(&config, &schema.ty),
                ..Default::default()
            };
            let reply: proto::validate_list_resource_config::Response = process
                .call(
                    request,
                    provider_server::Provider::validate_list_resource_config,
                )
                .await?;
            messages.extend(told(&reply.diagnostics).into_result()?);
            if !config.is_wholly_known() {
                return Err(Diagnostic::error("config is not known", type_name).into());
            }
            let request = search(type_name, schema, &config, query);
            self.receive(&process, type_name, query, request, &mut messages)
                .await
        }
        .await;
        outcome(result, messages)
    }

    /// The request of a search, for tests that read its stream themselves.
    pub fn search(
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

    /// Takes events until the limit, an error or the end; then the stream is dropped.
    async fn receive(
        &self,
        process: &Process<P>,
        type_name: &str,
        query: Query,
        request: Request<proto::list_resource::Request>,
        messages: &mut Diagnostics,
    ) -> Result<Vec<Listed>, Diagnostics> {
        let stream = provider_server::Provider::list_resource(process.server(), request).await;
        let mut stream = stream.map_err(status)?.into_inner();
        let mut found = Vec::new();
        while i64::try_from(found.len()).expect("a small number") < query.limit {
            let Some(event) = stream.next().await else {
                break;
            };
            let event = event.map_err(status)?;
            messages.extend(told(&event.diagnostic).into_result()?);
            if !messages.is_empty() && event.identity.is_none() {
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
    ) -> Result<Listed, Diagnostics> {
        let schema = self.resource_schema(type_name);
        let Some(shape) = schema.identity.as_ref() else {
            return Err(Diagnostic::error("Identity schema not found", type_name).into());
        };
        let identity = event.identity.and_then(|one| one.identity_data);
        let Some(identity) = identity else {
            return Err(Diagnostic::error("missing identity data", type_name).into());
        };
        let identity = value(Some(identity), &shape.ty)?;
        let mut problems = rules::conformance_problems(&shape.ty, &identity);
        // What is null or unknown cannot stand in the import block that is generated of it.
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
        broken(
            "Provider produced invalid list result",
            type_name,
            &problems,
        )?;
        let object = value(event.resource_object, &schema.ty)?;
        if query.include_resource {
            settled(
                "Provider produced invalid object",
                type_name,
                schema,
                &object,
            )?;
            refuse_null(type_name, &object)?;
        }
        Ok(Listed {
            name: event.display_name,
            identity: config::json(&identity),
            object: config::json(&object),
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
        config: dynamic(config, &schema.ty),
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

fn status(status: tonic::Status) -> Diagnostics {
    Diagnostic::error("Plugin error", status.message()).into()
}
