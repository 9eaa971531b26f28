//! [`Process`]: one start of the plugin, and the wire between it and Terraform.
//!
//! Every request and every reply goes through protobuf's bytes, as it would over the socket.

use std::future::Future;
use std::sync::Arc;

use prost::Message;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::value::{decode_msgpack, encode_msgpack};
use tfplugin::{Diagnostic, Diagnostics, Lifecycle, Path, PathStep, Provider, Server, Type, Value};
use tonic::{Code, Request, Response, Status};

use super::HostProfile;
use super::schema::Schemas;

/// One start of the plugin.
pub struct Process<P: Provider> {
    server: Arc<Server<P>>,
    pub lifecycle: Lifecycle,
}

impl<P: Provider> Clone for Process<P> {
    fn clone(&self) -> Self {
        Self {
            server: Arc::clone(&self.server),
            lifecycle: self.lifecycle.clone(),
        }
    }
}

/// A walk of the graph, for which Terraform starts the plugin anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    Validate,
    Plan,
    Apply,
}

impl<P: Provider> Process<P> {
    pub fn start(provider: P) -> Self {
        let lifecycle = Lifecycle::new();
        Self {
            server: Arc::new(Server::new(provider, lifecycle.clone())),
            lifecycle,
        }
    }

    /// The service itself, for calls that stream.
    pub fn server(&self) -> &Server<P> {
        &self.server
    }

    /// One call. A gRPC status becomes what Terraform makes of it (Terraform: `internal/plugin6/grpc_error.go`).
    ///
    /// ```ignore
    /// process.call(request, provider_server::Provider::read_resource).await
    /// ```
    pub async fn call<'a, Q, R, F>(
        &'a self,
        request: Q,
        rpc: impl FnOnce(&'a Server<P>, Request<Q>) -> F,
    ) -> Result<R, Diagnostics>
    where
        Q: Message + Default,
        R: Message + Default,
        F: Future<Output = Result<Response<R>, Status>>,
    {
        let request = over_the_wire(&request);
        match rpc(&self.server, Request::new(request)).await {
            Ok(reply) => Ok(over_the_wire(reply.get_ref())),
            Err(status) => {
                let summary = match status.code() {
                    Code::Unavailable => "Plugin did not respond",
                    Code::Cancelled => "Request cancelled",
                    Code::Unimplemented => "Unsupported plugin method",
                    _ => "Plugin error",
                };
                Err(Diagnostic::error(summary, status.message()).into())
            }
        }
    }

    /// The schemas, refused where Terraform refuses them.
    pub async fn schemas(&self) -> Result<Schemas, Diagnostics> {
        let reply: proto::get_provider_schema::Response = self
            .call(
                proto::get_provider_schema::Request {},
                provider_server::Provider::get_provider_schema,
            )
            .await?;
        told(&reply.diagnostics).into_result()?;
        let identities: proto::get_resource_identity_schemas::Response = self
            .call(
                proto::get_resource_identity_schemas::Request {},
                provider_server::Provider::get_resource_identity_schemas,
            )
            .await?;
        told(&identities.diagnostics).into_result()?;
        let schemas = Schemas::read(reply);
        let schemas = schemas.and_then(|schemas| schemas.with_identities(identities));
        schemas.map_err(|problems| {
            Diagnostic::error("Failed to load plugin schemas", problems.join("\n")).into()
        })
    }

    /// Validates the provider block, and configures the provider except in the validate walk.
    pub async fn configure(
        &self,
        host: HostProfile,
        walk: Walk,
        config: &Value,
        ty: &Type,
    ) -> Result<Diagnostics, Diagnostics> {
        let request = proto::validate_provider_config::Request {
            config: dynamic(config, ty),
        };
        let reply: proto::validate_provider_config::Response = self
            .call(request, provider_server::Provider::validate_provider_config)
            .await?;
        let mut diagnostics = told(&reply.diagnostics).into_result()?;
        if walk == Walk::Validate {
            return Ok(diagnostics);
        }
        let request = proto::configure_provider::Request {
            terraform_version: host.terraform_version.to_owned(),
            config: dynamic(config, ty),
            client_capabilities: capabilities(host, walk),
        };
        let reply: proto::configure_provider::Response = self
            .call(request, provider_server::Provider::configure_provider)
            .await?;
        diagnostics.extend(told(&reply.diagnostics));
        diagnostics.into_result()
    }
}

/// What the host says it can do in most calls.
pub fn capabilities(host: HostProfile, walk: Walk) -> Option<proto::ClientCapabilities> {
    host.says_what_it_can_do
        .then_some(proto::ClientCapabilities {
            deferral_allowed: match walk {
                Walk::Apply => host.deferral_flag_in_apply,
                Walk::Plan | Walk::Validate => host.deferral_flag_in_plan,
            },
            write_only_attributes_allowed: host.write_only_allowed,
            store_planned_private: host.knows_6_11,
            computed_blocks_allowed: host.knows_6_11,
        })
}

/// A message as the other side reads it.
fn over_the_wire<M: Message + Default>(message: &M) -> M {
    M::decode(message.encode_to_vec().as_slice()).expect("what prost writes, prost reads")
}

/// A value for the provider.
pub fn dynamic(value: &Value, ty: &Type) -> Option<proto::DynamicValue> {
    Some(proto::DynamicValue {
        msgpack: encode_msgpack(value, ty).expect("Core's own values have their types"),
        ..Default::default()
    })
}

/// A value from the provider; absent is null.
pub fn value(value: Option<proto::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    match value {
        Some(value) if !value.msgpack.is_empty() => decode_msgpack(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => Err(Diagnostic::error(
            "Plugin error",
            "A provider answers in msgpack (Terraform: docs/plugin-protocol).",
        )
        .into()),
        _ => Ok(Value::Null),
    }
}

/// Diagnostics from the provider.
#[track_caller]
pub fn told(diagnostics: &[proto::Diagnostic]) -> Diagnostics {
    let mut all = Diagnostics::new();
    all.extend(diagnostics.iter().map(|one| {
        let diagnostic = match one.severity() {
            proto::diagnostic::Severity::Error => Diagnostic::error(&one.summary, &one.detail),
            proto::diagnostic::Severity::Warning => Diagnostic::warning(&one.summary, &one.detail),
            proto::diagnostic::Severity::Invalid => {
                panic!("a diagnostic has no severity: {}", one.summary)
            }
        };
        match &one.attribute {
            Some(attribute) => diagnostic.at(path(attribute)),
            None => diagnostic,
        }
    }));
    all
}

/// A path from the provider.
pub fn path(path: &proto::AttributePath) -> Path {
    use proto::attribute_path::step::Selector;
    path.steps
        .iter()
        .filter_map(|step| step.selector.as_ref())
        .fold(Path::root(), |path, selector| {
            path.with(match selector {
                Selector::AttributeName(name) => PathStep::Attribute(name.clone()),
                Selector::ElementKeyString(key) => PathStep::Key(key.clone()),
                Selector::ElementKeyInt(index) => PathStep::Index(*index),
            })
        })
}
