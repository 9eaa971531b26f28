//! Whether a token is dead, and whether somebody uses it.
//!
//! Every plan, apply and opening that may invalidate a token decides it here. Whose token it is, is decided in `ownership`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::client::AuditTrailToken;

/// HCP Terraform keeps 14 days of the audit trail, so a collector that misses nothing reads at least that often.
const IN_USE_PERIOD: TimeDelta = TimeDelta::days(14);

/// How long a token counts as alive after its expiry: the clocks of this machine and of the service may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// Whether a token works, and whether somebody uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Liveness {
    /// It is expired. It may be replaced without force, and nobody loses access.
    Dead,
    /// It works, and nobody has used it for a long time.
    Unused,
    /// It works, and invalidating it may stop a collector.
    InUse(Use),
}

/// Why a token counts as in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Somebody used it within the last 14 days.
    Recent,
    /// It was generated within the last 14 days and nobody has used it yet: its collector may not have it yet.
    Expected,
    /// An object of this configuration manages it.
    Managed,
}

/// Whether an object of this configuration manages a token, as far as this process has read the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Management {
    /// An object that this process has read manages it.
    ByThisConfiguration,
    /// No object that this process has read manages it, or only the one that asks.
    NotSeen,
}

/// What the API says about the life of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TokenTimes {
    /// `None`: not known.
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) last_used_at: Option<DateTime<Utc>>,
    /// `None`: never, or not known.
    pub(super) expired_at: Option<DateTime<Utc>>,
}

impl From<&AuditTrailToken> for TokenTimes {
    fn from(token: &AuditTrailToken) -> Self {
        Self {
            created_at: Some(token.created_at),
            last_used_at: token.last_used_at,
            expired_at: token.expired_at,
        }
    }
}

impl TokenTimes {
    /// Returns whether the token works, and whether somebody uses it.
    pub(super) fn liveness(self, management: Management, now: DateTime<Utc>) -> Liveness {
        if self.is_dead(now) {
            return Liveness::Dead;
        }
        let is_recent = |time: DateTime<Utc>| now - time <= IN_USE_PERIOD;
        match (management, self.last_used_at) {
            (Management::ByThisConfiguration, _) => Liveness::InUse(Use::Managed),
            (_, Some(used)) if is_recent(used) => Liveness::InUse(Use::Recent),
            (_, None) if self.created_at.is_some_and(is_recent) => Liveness::InUse(Use::Expected),
            _ => Liveness::Unused,
        }
    }

    /// Whether the token certainly does not work any more.
    pub(super) fn is_dead(self, now: DateTime<Utc>) -> bool {
        self.expired_at
            .is_some_and(|expired_at| now - expired_at > CLOCK_SKEW)
    }
}

/// Whether a token certainly does not work any more.
pub(super) fn is_dead(token: &AuditTrailToken, now: DateTime<Utc>) -> bool {
    TokenTimes::from(token).is_dead(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-15T00:00:00Z";

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Checks a token that never expires.
    #[track_caller]
    fn check(created_at: &str, last_used_at: Option<&str>, expected: Liveness) {
        let times = TokenTimes {
            created_at: Some(time(created_at)),
            last_used_at: last_used_at.map(time),
            expired_at: None,
        };
        assert_eq!(times.liveness(Management::NotSeen, time(NOW)), expected);
    }

    #[test]
    fn a_token_is_in_use_for_fourteen_days_after_its_last_use() {
        let old = "2025-01-01T00:00:00Z";
        let recent = Liveness::InUse(Use::Recent);
        check(old, Some("2026-01-14T00:00:00Z"), recent);
        check(old, Some("2026-01-01T00:00:00Z"), recent);
        check(old, Some("2025-12-31T23:59:59Z"), Liveness::Unused);
        check(old, None, Liveness::Unused);
    }

    #[test]
    fn a_new_token_is_in_use_before_its_first_use() {
        let expected = Liveness::InUse(Use::Expected);
        check("2026-01-15T00:01:00Z", None, expected);
        check("2026-01-14T23:58:40Z", None, expected);
        check("2026-01-01T00:00:00Z", None, expected);
        check("2025-12-31T23:59:59Z", None, Liveness::Unused);
    }

    #[test]
    fn a_token_that_this_configuration_manages_is_in_use() {
        let times = TokenTimes {
            created_at: Some(time("2025-01-01T00:00:00Z")),
            last_used_at: None,
            expired_at: None,
        };
        assert_eq!(
            times.liveness(Management::ByThisConfiguration, time(NOW)),
            Liveness::InUse(Use::Managed)
        );
    }

    #[test]
    fn a_token_is_dead_five_minutes_after_its_expiry_whoever_uses_it() {
        for management in [Management::ByThisConfiguration, Management::NotSeen] {
            for (expired_at, is_dead) in [
                ("2026-01-14T23:54:59Z", true),
                ("2026-01-14T23:55:00Z", false),
                ("2026-01-16T00:00:00Z", false),
            ] {
                let times = TokenTimes {
                    created_at: Some(time("2026-01-14T00:00:00Z")),
                    last_used_at: Some(time("2026-01-14T12:00:00Z")),
                    expired_at: Some(time(expired_at)),
                };
                let liveness = times.liveness(management, time(NOW));
                assert_eq!(liveness == Liveness::Dead, is_dead, "{expired_at}");
                assert_eq!(times.is_dead(time(NOW)), is_dead);
            }
        }
    }
}
