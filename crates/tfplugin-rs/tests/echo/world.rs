//! [`World`]: what a test knows of a provider, and does to it, from outside.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

/// After which a test gives up on what should happen at once.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the provider's objects are. Clones share it, as the processes of a plugin share a service.
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
    /// A world whose first object has this number.
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

    /// What was done, in order: `create echo-1`, `delete echo-1`, …
    pub(crate) fn events(&self) -> Vec<String> {
        self.0.events.borrow().clone()
    }

    /// Waits until something was done.
    pub(crate) async fn happened(&self, event: &str) {
        self.happened_times(event, 1).await;
    }

    /// Waits until something was done so many times.
    pub(crate) async fn happened_times(&self, event: &str, times: usize) {
        let mut events = self.0.events.subscribe();
        let happened =
            events.wait_for(|events| events.iter().filter(|one| *one == event).count() >= times);
        let _ = timeout(PATIENCE, happened)
            .await
            .unwrap_or_else(|_| panic!("{event:?} was to happen, but: {:?}", self.events()))
            .expect("the world outlives its watchers");
    }

    /// Makes an object vanish behind Terraform's back.
    pub(crate) fn lose(&self, id: &str) {
        self.things().gone.insert(id.to_owned());
    }

    /// Waits until so many calls stand at a `wait` or `hold` of their scripts.
    pub(crate) async fn arrived(&self, calls: u32) {
        timeout(PATIENCE, self.0.arrived.acquire_many(calls))
            .await
            .unwrap_or_else(|_| panic!("{calls} calls were to arrive, and did not"))
            .expect("the semaphore is never closed")
            .forget();
    }

    /// Lets every call go on that stands at a `wait` or `hold`.
    pub(crate) fn release(&self) {
        self.0.released.send_replace(true);
    }

    pub(super) fn create(&self) -> String {
        let mut things = self.things();
        let id = format!("echo-{}", things.next);
        things.next += 1;
        drop(things);
        self.note(format!("create {id}"));
        id
    }

    /// A number for a part of an object, given out once.
    pub(super) fn serial(&self) -> String {
        let mut things = self.things();
        let serial = format!("s{}", things.serials);
        things.serials += 1;
        serial
    }

    pub(super) fn delete(&self, id: &str) {
        self.lose(id);
        self.note(format!("delete {id}"));
    }

    pub(super) fn has(&self, id: &str) -> bool {
        !self.things().gone.contains(id)
    }

    pub(super) fn note(&self, event: impl Into<String>) {
        self.0
            .events
            .send_modify(|events| events.push(event.into()));
    }

    pub(super) async fn stand_still(&self) {
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
