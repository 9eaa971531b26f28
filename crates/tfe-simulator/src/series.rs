//! [`Series`]: a trail of any size, of which nothing is held.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{Event, RecordedEvent};

/// Events at even distances, each computed from its number when it is asked for.
///
/// ```
/// use std::time::Duration;
/// use tfe_simulator::{Event, Series};
///
/// // A million events, a second apart; seven more after each page that somebody reads.
/// let series = Series::new(1_000_000, "2026-01-01T00:00:00Z".parse()?, Duration::from_secs(1))
///     .growing_by(7)
///     .of(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
/// # let _ = series;
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Series {
    count: u64,
    growth: u64,
    first: DateTime<Utc>,
    /// Nanoseconds.
    distance: i64,
    make: Arc<dyn Fn(u64) -> Event + Send + Sync>,
}

impl Series {
    /// So many events, the first at this time and the others each so much later.
    ///
    /// # Panics
    ///
    /// If the distance is zero, or so long that no clock shows it.
    #[track_caller]
    pub fn new(count: u64, first: DateTime<Utc>, distance: Duration) -> Self {
        let distance =
            i64::try_from(distance.as_nanos()).expect("a distance of less than centuries");
        assert!(distance > 0, "events of a series are some time apart");
        Self {
            count,
            growth: 0,
            first,
            distance,
            make: Arc::new(|_| Event::new("workspace", "create")),
        }
    }

    /// So many more arrive, newer than all others, whenever a page of the trail was read.
    pub fn growing_by(mut self, events: u64) -> Self {
        self.growth = events;
        self
    }

    /// What the events are, by their numbers from 0, the oldest; id and time are the series'.
    pub fn of(mut self, make: impl Fn(u64) -> Event + Send + Sync + 'static) -> Self {
        self.make = Arc::new(make);
        self
    }

    pub(super) fn grow(&mut self) {
        self.count += self.growth;
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// One event, whole.
    pub(super) fn event(&self, number: u64, organization_id: &str) -> RecordedEvent {
        let id = format!("5e21e500-0000-4000-8000-{number:012x}");
        let request_id = format!("4e90e570-0000-4000-8000-{number:012x}");
        let at = self.at(number);
        let event = (self.make)(number).at(at);
        RecordedEvent::new(event, organization_id, at, id, Some(request_id))
    }

    pub(super) fn at(&self, number: u64) -> DateTime<Utc> {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let since_first = TimeDelta::nanoseconds(self.distance.saturating_mul(number));
        self.first + since_first
    }

    /// How many are older than a time.
    pub(super) fn before(&self, time: DateTime<Utc>) -> u64 {
        let since_first = nanoseconds(time - self.first);
        let whole = since_first.div_euclid(self.distance);
        let started = i64::from(since_first.rem_euclid(self.distance) > 0);
        u64::try_from(whole + started).unwrap_or(0).min(self.count)
    }

    /// How many are as old as a time or older.
    pub(super) fn until(&self, time: DateTime<Utc>) -> u64 {
        let whole = nanoseconds(time - self.first).div_euclid(self.distance);
        u64::try_from(whole.saturating_add(1))
            .unwrap_or(0)
            .min(self.count)
    }
}

/// Saturated: centuries are as good as ever.
fn nanoseconds(delta: TimeDelta) -> i64 {
    delta
        .num_nanoseconds()
        .unwrap_or(if delta < TimeDelta::zero() {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        })
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series")
            .field("count", &self.count)
            .field("growth", &self.growth)
            .field("first", &self.first)
            .field("distance", &self.distance)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_older_than_a_time() {
        let first: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let series = Series::new(3, first, Duration::from_secs(10));
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
            let counted = (series.before(time), series.until(time));
            assert_eq!(counted, (before, until), "{milliseconds}");
        }
        assert_eq!(series.before(DateTime::<Utc>::MIN_UTC), 0);
        assert_eq!(series.until(DateTime::<Utc>::MAX_UTC), 3);
    }
}
