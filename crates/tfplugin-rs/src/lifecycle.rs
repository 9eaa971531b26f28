//! [`Lifecycle`]: work in flight that must not be lost when the process exits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The work in flight of a process. Clones share it.
#[derive(Clone, Default)]
pub struct Lifecycle {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    work: Mutex<Work>,
    ended: Notify,
}

#[derive(Default)]
struct Work {
    next: u64,
    descriptions: BTreeMap<u64, String>,
}

impl Lifecycle {
    /// Returns a lifecycle without work in flight.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers work that must not be cut off, until the guard is dropped.
    ///
    /// `description` is a phrase such as "generating a token for organization my-org-name". It is logged if the process
    /// has to exit earlier.
    #[must_use]
    pub fn work(&self, description: impl Into<String>) -> WorkGuard {
        let mut work = self.lock();
        let id = work.next;
        work.next += 1;
        work.descriptions.insert(id, description.into());
        WorkGuard {
            lifecycle: self.clone(),
            id,
        }
    }

    /// Returns the descriptions of the work in flight, oldest first.
    pub fn in_flight(&self) -> Vec<String> {
        self.lock().descriptions.values().cloned().collect()
    }

    /// Waits until no work is in flight.
    pub async fn idle(&self) {
        loop {
            let ended = self.shared.ended.notified();
            if self.lock().descriptions.is_empty() {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Work> {
        self.shared
            .work
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lifecycle")
            .field("in_flight", &self.in_flight())
            .finish()
    }
}

/// Work in flight. It ends when the guard is dropped.
#[derive(Debug)]
pub struct WorkGuard {
    lifecycle: Lifecycle,
    id: u64,
}

impl Drop for WorkGuard {
    fn drop(&mut self) {
        self.lifecycle.lock().descriptions.remove(&self.id);
        self.lifecycle.shared.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn is_idle_when_the_last_work_has_ended() {
        let lifecycle = Lifecycle::new();
        lifecycle.idle().await;

        let first = lifecycle.work("first");
        let second = lifecycle.work("second");
        assert_eq!(lifecycle.in_flight(), ["first", "second"]);
        drop(first);
        assert_eq!(lifecycle.in_flight(), ["second"]);

        let idle = tokio::spawn({
            let lifecycle = lifecycle.clone();
            async move { lifecycle.idle().await }
        });
        tokio::task::yield_now().await;
        assert!(!idle.is_finished());
        drop(second);
        idle.await.unwrap();
    }
}
