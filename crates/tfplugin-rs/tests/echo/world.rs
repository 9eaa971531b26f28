//! [`World`]: the objects of the provider `echo`, and the events that a test waits for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

/// The timeout of a wait for an event that should happen at once.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The service behind the provider. Clones share it, as the processes of a plugin share a service.
#[derive(Clone)]
pub(crate) struct World(Arc<Shared>);

struct Shared {
    things: Mutex<Things>,
    events: watch::Sender<Vec<String>>,
    arrived: Semaphore,
    released: watch::Sender<bool>,
}

struct Things {
    next: u64,
    serials: u64,
    gone: BTreeSet<String>,
}

impl World {
    /// Returns a world whose first object has this number.
    pub(crate) fn starting_at(number: u64) -> Self {
        Self(Arc::new(Shared {
            things: Mutex::new(Things {
                next: number,
                serials: number,
                gone: BTreeSet::new(),
            }),
            events: watch::channel(Vec::new()).0,
            arrived: Semaphore::new(0),
            released: watch::channel(false).0,
        }))
    }

    /// Returns what calls did, in order: `create echo-1`, `delete echo-1`, …
    pub(crate) fn events(&self) -> Vec<String> {
        self.0.events.borrow().clone()
    }

    /// Waits for an event.
    pub(crate) async fn happened(&self, event: &str) {
        self.happened_times(event, 1).await;
    }

    /// Waits until an event has happened this number of times.
    pub(crate) async fn happened_times(&self, event: &str, times: usize) {
        let mut events = self.0.events.subscribe();
        let happened =
            events.wait_for(|events| events.iter().filter(|one| *one == event).count() >= times);
        let _ = timeout(TIMEOUT, happened)
            .await
            .unwrap_or_else(|_| panic!("{event:?} was to happen, but: {:?}", self.events()))
            .expect("the world outlives its watchers");
    }

    /// Deletes an object outside of Terraform.
    pub(crate) fn lose(&self, id: &str) {
        self.things().gone.insert(id.to_owned());
    }

    /// Waits until this number of calls have reached a `wait` or `hold` of their scripts.
    pub(crate) async fn arrived(&self, calls: u32) {
        timeout(TIMEOUT, self.0.arrived.acquire_many(calls))
            .await
            .unwrap_or_else(|_| panic!("{calls} calls were to arrive, and did not"))
            .expect("the semaphore is never closed")
            .forget();
    }

    /// Ends the waits of all calls at a `wait` or `hold`.
    pub(crate) fn release(&self) {
        self.0.released.send_replace(true);
    }

    pub(super) fn create(&self) -> String {
        let mut things = self.things();
        let id = format!("echo-{}", things.next);
        things.next += 1;
        drop(things);
        self.record_event(format!("create {id}"));
        id
    }

    /// Returns a new serial number for a part of an object.
    pub(super) fn serial(&self) -> String {
        let mut things = self.things();
        let serial = format!("s{}", things.serials);
        things.serials += 1;
        serial
    }

    pub(super) fn delete(&self, id: &str) {
        self.lose(id);
        self.record_event(format!("delete {id}"));
    }

    pub(super) fn has(&self, id: &str) -> bool {
        !self.things().gone.contains(id)
    }

    pub(super) fn record_event(&self, event: impl Into<String>) {
        self.0
            .events
            .send_modify(|events| events.push(event.into()));
    }

    pub(super) async fn wait_for_release(&self) {
        self.0.arrived.add_permits(1);
        let mut released = self.0.released.subscribe();
        released
            .wait_for(|released| *released)
            .await
            .expect("the world outlives its calls");
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        self.0.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
