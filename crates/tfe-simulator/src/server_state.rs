//! [`ServerState`]: what the handles and the connections of one server have in common.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::fault_queue::FaultQueue;
use crate::listener::ListenerControl;
use crate::record::RecordedRequest;
use crate::request::Request;
use crate::response::Response;
use crate::routes;
use crate::service::Service;

/// A function that is called with every request after it was answered.
pub(crate) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

pub(crate) struct ServerState {
    pub(crate) service: Service,
    pub(crate) listener: ListenerControl,
    pub(crate) address: SocketAddr,
    pub(crate) secure: bool,
    /// Whether `/_simulator/…` is served.
    pub(crate) control: bool,
    pub(crate) observer: Option<Observer>,
    faults: Mutex<FaultQueue>,
    /// How many requests, and changes that a fault put off, are not finished.
    in_flight: watch::Sender<usize>,
}

/// Counts one request or change as in flight until it is dropped.
pub(crate) struct InFlight(Arc<ServerState>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.send_modify(|count| *count -= 1);
    }
}

impl ServerState {
    pub(crate) fn new(
        service: Service,
        address: SocketAddr,
        secure: bool,
        control: bool,
        observer: Option<Observer>,
    ) -> Self {
        Self {
            service,
            listener: ListenerControl::listening(),
            address,
            secure,
            control,
            observer,
            faults: Mutex::default(),
            in_flight: watch::Sender::new(0),
        }
    }

    /// Locks the faults. A panic of another holder does not matter: every change of the queue is one step.
    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultQueue> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a request's change, and returns the response.
    pub(crate) fn execute(&self, request: &Request) -> Response {
        routes::execute(&mut self.service.state(), request)
    }

    /// Counts something as in flight until the guard is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> InFlight {
        self.in_flight.send_modify(|count| *count += 1);
        InFlight(Arc::clone(self))
    }

    /// Waits until nothing is in flight, and the listener is as it was asked to be.
    pub(crate) async fn idle(&self) {
        let mut count = self.in_flight.subscribe();
        count
            .wait_for(|count| *count == 0)
            .await
            .expect("`self` holds the sender");
        self.listener.applied().await;
    }
}
