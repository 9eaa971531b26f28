//! [`Lifecycle`]: work in flight that must not be lost when the process exits, and work that is left for the exit.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
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
    at_exit: BTreeMap<String, ExitWork>,
    is_exiting: bool,
}

type ExitWork = Pin<Box<dyn Future<Output = ()> + Send>>;

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

    /// Leaves work for the exit of the process, such as the removal of something that an ephemeral resource created: the
    /// host does not close it if an object that uses it fails.
    ///
    /// The process starts all such work when it begins to exit, and waits for it as for [`work`](Self::work). Work that is
    /// left later starts at once. [`cancel_at_exit`](Self::cancel_at_exit) finds the work by its description.
    pub fn at_exit(
        &self,
        description: impl Into<String>,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let is_exiting = {
            let mut shared = self.lock();
            shared.at_exit.insert(description.into(), Box::pin(work));
            shared.is_exiting
        };
        if is_exiting {
            self.begin_exit();
        }
    }

    /// Cancels work that was left for the exit, unless it has started.
    pub fn cancel_at_exit(&self, description: &str) {
        let cancelled = self.lock().at_exit.remove(description);
        // Outside of the lock: the work may own guards.
        drop(cancelled);
    }

    /// Starts the work that was left for the exit. Must be called inside the runtime.
    pub fn begin_exit(&self) {
        let left = {
            let mut shared = self.lock();
            shared.is_exiting = true;
            std::mem::take(&mut shared.at_exit)
        };
        for (description, work) in left {
            let guard = self.work(description);
            tokio::spawn(async move {
                work.await;
                drop(guard);
            });
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

    #[tokio::test]
    async fn work_that_is_left_for_the_exit_is_done_once_unless_it_is_cancelled() {
        let lifecycle = Lifecycle::new();
        let (sender, mut done) = tokio::sync::mpsc::unbounded_channel();
        let leave = |name: &'static str| {
            let sender = sender.clone();
            lifecycle.at_exit(name, async move { sender.send(name).unwrap() });
        };
        leave("first");
        leave("cancelled");
        lifecycle.cancel_at_exit("cancelled");
        assert_eq!(lifecycle.in_flight(), Vec::<String>::new());

        lifecycle.begin_exit();
        assert_eq!(lifecycle.in_flight(), ["first"]);
        leave("late");
        lifecycle.idle().await;

        assert_eq!(done.recv().await, Some("first"));
        assert_eq!(done.recv().await, Some("late"));
        assert!(done.try_recv().is_err());
    }
}
