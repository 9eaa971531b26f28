//! The life of the plugin process, from the environment to the exit.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;
use tonic::Request;
use tonic::transport::Server;
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, HealthService};

use super::environment::Environment;
use super::error::Error;
use super::invocation::Mode;
use super::listener::{Listener, Protection};
use super::plugin::Plugin;
use super::routes::Routes;
use super::services::Services;
use super::shutdown::{GracePeriods, Shutdown};
use super::signals::{self, Parent};
use super::tls::AutoMtls;
use super::{connections, debug, handshake};
use crate::lifecycle::Lifecycle;
use crate::server::proto::provider_server::Provider;
use crate::server::proto::stop_provider;

/// The timeout of StopProvider, which only sets stop signals.
const STOP_TIMEOUT: Duration = Duration::from_millis(200);

/// Serves until the process has to end. Removes everything that it has put on disk.
pub(super) fn run<P: Provider>(
    plugin: Plugin,
    environment: &Environment,
    mode: Mode,
    parent: Parent,
    build: impl FnOnce(Lifecycle) -> P,
) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::Runtime)?;
    let result = runtime.block_on(serve(plugin, environment, mode, parent, build));
    // Without waiting for threads that resolve a name or read a file: the work that must not be lost is done.
    runtime.shutdown_background();
    result
}

async fn serve<P: Provider>(
    plugin: Plugin,
    environment: &Environment,
    mode: Mode,
    parent: Parent,
    build: impl FnOnce(Lifecycle) -> P,
) -> Result<(), Error> {
    let shutdown = Shutdown::default();
    signals::watch(shutdown.clone(), mode).map_err(Error::Signals)?;
    // Before the handshake: a host connects as soon as it has read the line.
    let protection = match (mode, &environment.client_certificate) {
        (Mode::Plugin, Some(_)) => Protection::Tls,
        // Hosts show no certificate to a process that they did not start.
        (Mode::Plugin, None) | (Mode::Debug, _) => Protection::None,
    };
    let (listener, address, _socket) = Listener::bind(environment, protection)?;
    let (acceptor, announcement) = match mode {
        Mode::Plugin => {
            #[expect(
                clippy::disallowed_methods,
                reason = "the certificate is valid from the start of the process"
            )]
            let (acceptor, certificate) = environment
                .client_certificate
                .as_deref()
                .map(|pem: &OsStr| AutoMtls::new(pem, SystemTime::now()))
                .transpose()?
                .map(|tls| (tls.acceptor, tls.certificate))
                .unzip();
            (acceptor, handshake::line(&address, certificate.as_deref()))
        }
        Mode::Debug => {
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
    warn_about(environment);
    if mode == Mode::Plugin {
        parent.watch(shutdown.clone());
    }
    let lifecycle = Lifecycle::new();
    let provider = Arc::new(build(lifecycle.clone()));
    let services = Services {
        shutdown: shutdown.clone(),
    };
    // go-plugin's hosts ask for `plugin`; the empty name, the process as a whole, is there from the start.
    let health = HealthReporter::new();
    health
        .set_service_status("plugin", ServingStatus::Serving)
        .await;
    let health = HealthService::from_health_reporter(health);
    let stop = {
        let shutdown = shutdown.clone();
        async move { shutdown.begun().await }
    };
    let mut server = tokio::spawn(Server::builder().serve_with_incoming_shutdown(
        Routes::new(provider.clone(), services, health),
        connections::accept(listener, acceptor),
        stop,
    ));

    tokio::select! {
        // A shutdown stops the server, which may be finished when this task runs again: that is no error.
        biased;
        () = shutdown.begun() => {}
        stopped = &mut server => {
            return Err(Error::Server(stopped.ok().and_then(Result::err)));
        }
    }
    // As if the practitioner had asked: calls in flight end sooner, and with them their work.
    let stopped = provider.stop_provider(Request::new(stop_provider::Request::default()));
    if timeout(STOP_TIMEOUT, stopped).await.is_err() {
        tracing::warn!("the provider did not take note that it should stop");
    }
    lifecycle.begin_exit();
    let served = async {
        let _ = server.await;
    };
    for work in shutdown
        .finish(&lifecycle, GracePeriods::DEFAULT, served)
        .await
    {
        tracing::warn!(
            work,
            "the process has to end while this is in flight: its outcome is unknown"
        );
    }
    Ok(())
}

/// Logs which parts of the environment have another effect than a practitioner may expect.
fn warn_about(environment: &Environment) {
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
