//! [`Routes`]: gives each call to the service whose name is in its path.
//!
//! tonic's own router is axum; for five names that are known beforehand it would be four more crates.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::Status;
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic_health::pb::health_server::{self, HealthServer};
use tonic_health::server::HealthService;

use super::services::Services;
use crate::server::proto::plugin::grpc_broker_server::{self, GrpcBrokerServer};
use crate::server::proto::plugin::grpc_controller_server::{self, GrpcControllerServer};
use crate::server::proto::plugin::grpc_stdio_server::{self, GrpcStdioServer};
use crate::server::proto::provider_server::{self, Provider, ProviderServer};

/// As in HashiCorp's own server; tonic would refuse requests of more than 4 MiB.
const MAX_MESSAGE: usize = 256 << 20;

/// All services of the process.
pub(super) struct Routes<P> {
    provider: ProviderServer<P>,
    stdio: GrpcStdioServer<Services>,
    broker: GrpcBrokerServer<Services>,
    controller: GrpcControllerServer<Services>,
    health: HealthServer<HealthService>,
}

impl<P> Routes<P> {
    pub(super) fn new(provider: Arc<P>, services: Services, health: HealthService) -> Self {
        Self {
            provider: ProviderServer::from_arc(provider)
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE),
            stdio: GrpcStdioServer::new(services.clone()),
            broker: GrpcBrokerServer::new(services.clone()),
            controller: GrpcControllerServer::new(services),
            health: HealthServer::new(health),
        }
    }
}

impl<P> Clone for Routes<P> {
    fn clone(&self) -> Self {
        Self {
            provider: self.provider.clone(),
            stdio: self.stdio.clone(),
            broker: self.broker.clone(),
            controller: self.controller.clone(),
            health: self.health.clone(),
        }
    }
}

impl<P: Provider> Service<http::Request<Body>> for Routes<P> {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        // `/SERVICE/METHOD`; each service refuses the methods that it does not have.
        match request.uri().path().split('/').nth(1) {
            Some(provider_server::SERVICE_NAME) => self.provider.call(request),
            Some(grpc_stdio_server::SERVICE_NAME) => self.stdio.call(request),
            Some(grpc_broker_server::SERVICE_NAME) => self.broker.call(request),
            Some(grpc_controller_server::SERVICE_NAME) => self.controller.call(request),
            Some(health_server::SERVICE_NAME) => self.health.call(request),
            _ => Box::pin(ready(Ok(Status::unimplemented("").into_http()))),
        }
    }
}
