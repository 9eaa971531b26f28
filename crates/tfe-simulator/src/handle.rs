//! What a test holds in its hand: the running simulator.
//!
//! What it does to organizations, callers and tokens is in `administration`.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::AbortHandle;

use super::builder::Builder;
use super::fault::Fault;
use super::record::{RecordedRequest, TokenChange};
use super::server::Shared;
use super::settings::Settings;
use super::world::World;

/// A running pretend HCP Terraform; clones are handles to the same one.
///
/// It stops, and closes its connections, when the last handle is dropped. Methods that name an
/// organization panic if there is none of that name: that is a mistake in the test.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
    server: Option<Arc<Server>>,
}

/// The task that serves; it ends with this.
struct Server(AbortHandle);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Simulator {
    /// Starts one with the defaults: HCP Terraform, plain HTTP, 127.0.0.1 and a free port, the
    /// clock at 2026-01-01T00:00:00Z, no organization and nobody who may call.
    ///
    /// # Panics
    ///
    /// If no port can be had.
    pub async fn start() -> Self {
        Self::builder()
            .start()
            .await
            .expect("a free port on 127.0.0.1")
    }

    /// Prepares one with other than the defaults.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(super) fn attached(shared: Arc<Shared>, server: AbortHandle) -> Self {
        Self {
            shared,
            server: Some(Arc::new(Server(server))),
        }
    }

    pub(super) fn detached(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            server: None,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Its origin, such as `http://127.0.0.1:40001`.
    pub fn url(&self) -> String {
        let scheme = if self.shared.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.shared.address)
    }

    /// Where its API is, such as `http://127.0.0.1:40001/api/v2/`.
    pub fn api_url(&self) -> String {
        format!(
            "{}{}",
            self.url(),
            self.world(|w| w.settings.service_path.clone())
        )
    }

    /// Changes the settings from the next request on.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        self.world(|w| change(&mut w.settings));
    }

    // The clock

    /// What its clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.world(|w| w.clock.now())
    }

    /// Sets its clock.
    pub fn set_clock(&self, time: DateTime<Utc>) {
        self.world(|w| w.clock.set(time));
    }

    /// Moves its clock on; the rate limit's window passes too.
    pub fn advance(&self, by: Duration) {
        self.world(|w| w.clock.advance(by));
    }

    // Faults and records

    /// Adds a fault behind those that are there.
    pub fn inject(&self, fault: Fault) {
        self.world(|w| w.faults.push(fault));
    }

    /// How many faults are not used up; those for [`Fault::always`] never are.
    pub fn faults_left(&self) -> usize {
        self.world(|w| w.faults.iter().filter(|fault| !fault.is_used_up()).count())
    }

    /// Takes all faults away. Where connections were refused, [`quiet`](Self::quiet) waits until
    /// they are accepted again.
    pub fn clear_faults(&self) {
        self.world(|w| w.faults.clear());
        self.shared.door.open();
    }

    /// Ends the connections, and refuses new ones until the faults are cleared; the address stays
    /// the same.
    pub async fn refuse_connections(&self) {
        self.shared.door.close().await;
    }

    /// Waits until every request that arrived is answered, and every change made that a fault has
    /// put off.
    pub async fn quiet(&self) {
        self.shared.quiet().await;
    }

    /// The requests so far, in the order of arrival, without their secrets.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.world(|w| w.requests.clone())
    }

    /// The changes of audit trail tokens since the requests were last forgotten, by requests and
    /// by others.
    pub fn token_changes(&self) -> Vec<TokenChange> {
        self.world(|w| w.changes.clone())
    }

    /// Forgets the requests so far, and the changes of tokens.
    pub fn clear_requests(&self) {
        self.world(|w| {
            w.requests.clear();
            w.changes.clear();
        });
    }

    /// How many connections clients have opened so far.
    pub fn connections(&self) -> usize {
        self.world(|w| w.connections)
    }

    /// Sees or changes the world, as one step.
    pub(super) fn world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.shared.world())
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("url", &self.url())
            .field("serving", &self.server.is_some())
            .finish()
    }
}
