//! Sockets, TLS and HTTP around the world.
//!
//! Everything runs on the caller's runtime, a current-thread one with a paused clock included:
//! nothing blocks, and the only waiting is tokio's.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::Simulator;
use super::answer::Answer;
use super::door::Door;
use super::failure;
use super::payload::Payload;
use super::record::RecordedRequest;
use super::request::Request;
use super::routes::{self, control};
use super::world::World;

/// Called with every request after it was answered.
pub(super) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// What handles, connections and late changes share.
pub(super) struct Shared {
    world: Mutex<World>,
    /// How many requests are underway, with changes that are still to come.
    underway: watch::Sender<usize>,
    pub(super) door: Door,
    pub(super) address: SocketAddr,
    pub(super) secure: bool,
    control: bool,
    observer: Option<Observer>,
}

/// Something that is underway.
pub(super) struct Underway(Arc<Shared>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.underway.send_modify(|count| *count -= 1);
    }
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Outcome {
    Whole(Answer),
    CutBody(Answer),
    Cut,
}

impl Shared {
    pub(super) fn new(
        world: World,
        address: SocketAddr,
        secure: bool,
        control: bool,
        observer: Option<Observer>,
    ) -> Self {
        Self {
            world: Mutex::new(world),
            underway: watch::Sender::new(0),
            door: Door::opened(),
            address,
            secure,
            control,
            observer,
        }
    }

    /// The world, locked. A panic of some other holder does not matter: a request is one step.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts something as underway until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> Underway {
        self.underway.send_modify(|count| *count += 1);
        Underway(Arc::clone(self))
    }

    /// Waits until nothing is underway, the opening of the door included.
    pub(super) async fn quiet(&self) {
        let mut count = self.underway.subscribe();
        count
            .wait_for(|count| *count == 0)
            .await
            .expect("the sender is in this very structure");
        self.door.settled().await;
    }

    pub(super) fn execute(&self, request: &Request) -> Answer {
        routes::execute(&mut self.world(), request)
    }

    /// A handle for scripts that run inside the server; it does not keep the server alive.
    pub(super) fn handle(self: &Arc<Self>) -> Simulator {
        Simulator::detached(Arc::clone(self))
    }

    async fn answer(self: Arc<Self>, request: Request) -> Outcome {
        if self.control && request.path.starts_with(control::PREFIX) {
            return Outcome::Whole(control::execute(&mut self.world(), &request));
        }
        let _underway = self.begin();
        let (record, fault) = {
            let mut world = self.world();
            (world.record_request(&request), world.next_fault(&request))
        };
        let number = record.number;
        let outcome = match fault {
            None => Outcome::Whole(self.execute(&request)),
            Some(fault) => failure::act_out(fault, &self, request, record).await,
        };
        let status = match &outcome {
            Outcome::Whole(answer) | Outcome::CutBody(answer) => Some(answer.status.as_u16()),
            Outcome::Cut => None,
        };
        let record = self.world().record_status(number, status);
        if let (Some(observer), Some(record)) = (&self.observer, record) {
            observer(&record);
        }
        outcome
    }
}

/// Accepts connections for ever, while the door is open; dropping the future closes them all.
pub(super) async fn serve(
    mut listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    shared.world().connections += 1;
                    connections.spawn(connection(stream, tls.clone(), Arc::clone(&shared)));
                }
                // Out of file descriptors, say: that passes.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            () = shared.door.to_be_closed() => {
                let opened = shared.door.stay_closed(listener).await;
                listener = opened.expect("the port was ours a moment ago");
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // Both fail only where the client is gone.
    let _ = stream.set_nodelay(true);
    match tls {
        None => http(stream, shared).await,
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                http(stream, shared).await;
            }
        }
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(|request| respond(Arc::clone(&shared), request));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // An error is the client gone, or a cut that a fault asked for.
    tokio::select! {
        // A closing door comes before the answer that closed it, which says so with its
        // `Connection: close`.
        biased;
        () = shared.door.to_be_closed() => {
            connection.as_mut().graceful_shutdown();
            drop(connection.await);
        }
        served = connection.as_mut() => drop(served),
    }
}

/// Answers one request; an error makes hyper close the connection.
async fn respond(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Payload>, io::Error> {
    let (head, body) = request.into_parts();
    let request = Request {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    // A task of its own: what was asked for is done even if the client hangs up.
    let outcome = tokio::spawn(shared.answer(request)).await;
    match outcome.map_err(io::Error::other)? {
        Outcome::Whole(answer) => Ok(response(answer, Payload::whole)),
        Outcome::CutBody(answer) => Ok(response(answer, Payload::cut)),
        Outcome::Cut => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

fn response(answer: Answer, payload: fn(hyper::body::Bytes) -> Payload) -> Response<Payload> {
    let mut response = Response::new(payload(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers.into_iter().collect::<HeaderMap>();
    response
}
