//! The server: sockets, TLS and HTTP around the service.
//!
//! Everything runs on the caller's runtime, which may be a current-thread one with a paused clock: nothing blocks, and
//! only tokio's timers wait.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::exchange;
use crate::http2;
use crate::payload::Payload;
use crate::response::Delivery;
use crate::server_state::ServerState;

/// Accepts connections for ever, except while the listener is stopped; dropping the future closes them all.
pub(crate) async fn serve(
    mut listener: TcpListener,
    tls: Option<TlsAcceptor>,
    server: Arc<ServerState>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    server.service.state().connections += 1;
                    connections.spawn(serve_connection(stream, tls.clone(), Arc::clone(&server)));
                }
                // A passing condition, such as too many open files.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            () = server.listener.stop_requested() => {
                let resumed = server.listener.closed_until_resumed(listener).await;
                listener = resumed.expect("the port stays bound");
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve_connection(stream: TcpStream, tls: Option<TlsAcceptor>, server: Arc<ServerState>) {
    // This and the TLS handshake fail only if the client is gone or does not accept the certificate.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve_http1(stream, server).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                match stream.get_ref().1.alpn_protocol() {
                    Some(http2::ALPN) => http2::serve(stream, server).await,
                    _ => serve_http1(stream, server).await,
                }
            }
        }
    }
}

async fn serve_http1(stream: impl AsyncRead + AsyncWrite + Unpin, server: Arc<ServerState>) {
    let service = service_fn(|request| respond(Arc::clone(&server), request));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // An error means that the client is gone, or that a fault cut the connection.
    tokio::select! {
        // First, so that the response of a fault that stops the listener says `Connection: close`.
        biased;
        () = server.listener.stop_requested() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
        served = connection.as_mut() => drop(served),
    }
}

/// Answers one request; an error makes hyper close the connection.
async fn respond(
    server: Arc<ServerState>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Payload>, io::Error> {
    match exchange::execute(server, request).await? {
        Delivery::Whole(response) => Ok(exchange::on_the_wire(response, Payload::whole)),
        Delivery::CutBody(response) => Ok(exchange::on_the_wire(response, Payload::cut)),
        Delivery::Cut | Delivery::Reset(_) | Delivery::GoAway { .. } => {
            Err(io::ErrorKind::ConnectionAborted.into())
        }
    }
}
