//! [`TimestampStyle`]: how documents write timestamps; and how the service reads those of clients.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

/// How many fractional digits the timestamps in documents have; always UTC with `Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimestampStyle {
    /// `2030-01-01T00:00:00Z`
    Seconds,
    /// `2030-01-01T00:00:00.000Z`, as HCP Terraform does.
    #[default]
    Milliseconds,
    /// `2030-01-01T00:00:00.000000Z`, as other implementations do.
    Microseconds,
}

impl TimestampStyle {
    pub(crate) fn format(self, time: DateTime<Utc>) -> String {
        let digits = match self {
            Self::Seconds => SecondsFormat::Secs,
            Self::Milliseconds => SecondsFormat::Millis,
            Self::Microseconds => SecondsFormat::Micros,
        };
        time.to_rfc3339_opts(digits, true)
    }
}

/// Reads a timestamp as the service does: RFC 3339, or ISO 8601 without a time zone, which is UTC. Clients send the
/// audit trail's `since` without one.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc())
        })
        .ok()
}
