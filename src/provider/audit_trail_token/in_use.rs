//! When a token counts as in use.

use chrono::{DateTime, TimeDelta, Utc};

/// As long as the audit trail is kept: whoever read all of it with the token has been seen.
const WINDOW: TimeDelta = TimeDelta::days(14);

/// Whether a token that was last used then is in use.
pub(super) fn is_in_use(last_used_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last_used_at.is_some_and(|last_used_at| now - last_used_at <= WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(last_used_at: Option<&str>, expected: bool) {
        let now = "2026-01-15T00:00:00Z".parse().unwrap();
        let last_used_at = last_used_at.map(|text| text.parse().unwrap());
        assert_eq!(is_in_use(last_used_at, now), expected);
    }

    #[test]
    fn a_token_is_in_use_for_fourteen_days() {
        check(None, false);
        check(Some("2026-01-14T00:00:00Z"), true);
        check(Some("2026-01-01T00:00:00Z"), true);
        check(Some("2025-12-31T23:59:59Z"), false);
    }
}
