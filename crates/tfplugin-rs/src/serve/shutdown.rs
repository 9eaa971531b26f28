//! [`Shutdown`]: the reason for which the process ends, and how long it waits for work that must not be lost.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::lifecycle::Lifecycle;

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The parent process has ended without calling Shutdown.
    HostGone,
    /// SIGTERM, or the first Ctrl-C in debug mode.
    Signal,
    /// The host called Shutdown: it kills the process two seconds later. Or the second Ctrl-C in debug mode.
    Shutdown,
}

/// How long a shutdown may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct GracePeriods {
    /// For work in flight, after [`Reason::Shutdown`].
    pub(super) shutdown: Duration,
    /// For work in flight, after any other reason.
    pub(super) otherwise: Duration,
    /// For replies to be sent, once no work is in flight.
    pub(super) replies: Duration,
}

impl GracePeriods {
    /// After Shutdown, less than the host's two seconds. Otherwise nobody kills the process, and the period must
    /// cover the longest that a provider may need to find out what became of a change: the timeout of the change,
    /// the wait until the service is consistent, the read, and a second change. A minute is too short for that.
    pub(super) const DEFAULT: Self = Self {
        shutdown: Duration::from_millis(1_500),
        otherwise: Duration::from_secs(120),
        replies: Duration::from_millis(250),
    };
}

/// Whether the process is shutting down. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shutdown {
    begun: CancellationToken,
    /// The reason is [`Reason::Shutdown`].
    hurried: CancellationToken,
}

impl Shutdown {
    /// Begins the shutdown. If it has begun already, [`Reason::Shutdown`] shortens it.
    pub(super) fn begin(&self, reason: Reason) {
        let token = match reason {
            Reason::HostGone | Reason::Signal => &self.begun,
            Reason::Shutdown => &self.hurried,
        };
        if !token.is_cancelled() {
            tracing::debug!(?reason, "ending");
        }
        token.cancel();
        self.begun.cancel();
    }

    /// Handles a Ctrl-C that is meant for this process: the second one ends it without waiting long.
    pub(super) fn interrupt(&self) {
        self.begin(if self.begun.is_cancelled() {
            Reason::Shutdown
        } else {
            Reason::Signal
        });
    }

    /// Waits until the shutdown begins.
    pub(super) async fn begun(&self) {
        self.begun.cancelled().await;
    }

    /// Waits until no work is in flight and `served`, the server that is shutting down, has sent its replies, but
    /// no longer than the grace period. Returns the descriptions of the work that was still in flight then.
    pub(super) async fn finish(
        &self,
        lifecycle: &Lifecycle,
        periods: GracePeriods,
        served: impl Future<Output = ()>,
    ) -> Vec<String> {
        tokio::select! {
            () = drained(lifecycle, periods.replies, served) => Vec::new(),
            () = self.expired(periods) => lifecycle.in_flight(),
        }
    }

    async fn expired(&self, periods: GracePeriods) {
        tokio::select! {
            () = self.hurried.cancelled() => sleep(periods.shutdown).await,
            () = sleep(periods.otherwise) => {}
        }
    }
}

/// Waits until there is neither work nor a reply to send: work that ends makes a reply, and while replies are sent
/// other work may begin.
async fn drained(lifecycle: &Lifecycle, replies: Duration, served: impl Future<Output = ()>) {
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

    const UNLIMITED: GracePeriods = GracePeriods {
        shutdown: NEVER,
        otherwise: NEVER,
        replies: NEVER,
    };

    #[tokio::test]
    async fn the_shutdown_ends_at_once_when_nothing_is_in_flight() {
        let shutdown = Shutdown::default();
        shutdown.begin(Reason::Signal);
        shutdown.begun().await;

        let lost = shutdown
            .finish(&Lifecycle::new(), UNLIMITED, ready(()))
            .await;

        assert!(lost.is_empty());
    }

    #[tokio::test]
    async fn a_call_that_is_not_registered_as_work_is_not_waited_for() {
        let shutdown = Shutdown::default();
        shutdown.begin(Reason::Signal);
        let periods = GracePeriods {
            replies: SHORT,
            ..UNLIMITED
        };

        let lost = shutdown.finish(&Lifecycle::new(), periods, pending()).await;

        assert!(lost.is_empty());
    }

    #[tokio::test]
    async fn the_shutdown_waits_for_work_in_flight() {
        let shutdown = Shutdown::default();
        shutdown.begin(Reason::Signal);
        let lifecycle = Lifecycle::new();
        let work = lifecycle.work("generating a token");

        let finished = tokio::spawn({
            let (shutdown, lifecycle) = (shutdown.clone(), lifecycle.clone());
            async move { shutdown.finish(&lifecycle, UNLIMITED, ready(())).await }
        });
        tokio::task::yield_now().await;
        assert!(!finished.is_finished());
        drop(work);

        assert!(finished.await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_second_ctrl_c_shortens_the_wait() {
        let shutdown = Shutdown::default();
        shutdown.interrupt();
        shutdown.begun().await;
        assert!(!shutdown.hurried.is_cancelled());

        shutdown.interrupt();

        assert!(shutdown.hurried.is_cancelled());
    }

    #[tokio::test]
    async fn work_that_shutdown_cuts_off_is_reported() {
        let shutdown = Shutdown::default();
        shutdown.begin(Reason::Signal);
        shutdown.begin(Reason::Shutdown);
        shutdown.begin(Reason::HostGone);
        let lifecycle = Lifecycle::new();
        let _work = lifecycle.work("generating a token");
        let periods = GracePeriods {
            shutdown: SHORT,
            ..UNLIMITED
        };

        let lost = shutdown.finish(&lifecycle, periods, ready(())).await;

        assert_eq!(lost, ["generating a token"]);
    }
}
