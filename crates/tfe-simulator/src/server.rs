//! The server: sockets, TLS and HTTP around the service.
//!
//! Everything runs on the caller's runtime, which may be a current-thread one with a paused clock: nothing blocks, and
//! only tokio's timers wait.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::fault_injection;
use crate::payload::Payload;
use crate::request::Request;
use crate::response::{Delivery, Response};
use crate::routes::control;
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
        None => serve_http(stream, server).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve_http(stream, server).await;
            }
        }
    }
}

async fn serve_http(stream: impl AsyncRead + AsyncWrite + Unpin, server: Arc<ServerState>) {
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
    let (head, body) = request.into_parts();
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    // In a task of its own, so that the request is executed even if the client hangs up.
    let delivery = tokio::spawn(answer(server, request)).await;
    match delivery.map_err(io::Error::other)? {
        Delivery::Whole(response) => Ok(on_the_wire(response, Payload::whole)),
        Delivery::CutBody(response) => Ok(on_the_wire(response, Payload::cut)),
        Delivery::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// Records a request, executes it, with the fault that it meets, and reports it to the observer.
async fn answer(server: Arc<ServerState>, request: Request) -> Delivery {
    if server.control && request.path.starts_with(control::PREFIX) {
        return Delivery::Whole(control::execute(&mut server.service.state(), &request));
    }
    let _in_flight = server.begin();
    let (record, fault) = {
        // Under one lock: requests meet faults in the order in which they are recorded.
        let mut state = server.service.state();
        (
            state.record_request(&request),
            server.faults().next(&request),
        )
    };
    let number = record.number;
    let delivery = match fault {
        None => Delivery::Whole(server.execute(&request)),
        Some(fault) => fault_injection::inject(fault, &server, request, record).await,
    };
    let status = match &delivery {
        Delivery::Whole(response) | Delivery::CutBody(response) => Some(response.status.as_u16()),
        Delivery::Cut => None,
    };
    let record = server.service.state().record_status(number, status);
    if let (Some(observer), Some(record)) = (&server.observer, record) {
        observer(&record);
    }
    delivery
}

fn on_the_wire(response: Response, payload: fn(Bytes) -> Payload) -> hyper::Response<Payload> {
    let mut wire = hyper::Response::new(payload(response.body));
    *wire.status_mut() = response.status;
    *wire.headers_mut() = response.headers.into_iter().collect::<HeaderMap>();
    wire
}
