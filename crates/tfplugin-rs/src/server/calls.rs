//! The calls that are being answered, and how they are told to stop.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The calls that are being answered. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<InFlight>>);

#[derive(Default)]
struct InFlight {
    next: u64,
    stops: BTreeMap<u64, watch::Sender<bool>>,
}

impl Calls {
    /// A call begins. The receiver becomes true when it should stop: on [`Calls::stop`], or when
    /// the guard is dropped because the host has given the call up.
    pub(super) fn begin(&self) -> (CallGuard, watch::Receiver<bool>) {
        let (sender, receiver) = watch::channel(false);
        let mut calls = self.lock();
        let id = calls.next;
        calls.next += 1;
        calls.stops.insert(id, sender);
        let guard = CallGuard {
            calls: self.clone(),
            id,
        };
        (guard, receiver)
    }

    /// Tells every call that is being answered to stop; later calls are not affected
    /// (terraform-plugin-go: `tf6server/server.go`, `StopProvider`). Returns how many there are.
    pub(super) fn stop(&self) -> usize {
        let calls = self.lock();
        for sender in calls.stops.values() {
            sender.send_replace(true);
        }
        calls.stops.len()
    }

    fn lock(&self) -> MutexGuard<'_, InFlight> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is being answered.
pub(super) struct CallGuard {
    calls: Calls,
    id: u64,
}

impl CallGuard {
    /// The call has been answered.
    pub(super) fn finished(self) {
        self.calls.lock().stops.remove(&self.id);
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        if let Some(sender) = self.calls.lock().stops.remove(&self.id) {
            sender.send_replace(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_reaches_calls_in_flight_but_no_later_ones() {
        let calls = Calls::default();
        assert_eq!(calls.stop(), 0);
        let (_first, first_stop) = calls.begin();
        assert_eq!(calls.stop(), 1);
        let (_second, second_stop) = calls.begin();
        assert!(*first_stop.borrow());
        assert!(!*second_stop.borrow());
    }

    #[test]
    fn a_call_that_is_given_up_is_told_to_stop() {
        let calls = Calls::default();
        let (guard, stop) = calls.begin();
        drop(guard);
        assert!(*stop.borrow());
    }

    #[test]
    fn a_call_that_was_answered_is_not() {
        let calls = Calls::default();
        let (guard, stop) = calls.begin();
        guard.finished();
        assert!(!*stop.borrow());
    }
}
