//! [`EventSeries`]: any number of events, which take no memory.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::event::{Event, RecordedEvent};

/// Events at even intervals, each computed from its number when a page with it is read.
///
/// ```
/// use std::time::Duration;
/// use tfe_simulator::{Event, EventSeries};
///
/// // A million events, a second apart; seven more after each page that is read.
/// let series = EventSeries::new(1_000_000, "2026-01-01T00:00:00Z".parse()?, Duration::from_secs(1))
///     .growing_by(7)
///     .with_event(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
/// # let _ = series;
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct EventSeries {
    count: u64,
    growth: u64,
    first: DateTime<Utc>,
    /// Nanoseconds.
    interval: i64,
    make: Arc<dyn Fn(u64) -> Event + Send + Sync>,
}

impl EventSeries {
    /// Creates a series of this number of events, the first at this time and the others at this interval.
    ///
    /// # Panics
    ///
    /// If the interval is zero, or longer than 292 years.
    #[track_caller]
    pub fn new(count: u64, first: DateTime<Utc>, interval: Duration) -> Self {
        let interval =
            i64::try_from(interval.as_nanos()).expect("an interval of less than 292 years");
        assert!(interval > 0, "the interval is not zero");
        Self {
            count,
            growth: 0,
            first,
            interval,
            make: Arc::new(|_| Event::new("workspace", "create")),
        }
    }

    /// Adds this number of newer events after each page of the audit trail that is read.
    pub fn growing_by(mut self, events: u64) -> Self {
        self.growth = events;
        self
    }

    /// Sets what the events are, by their numbers; 0 is the oldest. The series sets ID and time.
    pub fn with_event(mut self, make: impl Fn(u64) -> Event + Send + Sync + 'static) -> Self {
        self.make = Arc::new(make);
        self
    }

    pub(crate) fn grow(&mut self) {
        self.count += self.growth;
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn event(&self, number: u64, organization_id: &str) -> RecordedEvent {
        let id = format!("5e21e500-0000-4000-8000-{number:012x}");
        let request_id = format!("4e90e570-0000-4000-8000-{number:012x}");
        let at = self.at(number);
        let event = (self.make)(number).at(at);
        RecordedEvent::new(event, organization_id, at, id, Some(request_id))
    }

    pub(crate) fn at(&self, number: u64) -> DateTime<Utc> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let since_first = TimeDelta::nanoseconds(self.interval.saturating_mul(number));
        self.first + since_first
    }

    /// Returns how many are older than a time.
    pub(crate) fn count_before(&self, time: DateTime<Utc>) -> u64 {
        let since_first = nanoseconds(time - self.first);
        let whole = since_first.div_euclid(self.interval);
        let started = i64::from(since_first.rem_euclid(self.interval) > 0);
        u64::try_from(whole + started).unwrap_or(0).min(self.count)
    }

    /// Returns how many are as old as a time or older.
    pub(crate) fn count_until(&self, time: DateTime<Utc>) -> u64 {
        let whole = nanoseconds(time - self.first).div_euclid(self.interval);
        u64::try_from(whole.saturating_add(1))
            .unwrap_or(0)
            .min(self.count)
    }
}

/// Saturates: differences of centuries need no precision.
fn nanoseconds(delta: TimeDelta) -> i64 {
    delta
        .num_nanoseconds()
        .unwrap_or(if delta < TimeDelta::zero() {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        })
}

impl fmt::Debug for EventSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSeries")
            .field("count", &self.count)
            .field("growth", &self.growth)
            .field("first", &self.first)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_before_and_until_a_time() {
        let first: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let series = EventSeries::new(3, first, Duration::from_secs(10));
        for (milliseconds, before, until) in [
            (-1, 0, 0),
            (0, 0, 1),
            (1, 1, 1),
            (10_000, 1, 2),
            (20_000, 2, 3),
            (20_001, 3, 3),
            (90_000, 3, 3),
        ] {
            let time = first + TimeDelta::milliseconds(milliseconds);
            let counted = (series.count_before(time), series.count_until(time));
            assert_eq!(counted, (before, until), "{milliseconds}");
        }
        assert_eq!(series.count_before(DateTime::<Utc>::MIN_UTC), 0);
        assert_eq!(series.count_until(DateTime::<Utc>::MAX_UTC), 3);
    }
}
