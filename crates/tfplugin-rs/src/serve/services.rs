//! go-plugin's own services.
//!
//! Hosts open `StreamStdio` and `StartStream` on every connection, before they know whether they need them,
//! and keep them open: an open stream keeps their connection from going idle. Nothing is ever sent on either:
//! Terraform warns about stdio data, and brokers no connections.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use super::shutdown::{Reason, Shutdown};
use crate::server::proto::plugin::grpc_broker_server::GrpcBroker;
use crate::server::proto::plugin::grpc_controller_server::GrpcController;
use crate::server::proto::plugin::grpc_stdio_server::GrpcStdio;
use crate::server::proto::plugin::{ConnInfo, Empty, StdioData};

/// All of go-plugin's services.
#[derive(Clone)]
pub(super) struct Services {
    pub(super) shutdown: Shutdown,
}

/// A stream that sends nothing and ends when a future is done.
pub(super) struct IdleStream<T> {
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    item: PhantomData<fn() -> T>,
}

impl<T> IdleStream<T> {
    fn until(end: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            end: Box::pin(end),
            item: PhantomData,
        }
    }
}

impl<T> Stream for IdleStream<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.end.as_mut().poll(cx).map(|()| None)
    }
}

#[tonic::async_trait]
impl GrpcStdio for Services {
    type StreamStdioStream = IdleStream<StdioData>;

    async fn stream_stdio(
        &self,
        _request: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        let shutdown = self.shutdown.clone();
        Ok(Response::new(IdleStream::until(async move {
            shutdown.begun().await;
        })))
    }
}

#[tonic::async_trait]
impl GrpcBroker for Services {
    type StartStreamStream = IdleStream<ConnInfo>;

    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let shutdown = self.shutdown.clone();
        let mut offers = request.into_inner();
        Ok(Response::new(IdleStream::until(async move {
            let closed = async { while let Some(Ok(_)) = offers.next().await {} };
            tokio::select! {
                () = shutdown.begun() => {}
                () = closed => {}
            }
        })))
    }
}

#[tonic::async_trait]
impl GrpcController for Services {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.shutdown.begin(Reason::Shutdown);
        Ok(Response::new(Empty {}))
    }
}
