//! [`Ending`]: why and when the process ends, and how long it waits for what must not be lost.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::lifecycle::Lifecycle;

/// Why the process ends. The later ones press more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// The host is gone without a word.
    HostGone,
    /// SIGTERM, or the first Ctrl-C in debug mode.
    Signal,
    /// The host called Shutdown: it kills us two seconds later. Or Ctrl-C again in debug mode.
    Shutdown,
}

/// How long an ending may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For work in flight, after Shutdown.
    pub(super) shutdown: Duration,
    /// For work in flight, after anything else.
    pub(super) otherwise: Duration,
    /// For replies to leave, once no work is in flight.
    pub(super) replies: Duration,
}

impl Patience {
    /// Below the host's two seconds after Shutdown. Else nobody counts, and what must fit is the
    /// longest that a provider may need to know what became of a change: the change's own limit, the
    /// wait until the service has settled, the look at what is there, and a second change. A minute
    /// does not hold all of them.
    pub(super) const OURS: Self = Self {
        shutdown: Duration::from_millis(1_500),
        otherwise: Duration::from_secs(120),
        replies: Duration::from_millis(250),
    };
}

/// Whether the process is ending. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending {
    reason: watch::Sender<Option<Reason>>,
}

impl Ending {
    /// The process begins to end, or has a more pressing reason to.
    pub(super) fn begin(&self, reason: Reason) {
        let pressing = self.reason.send_if_modified(|known| {
            let pressing = *known < Some(reason);
            if pressing {
                *known = Some(reason);
            }
            pressing
        });
        if pressing {
            tracing::debug!(?reason, "ending");
        }
    }

    /// Somebody pressed Ctrl-C who wants the process to end: the second time, now.
    pub(super) fn press(&self) {
        let again = self.reason.borrow().is_some();
        self.begin(if again {
            Reason::Shutdown
        } else {
            Reason::Signal
        });
    }

    /// Waits until the process begins to end.
    pub(super) async fn begun(&self) {
        self.reached(Reason::HostGone).await;
    }

    async fn reached(&self, reason: Reason) {
        let reached = self
            .reason
            .subscribe()
            .wait_for(|known| *known >= Some(reason))
            .await
            .is_ok();
        debug_assert!(reached, "the sender is borrowed, so it lives");
    }

    /// Waits until no work is in flight and `served`, the server that was told to stop, has sent its
    /// replies; but no longer than `patience` has it. Says what was in flight then.
    pub(super) async fn finish(
        &self,
        lifecycle: &Lifecycle,
        patience: Patience,
        served: impl Future<Output = ()>,
    ) -> Vec<String> {
        tokio::select! {
            () = quiet(lifecycle, patience.replies, served) => Vec::new(),
            () = self.run_out(patience) => lifecycle.in_flight(),
        }
    }

    async fn run_out(&self, patience: Patience) {
        tokio::select! {
            () = self.reached(Reason::Shutdown) => sleep(patience.shutdown).await,
            () = sleep(patience.otherwise) => {}
        }
    }
}

/// The end of work makes a reply, and while replies leave work may begin: so until neither is left.
async fn quiet(lifecycle: &Lifecycle, replies: Duration, served: impl Future<Output = ()>) {
    let mut served = std::pin::pin!(served);
    let mut serving = true;
    loop {
        lifecycle.idle().await;
        if !serving {
            return;
        }
        match timeout(replies, &mut served).await {
            Ok(()) => serving = false,
            Err(_) if lifecycle.in_flight().is_empty() => return,
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    const SHORT: Duration = Duration::from_millis(1);
    const NEVER: Duration = Duration::from_secs(3_600);

    /// An ending without anything to wait for would take forever.
    const UNLIMITED: Patience = Patience {
        shutdown: NEVER,
        otherwise: NEVER,
        replies: NEVER,
    };

    #[tokio::test]
    async fn ends_at_once_when_nothing_is_in_flight() {
        let ending = Ending::default();
        ending.begin(Reason::Signal);
        ending.begun().await;

        let lost = ending.finish(&Lifecycle::new(), UNLIMITED, ready(())).await;

        assert!(lost.is_empty());
    }

    #[tokio::test]
    async fn does_not_wait_for_calls_that_are_no_work() {
        let ending = Ending::default();
        ending.begin(Reason::Signal);
        let patience = Patience {
            replies: SHORT,
            ..UNLIMITED
        };

        let lost = ending.finish(&Lifecycle::new(), patience, pending()).await;

        assert!(lost.is_empty());
    }

    #[tokio::test]
    async fn waits_for_work_in_flight() {
        let ending = Ending::default();
        ending.begin(Reason::Signal);
        let lifecycle = Lifecycle::new();
        let work = lifecycle.work("generating a token");

        let finished = tokio::spawn({
            let (ending, lifecycle) = (ending.clone(), lifecycle.clone());
            async move { ending.finish(&lifecycle, UNLIMITED, ready(())).await }
        });
        tokio::task::yield_now().await;
        assert!(!finished.is_finished());
        drop(work);

        assert!(finished.await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn pressing_twice_waits_no_longer() {
        let ending = Ending::default();
        ending.press();
        assert_eq!(*ending.reason.borrow(), Some(Reason::Signal));

        ending.press();

        ending.reached(Reason::Shutdown).await;
    }

    #[tokio::test]
    async fn names_the_work_that_shutdown_cuts_off() {
        let ending = Ending::default();
        ending.begin(Reason::Signal);
        ending.begin(Reason::Shutdown);
        ending.begin(Reason::HostGone);
        let lifecycle = Lifecycle::new();
        let _work = lifecycle.work("generating a token");
        let patience = Patience {
            shutdown: SHORT,
            ..UNLIMITED
        };

        let lost = ending.finish(&lifecycle, patience, ready(())).await;

        assert_eq!(lost, ["generating a token"]);
    }
}
