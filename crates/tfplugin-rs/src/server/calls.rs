//! The calls that are being answered, and their stop signals.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The calls that are being answered. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<InFlight>>);

#[derive(Default)]
struct InFlight {
    next: u64,
    stops: BTreeMap<u64, CancellationToken>,
}

impl Calls {
    /// Begins a call. The token is cancelled when the call should stop: on [`Calls::stop`], or when the guard is
    /// dropped because the host has given up the call.
    pub(super) fn begin(&self) -> (CallGuard, CancellationToken) {
        let stop = CancellationToken::new();
        let mut calls = self.lock();
        let id = calls.next;
        calls.next += 1;
        calls.stops.insert(id, stop.clone());
        let guard = CallGuard {
            calls: self.clone(),
            id,
        };
        (guard, stop)
    }

    /// Cancels every call that is being answered, and returns their number. Later calls are not affected
    /// (terraform-plugin-go: `tf6server/server.go`, `StopProvider`).
    pub(super) fn stop(&self) -> usize {
        let calls = self.lock();
        for stop in calls.stops.values() {
            stop.cancel();
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
    /// Ends the call without its stop signal: it has been answered.
    pub(super) fn finished(self) {
        self.calls.lock().stops.remove(&self.id);
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        if let Some(stop) = self.calls.lock().stops.remove(&self.id) {
            stop.cancel();
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
        assert!(first_stop.is_cancelled());
        assert!(!second_stop.is_cancelled());
    }

    #[test]
    fn a_call_that_is_given_up_stops() {
        let calls = Calls::default();
        let (guard, stop) = calls.begin();
        drop(guard);
        assert!(stop.is_cancelled());
    }

    #[test]
    fn a_call_that_was_answered_does_not_stop() {
        let calls = Calls::default();
        let (guard, stop) = calls.begin();
        guard.finished();
        assert!(!stop.is_cancelled());
    }
}
