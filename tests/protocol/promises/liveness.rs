//! Whether a token is dead, or in use, as the contract defines the words.

use chrono::{DateTime, TimeDelta, Utc};
use tfe_simulator::Token;

/// How long a token counts as in use after its last use, or after it was generated if it was not used yet.
const IN_USE: TimeDelta = TimeDelta::days(14);

/// How long a token counts as live after its expiry, because clocks differ.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// Whether the token's expiry is more than five minutes past.
pub(crate) fn is_dead(token: &Token, now: DateTime<Utc>) -> bool {
    token.expired_at.is_some_and(|end| end + CLOCKS < now)
}

/// Whether the token is not dead, and was used within 14 days, or was generated within 14 days and not used yet.
pub(crate) fn is_in_use(token: &Token, now: DateTime<Utc>) -> bool {
    let since = token.last_used_at.unwrap_or(token.created_at);
    !is_dead(token, now) && now - since <= IN_USE
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    const CREATED: &str = "2026-01-01T00:00:00Z";

    /// Checks a token that was generated on January 1, with this last use and expiry, at this time.
    #[track_caller]
    fn check(used: Option<&str>, expired: Option<&str>, now: &str, dead: bool, in_use: bool) {
        let time = |text: &str| text.parse().unwrap();
        let token = Token {
            created_at: time(CREATED),
            last_used_at: used.map(time),
            expired_at: expired.map(time),
            ..example::token("at-1")
        };
        assert_eq!(is_dead(&token, time(now)), dead);
        assert_eq!(is_in_use(&token, time(now)), in_use);
    }

    #[test]
    fn a_token_is_dead_five_minutes_after_its_expiry() {
        let end = Some("2026-01-10T00:00:00Z");
        check(Some(CREATED), end, "2026-01-10T00:05:00Z", false, true);
        check(Some(CREATED), end, "2026-01-10T00:05:01Z", true, false);
    }

    #[test]
    fn a_token_is_in_use_for_fourteen_days_after_its_use_or_its_generation() {
        check(None, None, "2026-01-15T00:00:00Z", false, true);
        check(None, None, "2026-01-15T00:00:01Z", false, false);
        let used = Some("2026-02-01T00:00:00Z");
        check(used, None, "2026-02-15T00:00:00Z", false, true);
        check(used, None, "2026-02-15T00:00:01Z", false, false);
    }
}
