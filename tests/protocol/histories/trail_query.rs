//! [`TrailQuery`]: the arguments of the data source that reads the audit trail.

use std::fmt::{self, Display, Formatter};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value as Json, json};

use super::outside_change::{Org, OutsideChange};
use super::request_fault::{FaultEffect, Phase, RequestFault, Target, Times};

/// The number of events on a page: a trail has several pages.
pub(super) const PAGE_SIZE: usize = 3;

/// The arguments of the data source, and what happens while it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TrailQuery {
    pub(super) limit: Option<usize>,
    /// Only events whose action is `create`.
    pub(super) only_creates: bool,
    /// Only events of the last hour.
    pub(super) last_hour: bool,
    /// After this number of pages new events arrive, which move the events to later pages.
    pub(super) new_events_after: Option<usize>,
}

impl TrailQuery {
    /// Returns the block of the data source.
    pub(super) fn block(&self, secret: &str, now: DateTime<Utc>) -> Json {
        let since = self.last_hour.then(|| hour_before(now));
        json!({
            "token": secret,
            "limit": self.limit,
            "actions": self.only_creates.then_some(["create"]),
            "since": since.map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true)),
        })
    }

    /// Returns the fault by which new events arrive during the read.
    pub(super) fn fault(&self, org: Org, phase: Phase) -> Option<RequestFault> {
        Some(RequestFault {
            phase,
            on: Target::AuditTrail,
            skip: self.new_events_after?,
            times: Times::Once,
            effect: FaultEffect::Meanwhile(OutsideChange::AddsEvents(org)),
        })
    }

    /// Returns the IDs of the events that it asks for.
    pub(super) fn expected(&self, events: &[Json], now: DateTime<Utc>) -> Vec<String> {
        let expected = events.iter().filter(|event| {
            (!self.only_creates || event["resource"]["action"] == "create")
                && (!self.last_hour || time(event) > hour_before(now))
        });
        let ids = expected.map(|event| event["id"].as_str().expect("an id"));
        ids.map(str::to_owned).collect()
    }
}

fn time(event: &Json) -> DateTime<Utc> {
    let time = event["timestamp"].as_str().expect("a time");
    time.parse().expect("a time in RFC 3339")
}

fn hour_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::hours(1)
}

impl Display for TrailQuery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("the audit trail")?;
        if let Some(limit) = self.limit {
            write!(f, ", limit={limit}")?;
        }
        if self.only_creates {
            f.write_str(", actions=[create]")?;
        }
        if self.last_hour {
            f.write_str(", since an hour ago")?;
        }
        if let Some(pages) = self.new_events_after {
            write!(f, ", while new events arrive after {pages} of its pages")?;
        }
        Ok(())
    }
}
