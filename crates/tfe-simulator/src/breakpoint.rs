//! [`Breakpoint`]: a place where requests wait until a test releases them.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore, mpsc};

use crate::record::RecordedRequest;

/// A place where requests wait until a test releases them; clones are the same place.
///
/// [`Fault::pause_request`](crate::Fault::pause_request) and
/// [`Fault::pause_response`](crate::Fault::pause_response) make requests wait here. So a test waits for a request to
/// arrive and not for time to pass:
///
/// ```
/// use tfe_simulator::{Breakpoint, Fault, Method, Simulator};
/// use tokio::io::AsyncWriteExt;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let simulator = Simulator::start().await;
/// let breakpoint = Breakpoint::new();
/// simulator.inject(Fault::on(Method::GET, "/ping").pause_response(&breakpoint));
///
/// let mut client = tokio::net::TcpStream::connect(simulator.address()).await?;
/// client.write_all(b"GET /api/v2/ping HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
/// let request = breakpoint.arrived().await;
/// assert_eq!(request.path, "/api/v2/ping");
/// // The service has executed the request, and the client has no response yet.
/// breakpoint.release();
/// # std::io::Result::Ok(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Breakpoint(Arc<Queue>);

struct Queue {
    arrive: mpsc::UnboundedSender<RecordedRequest>,
    arrivals: Mutex<mpsc::UnboundedReceiver<RecordedRequest>>,
    /// One permit for each request that is released; closed when all are.
    released: Semaphore,
}

impl Breakpoint {
    /// Creates a breakpoint that stops every request.
    pub fn new() -> Self {
        let (arrive, arrivals) = mpsc::unbounded_channel();
        Self(Arc::new(Queue {
            arrive,
            arrivals: Mutex::new(arrivals),
            released: Semaphore::new(0),
        }))
    }

    /// Waits for the next request to arrive, and returns it.
    ///
    /// Each request is returned once, in the order of arrival, even if it has been released already.
    pub async fn arrived(&self) -> RecordedRequest {
        let request = self.0.arrivals.lock().await.recv().await;
        request.expect("the queue holds the sender")
    }

    /// Releases one request: the first that waits, or the next to arrive if none does.
    pub fn release(&self) {
        self.0.released.add_permits(1);
    }

    /// Releases all requests, including those that arrive later.
    pub fn release_all(&self) {
        self.0.released.close();
    }

    pub(crate) async fn pass(&self, request: RecordedRequest) {
        // Cannot fail: the queue holds the receiver.
        let _ = self.0.arrive.send(request);
        if let Ok(permit) = self.0.released.acquire().await {
            permit.forget();
        }
    }
}

impl Default for Breakpoint {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Breakpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakpoint")
            .field("released_all", &self.0.released.is_closed())
            .finish_non_exhaustive()
    }
}
