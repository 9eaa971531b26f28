//! [`Process`]: one start of the plugin.
//!
//! Every request and every reply is encoded and decoded, as it would be for the socket.

use std::future::Future;
use std::sync::Arc;

use prost::Message;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostic, Diagnostics, Lifecycle, Provider, Server, Type, Value};
use tonic::{Code, Request, Response, Status};

use super::host::{HostProfile, Walk};
use super::schema::Schemas;
use super::wire::{decode_diagnostics, encode_value};

/// One start of the plugin, for calling single RPCs. Clones share it.
pub struct Process<P: Provider> {
    server: Arc<Server<P>>,
    /// The work that is in flight in the provider.
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

impl<P: Provider> Process<P> {
    /// Starts a provider, which is not configured yet.
    pub fn start(provider: P) -> Self {
        let lifecycle = Lifecycle::new();
        Self {
            server: Arc::new(Server::new(provider, lifecycle.clone())),
            lifecycle,
        }
    }

    /// Returns the service itself, for RPCs that stream.
    pub fn server(&self) -> &Server<P> {
        &self.server
    }

    /// Calls an RPC: `process.call(request, provider_server::Provider::read_resource)`.
    ///
    /// # Errors
    ///
    /// Returns the error that Terraform makes of a gRPC status. The caller checks the diagnostics of the reply.
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
            Err(status) => Err(plugin_error(status)),
        }
    }

    /// Reads the provider's schemas.
    ///
    /// # Errors
    ///
    /// Returns the provider's errors, and those of schemas that Terraform refuses.
    pub async fn schemas(&self) -> Result<Schemas, Diagnostics> {
        let reply: proto::get_provider_schema::Response = self
            .call(
                proto::get_provider_schema::Request {},
                provider_server::Provider::get_provider_schema,
            )
            .await?;
        decode_diagnostics(&reply.diagnostics).into_result()?;
        let identities: proto::get_resource_identity_schemas::Response = self
            .call(
                proto::get_resource_identity_schemas::Request {},
                provider_server::Provider::get_resource_identity_schemas,
            )
            .await?;
        decode_diagnostics(&identities.diagnostics).into_result()?;
        let schemas = Schemas::read(reply);
        let schemas = schemas.and_then(|schemas| schemas.with_identities(identities));
        schemas.map_err(|problems| {
            Diagnostic::error("Failed to load plugin schemas", problems.join("\n")).into()
        })
    }

    /// Validates the provider block, and configures the provider except in the validate walk. Returns the provider's
    /// warnings.
    ///
    /// # Errors
    ///
    /// Returns the provider's errors.
    pub async fn configure(
        &self,
        host: HostProfile,
        walk: Walk,
        config: &Value,
        ty: &Type,
    ) -> Result<Diagnostics, Diagnostics> {
        let request = proto::validate_provider_config::Request {
            config: encode_value(config, ty),
        };
        let reply: proto::validate_provider_config::Response = self
            .call(request, provider_server::Provider::validate_provider_config)
            .await?;
        let mut diagnostics = decode_diagnostics(&reply.diagnostics).into_result()?;
        if walk == Walk::Validate {
            return Ok(diagnostics);
        }
        let request = proto::configure_provider::Request {
            terraform_version: host.terraform_version.to_owned(),
            config: encode_value(config, ty),
            client_capabilities: host.client_capabilities(walk),
        };
        let reply: proto::configure_provider::Response = self
            .call(request, provider_server::Provider::configure_provider)
            .await?;
        diagnostics.extend(decode_diagnostics(&reply.diagnostics));
        diagnostics.into_result()
    }
}

/// Returns the error that Terraform makes of a gRPC status (Terraform: `internal/plugin6/grpc_error.go`).
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn plugin_error(status: Status) -> Diagnostics {
    let summary = match status.code() {
        Code::Unavailable => "Plugin did not respond",
        Code::Cancelled => "Request cancelled",
        Code::Unimplemented => "Unsupported plugin method",
        _ => "Plugin error",
    };
    Diagnostic::error(summary, status.message()).into()
}

/// Encodes and decodes a message.
fn over_the_wire<M: Message + Default>(message: &M) -> M {
    M::decode(message.encode_to_vec().as_slice()).expect("what prost writes, prost reads")
}
