//! Dates of tokens: how they are parsed, written and compared.
//!
//! A configured date is parsed as strictly as Go parses RFC 3339: hashicorp/tfe accepts the same configurations. A date in a
//! state or from the API is parsed leniently.

use chrono::{DateTime, Months, SecondsFormat, TimeDelta, Utc};

/// How long before its expiry a token expires soon, unless a tenth of its life is shorter.
const SOON: TimeDelta = TimeDelta::days(14);

/// Parses a configured date: RFC 3339 as Go's `time.Parse` reads it.
///
/// chrono alone would also accept a space instead of the `T`, lowercase letters, a 60th second and U+2212 as a minus.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let bytes = text.as_bytes();
    let strict = text.is_ascii()
        && bytes.get(10) == Some(&b'T')
        && !bytes.contains(&b'z')
        && text.get(17..19).is_some_and(|seconds| seconds < "60");
    if !strict {
        return None;
    }
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

/// Parses a date that a provider has written into a state.
pub(crate) fn parse_stored(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

/// Formats a date of the API as hashicorp/tfe does: UTC, whole seconds.
pub(crate) fn format(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Whether two texts are the same date, to the second. Texts that are not dates are the same only if they are equal.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    match (parse_stored(one), parse_stored(other)) {
        (Some(one), Some(other)) => one.timestamp() == other.timestamp(),
        _ => one == other,
    }
}

/// Whether a token with this expiry is expired.
pub(crate) fn is_past(expired_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    expired_at <= now
}

/// Whether this is the expiry that HCP Terraform sets if none is asked for: two years after the generation, to a day.
pub(crate) fn is_default(created_at: DateTime<Utc>, expired_at: DateTime<Utc>) -> bool {
    created_at
        .checked_add_months(Months::new(24))
        .is_some_and(|default| (expired_at - default).abs() <= TimeDelta::days(1))
}

/// Whether a token that is not expired has less than 14 days left, or less than a tenth of its life if that is shorter.
pub(crate) fn is_soon(
    created_at: DateTime<Utc>,
    expired_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> bool {
    let life = expired_at - created_at;
    let left = expired_at - now;
    left > TimeDelta::zero() && left < SOON.min(life / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).map(format).as_deref(), expected, "{text}");
    }

    #[test]
    fn accepts_the_dates_that_go_accepts() {
        check("2051-04-11T23:15:59Z", Some("2051-04-11T23:15:59Z"));
        check("2051-04-11T23:15:59+02:00", Some("2051-04-11T21:15:59Z"));
        check(
            "2051-04-11T23:15:59.123456789Z",
            Some("2051-04-11T23:15:59Z"),
        );
        check("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59Z"));
    }

    #[test]
    fn rejects_the_dates_that_go_rejects() {
        for text in [
            "",
            "2000-04-11",
            "2051-04-11 23:15:59Z",
            "2051-04-11t23:15:59Z",
            "2051-04-11T23:15:59z",
            "2051-04-11T23:15:60Z",
            "2051-04-11T23:15Z",
            "2051-04-11T23:15:59",
            "2051-04-11T23:15:59+0200",
            "2051-02-30T00:00:00Z",
            "2051-04-1éT23:15:59Z",
            // U+2212, the minus of typesetting, which `terraform validate` accepted.
            "2051-04-11T23:15:59\u{2212}02:00",
            "tomorrow",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn two_spellings_of_a_date_are_the_same() {
        let noon = "2051-04-11T12:00:00Z";
        assert!(is_same(noon, "2051-04-11T14:00:00+02:00"));
        assert!(is_same(noon, "2051-04-11T12:00:00.999Z"));
        assert!(!is_same(noon, "2051-04-11T12:00:01Z"));
        assert!(is_same("unreadable", "unreadable"));
        assert!(!is_same("unreadable", noon));
    }

    #[test]
    fn a_token_is_expired_from_its_expiry_on() {
        let expiry = time("2026-01-01T00:00:00Z");
        assert!(!is_past(expiry, time("2025-12-31T23:59:59Z")));
        assert!(is_past(expiry, expiry));
    }

    #[test]
    fn the_default_expiry_is_two_years_however_the_service_counts_them() {
        let created = time("2026-01-01T00:00:00Z");
        assert!(is_default(created, time("2028-01-01T00:00:00Z")));
        // 63,113,904 seconds, the API's default maximum.
        assert!(is_default(created, time("2028-01-01T11:38:24Z")));
        assert!(!is_default(created, time("2027-12-30T00:00:00Z")));
        assert!(!is_default(created, time("2028-01-03T00:00:00Z")));
    }

    #[test]
    fn a_token_expires_soon_in_its_last_tenth_but_at_most_14_days() {
        let created = time("2026-01-01T00:00:00Z");
        let two_years = time("2028-01-01T00:00:00Z");
        assert!(!is_soon(created, two_years, time("2027-12-18T00:00:00Z")));
        assert!(is_soon(created, two_years, time("2027-12-18T00:00:01Z")));
        let ten_days = time("2026-01-11T00:00:00Z");
        assert!(!is_soon(created, ten_days, time("2026-01-10T00:00:00Z")));
        assert!(is_soon(created, ten_days, time("2026-01-10T00:00:01Z")));
        assert!(!is_soon(created, ten_days, ten_days), "it is over");
    }
}
