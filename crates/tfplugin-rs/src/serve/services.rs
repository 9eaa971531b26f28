//! go-plugin's own services, and gRPC's health.
//!
//! Hosts open `StreamStdio` and `StartStream` on every connection, before they know whether they need them,
//! and keep them open: an open stream keeps their connection from going idle. Nothing is ever sent on either:
//! Terraform warns about stdio data, and brokers no connections.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use super::ending::{Ending, Reason};
use super::proto::grpc_health_v1::health_check_response::ServingStatus;
use super::proto::grpc_health_v1::health_server::Health;
use super::proto::grpc_health_v1::{HealthCheckRequest, HealthCheckResponse};
use super::proto::plugin::grpc_broker_server::GrpcBroker;
use super::proto::plugin::grpc_controller_server::GrpcController;
use super::proto::plugin::grpc_stdio_server::GrpcStdio;
use super::proto::plugin::{ConnInfo, Empty, StdioData};

/// All of go-plugin's services: none knows more than that the process can end.
#[derive(Clone)]
pub(super) struct Services {
    pub(super) ending: Ending,
}

/// A stream that stays open without a word, until the future is done.
pub(super) struct Silence<T> {
    first: Option<T>,
    until: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl<T> Silence<T> {
    fn until(end: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            first: None,
            until: Box::pin(end),
        }
    }

    /// Silence after one message.
    fn after(self, first: T) -> Self {
        Self {
            first: Some(first),
            ..self
        }
    }
}

impl<T: Unpin> Stream for Silence<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => self.until.as_mut().poll(cx).map(|()| None),
        }
    }
}

#[tonic::async_trait]
impl GrpcStdio for Services {
    type StreamStdioStream = Silence<StdioData>;

    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        let ending = self.ending.clone();
        Ok(Response::new(Silence::until(async move {
            ending.begun().await;
        })))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Services {
    type StartStreamStream = Silence<ConnInfo>;

    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let ending = self.ending.clone();
        let mut offers = request.into_inner();
        Ok(Response::new(Silence::until(async move {
            let closed = async { while let Some(Ok(_)) = offers.next().await {} };
            tokio::select! {
                () = ending.begun() => {}
                () = closed => {}
            }
        })))
    }
}

#[tonic::async_trait]
impl GrpcController for Services {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.ending.begin(Reason::Shutdown);
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl Health for Services {
    type WatchStream = Silence<HealthCheckResponse>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        match status(&request.into_inner()) {
            ServingStatus::ServiceUnknown => Err(Status::not_found("unknown service")),
            status => Ok(Response::new(reply(status))),
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let ending = self.ending.clone();
        let silence = Silence::until(async move { ending.begun().await });
        let status = status(&request.into_inner());
        Ok(Response::new(silence.after(reply(status))))
    }
}

/// go-plugin's hosts ask for `plugin`; the empty name means the server as a whole.
fn status(request: &HealthCheckRequest) -> ServingStatus {
    match request.service.as_str() {
        "" | "plugin" => ServingStatus::Serving,
        _ => ServingStatus::ServiceUnknown,
    }
}

fn reply(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse {
        status: status.into(),
    }
}
