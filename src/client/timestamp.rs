//! Timestamps of the API.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

/// Parses a timestamp: RFC 3339 with or without a fraction, with any offset. Without an offset it is
/// UTC.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Some(time.to_utc()),
        Err(_) => {
            let text = text.strip_suffix(" UTC").unwrap_or(text);
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
                .iter()
                .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
                .map(|time| time.and_utc())
        }
    }
}

/// Formats a timestamp as the API's documentation does: in UTC, with milliseconds and `Z`.
pub(crate) fn format(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).map(format).as_deref(), expected, "{text}");
    }

    #[test]
    fn parses_every_form_of_a_timestamp_that_services_send() {
        check("2017-11-29T19:11:28.075Z", Some("2017-11-29T19:11:28.075Z"));
        check("2017-11-29T19:11:28Z", Some("2017-11-29T19:11:28.000Z"));
        check(
            "2017-11-29T19:11:28.0754321Z",
            Some("2017-11-29T19:11:28.075Z"),
        );
        check(
            "2017-11-29T21:11:28+02:00",
            Some("2017-11-29T19:11:28.000Z"),
        );
        check("2017-11-29T19:11:28", Some("2017-11-29T19:11:28.000Z"));
        check("2017-11-29T19:11:28.5", Some("2017-11-29T19:11:28.500Z"));
        check("2017-11-29 19:11:28 UTC", Some("2017-11-29T19:11:28.000Z"));
        check("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59.000Z"));
        check("yesterday", None);
        check("2017-11-29", None);
        check("", None);
    }
}
