//! One life of the plugin process, from the environment to the exit.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;
use tonic::Request;
use tonic::transport::Server;

use super::ending::{Ending, Patience};
use super::environment::Environment;
use super::listener::Listener;
use super::proto::grpc_health_v1::health_server::HealthServer;
use super::proto::plugin::grpc_broker_server::GrpcBrokerServer;
use super::proto::plugin::grpc_controller_server::GrpcControllerServer;
use super::proto::plugin::grpc_stdio_server::GrpcStdioServer;
use super::services::Services;
use super::signals::{self, Parent};
use super::tls::Identity;
use super::{Error, Plugin, connections, debug, handshake};
use crate::lifecycle::Lifecycle;
use crate::server::proto::provider_server::{Provider, ProviderServer};
use crate::server::proto::stop_provider;

/// As in HashiCorp's own server; tonic would refuse requests of more than 4 MiB.
const MAX_MESSAGE: usize = 256 << 20;
/// How long the provider may take to hear that it should stop. It only has to take note.
const STOP: Duration = Duration::from_millis(200);

/// Who started the process.
#[derive(Clone, Copy)]
pub(super) enum Starter {
    /// A host, whose child we are.
    Host(Parent),
    /// Somebody who wants to look into it while hosts come and go: debug mode.
    Practitioner,
}

/// Serves until the process has to end. Everything that was put on disk is gone afterwards.
pub(super) fn run<P: Provider>(
    plugin: Plugin,
    environment: &Environment,
    starter: Starter,
    build: impl FnOnce(Lifecycle) -> P,
) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let result = runtime.block_on(live(plugin, environment, starter, build));
    // Without waiting for threads that resolve a name or read a file: what must not be lost is done.
    runtime.shutdown_background();
    result
}

async fn live<P: Provider>(
    plugin: Plugin,
    environment: &Environment,
    starter: Starter,
    build: impl FnOnce(Lifecycle) -> P,
) -> Result<(), Error> {
    let ending = Ending::default();
    signals::watch(ending.clone(), starter).map_err(Error::Signals)?;
    // A host connects the moment it reads the line: the socket is there first.
    let (listener, address, _place) = Listener::bind(environment)?;
    let (acceptor, announcement) = match starter {
        Starter::Host(_) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "the certificate is valid from the start of the process"
            )]
            let (acceptor, certificate) = environment
                .client_certificate
                .as_deref()
                .map(|pem: &OsStr| Identity::new(pem, SystemTime::now()))
                .transpose()?
                .map(|identity| (identity.acceptor, identity.certificate))
                .unzip();
            (acceptor, handshake::line(&address, certificate.as_deref()))
        }
        // Hosts have no certificate to show to a process that they did not start.
        Starter::Practitioner => {
            let announcement = debug::announcement(&plugin, &address, std::process::id());
            (None, announcement)
        }
    };
    handshake::announce(&announcement).map_err(Error::Handshake)?;

    tracing::debug!(
        version = plugin.version,
        address = address.address,
        "serving"
    );
    remark(environment);
    if let Starter::Host(parent) = starter {
        parent.watch(ending.clone());
    }
    let lifecycle = Lifecycle::new();
    let provider = Arc::new(build(lifecycle.clone()));
    let services = Services {
        ending: ending.clone(),
    };
    let stop = {
        let ending = ending.clone();
        async move { ending.begun().await }
    };
    let mut server = tokio::spawn(
        Server::builder()
            .add_service(
                ProviderServer::from_arc(provider.clone())
                    .max_decoding_message_size(MAX_MESSAGE)
                    .max_encoding_message_size(MAX_MESSAGE),
            )
            .add_service(GrpcStdioServer::new(services.clone()))
            .add_service(GrpcBrokerServer::new(services.clone()))
            .add_service(GrpcControllerServer::new(services.clone()))
            .add_service(HealthServer::new(services))
            .serve_with_incoming_shutdown(connections::accept(listener, acceptor), stop),
    );

    tokio::select! {
        // First: an ending stops the server, often before this task is looked at again.
        biased;
        () = ending.begun() => {}
        stopped = &mut server => {
            return Err(Error::Server(stopped.ok().and_then(Result::err)));
        }
    }
    // As if the practitioner had asked: calls in flight end sooner, and with them their work.
    let stopped = provider.stop_provider(Request::new(stop_provider::Request::default()));
    if timeout(STOP, stopped).await.is_err() {
        tracing::warn!("the provider did not take note that it should stop");
    }
    let served = async {
        let _ = server.await;
    };
    for work in ending.finish(&lifecycle, Patience::OURS, served).await {
        tracing::warn!(
            work,
            "the process has to end while this is in flight: its outcome is unknown"
        );
    }
    Ok(())
}

/// What in the environment will not be as somebody may expect.
fn remark(environment: &Environment) {
    let offered = &environment.protocol_versions;
    if !offered.is_empty() && !offered.contains(&handshake::PROTOCOL) {
        tracing::warn!(
            ?offered,
            spoken = handshake::PROTOCOL,
            "the host does not offer the plugin protocol of this provider: Terraform 1.0 or later does"
        );
    }
    if environment.socket_group {
        tracing::warn!("PLUGIN_UNIX_SOCKET_GROUP has no effect: the socket is this user's alone");
    }
}

/// Standard error as the log's sink: whole lines, and nobody to tell when it is closed.
pub(super) fn write_stderr(line: &[u8]) {
    use std::io::Write as _;
    let _ = io::stderr().lock().write_all(line);
}
