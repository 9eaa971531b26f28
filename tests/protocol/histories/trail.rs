//! [`Trail`]: a data source that reads the audit trail.

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

    /// Returns the IDs of the events that it asks for.
    pub(super) fn expected(&self, events: &[Json], now: DateTime<Utc>) -> Vec<String> {
        let expected = events.iter().filter(|event| {
            (!self.creations || event["resource"]["action"] == "create")
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
