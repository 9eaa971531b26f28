//! [`Simulator`]: a handle to the running server, its faults and its records of connections.
//!
//! What it does to the service behind the server is in [`Service`].

use std::fmt;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use tokio::task::AbortHandle;

use crate::fault::Fault;
use crate::routes::SERVICE_PATH;
use crate::server_state::ServerState;
use crate::service::Service;

/// A running pretend HCP Terraform; clones are handles to the same one.
///
/// It is a [`Service`] (organizations, callers, tokens, the audit trail, a clock) behind an HTTP server. It stops, and
/// closes its connections, when the last handle is dropped.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<ServerState>,
    server: Arc<ServerTask>,
}

/// The task that serves; it ends when this is dropped.
struct ServerTask(AbortHandle);

impl Drop for ServerTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Deref for Simulator {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.shared.service
    }
}

impl Simulator {
    pub(crate) fn new(shared: Arc<ServerState>, server: AbortHandle) -> Self {
        Self {
            shared,
            server: Arc::new(ServerTask(server)),
        }
    }

    /// Returns the address at which it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Returns its origin, such as `http://127.0.0.1:40001`.
    pub fn url(&self) -> String {
        let scheme = if self.shared.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.shared.address)
    }

    /// Returns the URL of its API, such as `http://127.0.0.1:40001/api/v2/`.
    pub fn api_url(&self) -> String {
        format!("{}{SERVICE_PATH}", self.url())
    }

    /// Adds a fault after those that are there.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults().push(fault);
    }

    /// Returns how many faults are still to happen; those for [`Fault::always`] always are.
    pub fn faults_left(&self) -> usize {
        self.shared.faults().len()
    }

    /// Removes all faults. If connections were refused, [`wait_until_idle`](Self::wait_until_idle) waits until they
    /// are accepted again.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
        self.shared.listener.resume();
    }

    /// Ends the connections, and refuses new ones until the faults are cleared; the address stays the same.
    pub async fn refuse_connections(&self) {
        self.shared.listener.stop().await;
    }

    /// Waits until every request that arrived is answered, and every change that a fault put off is made.
    pub async fn wait_until_idle(&self) {
        self.shared.idle().await;
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("url", &self.url())
            .field("handles", &Arc::strong_count(&self.server))
            .finish()
    }
}
