//! [`Clock`]: the service's clock, which a test sets and moves.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// A clock that stands still, or one that runs along with tokio's, which tests can pause.
#[derive(Debug)]
pub(crate) struct Clock {
    shown: DateTime<Utc>,
    set_at: Instant,
    started: Instant,
    skipped: Duration,
    ticking: bool,
}

impl Clock {
    pub(crate) fn standing_at(time: DateTime<Utc>) -> Self {
        let now = Instant::now();
        Self {
            shown: time,
            set_at: now,
            started: now,
            skipped: Duration::ZERO,
            ticking: false,
        }
    }

    pub(crate) fn ticking_from(time: DateTime<Utc>) -> Self {
        Self {
            ticking: true,
            ..Self::standing_at(time)
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let passed = if self.ticking {
            self.set_at.elapsed()
        } else {
            Duration::ZERO
        };
        later(self.shown, passed)
    }

    pub(crate) fn set(&mut self, time: DateTime<Utc>) {
        self.shown = time;
        self.set_at = Instant::now();
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.shown = later(self.shown, by);
        self.skipped = self.skipped.saturating_add(by);
    }

    /// Returns the time since the start, for the rate limit: tokio's time and every [`Clock::advance`]. So the window
    /// also ends for a client that sleeps on a paused clock.
    pub(crate) fn uptime(&self) -> Duration {
        self.started.elapsed().saturating_add(self.skipped)
    }
}

/// Returns `time` plus `by`, or the latest time that chrono can represent.
pub(crate) fn later(time: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    chrono::TimeDelta::from_std(by)
        .ok()
        .and_then(|by| time.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
