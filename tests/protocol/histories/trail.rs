//! [`Trail`]: a data source that reads the audit trail, and [`Reading`]: what it told of it.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value as Json, json};

use super::step::{Elsewhere, Kind, Org, Phase, Target, Times, Trouble};

/// Events on a page: so few that there is more than one page.
pub(super) const PAGE_SIZE: usize = 3;

/// What of the trail is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trail {
    pub(super) limit: Option<usize>,
    /// Only those whose action is `create`.
    pub(super) creations: bool,
    /// Only those of the last hour.
    pub(super) last_hour: bool,
    /// After so many pages people work there, so that the others move.
    pub(super) busy: Option<usize>,
}

impl Trail {
    /// The block of the data source.
    pub(super) fn block(&self, secret: &str, now: DateTime<Utc>) -> Json {
        let since = self.last_hour.then(|| hour_before(now));
        json!({
            "token": secret,
            "limit": self.limit,
            "actions": self.creations.then_some(["create"]),
            "since": since.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)),
        })
    }

    /// What happens meanwhile.
    pub(super) fn trouble(&self, org: Org, phase: Phase) -> Option<Trouble> {
        Some(Trouble {
            phase,
            on: Target::Trial,
            spared: self.busy?,
            times: Times::Once,
            kind: Kind::Meanwhile(Elsewhere::Works(org)),
        })
    }

    fn admits(&self, event: &Json, now: DateTime<Utc>) -> bool {
        let time = time(event);
        (!self.creations || event["resource"]["action"] == "create")
            && (!self.last_hour || time > hour_before(now))
    }
}

fn time(event: &Json) -> DateTime<Utc> {
    let time = event["timestamp"].as_str().expect("a time");
    time.parse().expect("a time in RFC 3339")
}

fn hour_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::hours(1)
}

impl Display for Trail {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the audit trail")?;
        if let Some(limit) = self.limit {
            write!(f, ", limit={limit}")?;
        }
        if self.creations {
            f.write_str(", actions=[create]")?;
        }
        if self.last_hour {
            f.write_str(", since an hour ago")?;
        }
        if let Some(pages) = self.busy {
            write!(f, ", while people work there after {pages} of its pages")?;
        }
        Ok(())
    }
}

/// A trail that was read.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) trail: Trail,
    /// What the trail had before and after it, newest first.
    pub(super) before: Vec<Json>,
    pub(super) after: Vec<Json>,
    /// What the data source told.
    pub(super) told: Json,
    pub(super) now: DateTime<Utc>,
}

impl Reading {
    /// What is wrong with it: an event is missing, comes twice, is in another place than it was, or was not asked for.
    ///
    /// Events that arrived meanwhile may be there or not. Among those of one instant their place cannot be known.
    ///
    /// `gave_up`: that not all pages were read was told.
    pub(super) fn broken(&self, gave_up: bool) -> Option<String> {
        let events = self.told["events"].as_array().expect("a list of events");
        let told = ids(events);
        let unique: BTreeSet<_> = told.iter().collect();
        if unique.len() < told.len() {
            return Some("an event was told twice".to_owned());
        }
        let wanted: Vec<_> = self.wanted(&self.after);
        let places: Option<Vec<_>> = told
            .iter()
            .map(|id| wanted.iter().position(|one| one == id))
            .collect();
        let Some(places) = places else {
            return Some("an event was told that was not asked for".to_owned());
        };
        let before = self.wanted(&self.before);
        let was_there = |place: &&usize| before.contains(&wanted[**place]);
        let times = events.iter().map(time);
        if !places.iter().filter(was_there).is_sorted() || !times.rev().is_sorted() {
            return Some("the events are not told in the order of the trail".to_owned());
        }
        let limit = self.trail.limit.unwrap_or(usize::MAX);
        let is_cut = self.told["truncated"] == true;
        if told.len() > limit || (is_cut && told.len() < limit && !gave_up) {
            return Some(format!("{} events were told of {limit}", told.len()));
        }
        // All up to the last that was told; if there are no more, all.
        let end = match places.iter().max() {
            Some(last) if is_cut => *last,
            _ => wanted.len(),
        };
        let missing = wanted[..end]
            .iter()
            .find(|id| before.contains(id) && !unique.contains(id))?;
        Some(format!("the event {missing} is missing"))
    }

    fn wanted<'e>(&self, trail: &'e [Json]) -> Vec<&'e str> {
        ids(trail
            .iter()
            .filter(|event| self.trail.admits(event, self.now)))
    }
}

fn ids<'e>(events: impl IntoIterator<Item = &'e Json>) -> Vec<&'e str> {
    let events = events.into_iter();
    events
        .map(|event| event["id"].as_str().expect("an id"))
        .collect()
}
