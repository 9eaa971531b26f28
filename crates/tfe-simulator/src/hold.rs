//! [`Hold`]: a place where requests wait until a test lets them go on.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore, mpsc};

use super::record::RecordedRequest;

/// A place where requests wait until they are let go, for a test that wants something else to
/// happen first; clones are the same place. [`Fault::hold`](super::Fault::hold) and
/// [`Fault::hold_answer`](super::Fault::hold_answer) send requests there.
///
/// A test waits for a request to arrive and not for time to pass:
///
/// ```
/// use tfe_simulator::{Fault, Hold, Method};
///
/// let hold = Hold::new();
/// let fault = Fault::on(Method::POST, "authentication-token").hold_answer(&hold);
/// # let client = async {
/// let request = hold.arrived().await;
/// // … the token is generated, and the client does not know it yet …
/// hold.release();
/// # };
/// # drop((fault, client));
/// ```
#[derive(Clone)]
pub struct Hold(Arc<Place>);

struct Place {
    arrive: mpsc::UnboundedSender<RecordedRequest>,
    arrivals: Mutex<mpsc::UnboundedReceiver<RecordedRequest>>,
    /// One permit for each request that may go on; closed when all may.
    leave: Semaphore,
}

impl Hold {
    /// Nobody waits, and who comes has to.
    pub fn new() -> Self {
        let (arrive, arrivals) = mpsc::unbounded_channel();
        Self(Arc::new(Place {
            arrive,
            arrivals: Mutex::new(arrivals),
            leave: Semaphore::new(0),
        }))
    }

    /// Waits for the next request to come here, and tells which. Requests are told in the order of
    /// their arrival, each once, also when it has been let go before.
    pub async fn arrived(&self) -> RecordedRequest {
        let request = self.0.arrivals.lock().await.recv().await;
        request.expect("the sender is in the same place")
    }

    /// Lets one request go on: the first of those that wait, or else the next to come.
    pub fn release(&self) {
        self.0.leave.add_permits(1);
    }

    /// Lets all requests go on, also those that are still to come.
    pub fn open(&self) {
        self.0.leave.close();
    }

    pub(super) async fn pass(&self, request: RecordedRequest) {
        // The receiver is in the same place.
        let _ = self.0.arrive.send(request);
        if let Ok(permit) = self.0.leave.acquire().await {
            permit.forget();
        }
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold")
            .field("open", &self.0.leave.is_closed())
            .finish_non_exhaustive()
    }
}
