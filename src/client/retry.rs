//! When a request is sent again, and how long the client waits before.
//!
//! A request with 429 had no effect, so every method may be sent again. After server errors and broken
//! connections only a GET is sent again: the sender of a POST or DELETE first reads what it has done.
//! The sender of a POST or DELETE also reads again after a rate limit, because another caller may have
//! made a change in the meantime.

use std::time::Duration;

use chrono::DateTime;
use reqwest::Method;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

use super::error::{Error, Kind};
use super::timing::Timing;

/// Returns the wait before the next attempt, or `None` to give up. `attempt` counts from 1. `jitter` is
/// between 0 and 1 and adds up to a quarter.
fn wait_before_retry(
    timing: &Timing,
    method: &Method,
    error: &Error,
    attempt: u32,
    elapsed: Duration,
    jitter: f64,
) -> Option<Duration> {
    let limit = if error.status() == Some(429) {
        timing.rate_limit_attempts
    } else if *method == Method::GET && is_transient(error) {
        timing.attempts
    } else {
        return None;
    };
    let own = timing
        .first_wait
        .saturating_mul(1 << (attempt - 1).min(16))
        .min(timing.max_wait);
    let requested = error
        .retry_after()
        .map(|requested| requested.min(timing.max_requested_wait));
    let base = match requested {
        // The service knows its rate limit, but it may ask for no wait at all.
        Some(requested) if error.is_rate_limited() => requested.max(timing.first_wait / 5),
        Some(requested) => requested.max(own),
        None => own,
    };
    // Jitter only adds, so that the wait is never shorter than the service asks for.
    let wait = base
        + base
            .max(timing.first_wait)
            .mul_f64(jitter.clamp(0.0, 1.0) / 4.0);
    (attempt < limit && elapsed + wait <= timing.total).then_some(wait)
}

/// The failed attempts at one request or change.
pub(crate) struct Attempts {
    start: Instant,
    count: u32,
}

impl Attempts {
    /// Starts to count.
    pub(crate) fn begin() -> Attempts {
        Attempts {
            start: Instant::now(),
            count: 0,
        }
    }

    /// Counts a failed attempt. Returns the wait before the next, or `None` to give up.
    pub(crate) fn failed(
        &mut self,
        timing: &Timing,
        method: &Method,
        error: &Error,
    ) -> Option<Duration> {
        self.count += 1;
        let elapsed = self.start.elapsed();
        wait_before_retry(timing, method, error, self.count, elapsed, fastrand::f64())
    }

    /// Returns how many attempts have failed.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }
}

fn is_transient(error: &Error) -> bool {
    match error.kind() {
        Kind::Timeout | Kind::Connect | Kind::Interrupted => !error.is_permanent(),
        Kind::Status | Kind::Discovery => error
            .status()
            .is_some_and(|status| status >= 500 || status == 408),
        _ => false,
    }
}

/// Returns the wait that an answer asks for: `X-RateLimit-Reset` (seconds, with a fraction) or
/// `Retry-After` (whole seconds, or a date, which is compared with the answer's `Date`).
pub(crate) fn requested_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(wait) = text("x-ratelimit-reset").and_then(seconds) {
        return Some(wait);
    }
    let retry_after = text(RETRY_AFTER.as_str())?;
    if let Some(wait) = seconds(retry_after) {
        return Some(wait);
    }
    let now = DateTime::parse_from_rfc2822(text(DATE.as_str())?).ok()?;
    let then = DateTime::parse_from_rfc2822(retry_after).ok()?;
    (then - now).to_std().ok()
}

/// Parses seconds. A value that is not a duration is ignored.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderValue;

    use super::*;

    fn status(code: u16) -> Error {
        Error::new(Kind::Status, "", "").with_status(StatusCode::from_u16(code).unwrap())
    }

    fn wait(method: Method, error: &Error, attempt: u32) -> Option<Duration> {
        wait_before_retry(
            &Timing::default(),
            &method,
            error,
            attempt,
            Duration::ZERO,
            0.0,
        )
    }

    #[test]
    fn a_rate_limit_is_retried_on_every_method_and_other_errors_on_get_only() {
        let interrupted = Error::new(Kind::Interrupted, "", "");
        for method in [Method::GET, Method::POST, Method::DELETE] {
            assert!(wait(method.clone(), &status(429), 1).is_some());
            let repeats = method == Method::GET;
            assert_eq!(wait(method.clone(), &status(502), 1).is_some(), repeats);
            assert_eq!(wait(method.clone(), &interrupted, 1).is_some(), repeats);
            assert_eq!(wait(method, &status(404), 1), None);
        }
    }

    #[test]
    fn waits_double_until_it_gives_up() {
        let waits: Vec<_> = (1..6)
            .map(|attempt| wait(Method::GET, &status(500), attempt))
            .collect();
        let expected = [Some(500), Some(1000), Some(2000), Some(4000), None];
        assert_eq!(waits, expected.map(|wait| wait.map(Duration::from_millis)));
        let late = Duration::from_secs(180);
        assert_eq!(
            wait_before_retry(&Timing::default(), &Method::GET, &status(500), 1, late, 0.0),
            None
        );
    }

    #[test]
    fn the_service_asks_for_a_wait_up_to_a_maximum() {
        let requested = |wait| status(429).with_retry_after(Some(wait));
        let seconds = Duration::from_secs;
        assert_eq!(
            wait(Method::GET, &requested(seconds(7)), 1),
            Some(seconds(7))
        );
        assert_eq!(
            wait(Method::GET, &requested(seconds(86_400)), 1),
            Some(seconds(60))
        );
        assert_eq!(
            wait(Method::GET, &requested(seconds(0)), 1),
            Some(Duration::from_millis(100))
        );
        let unavailable = status(503).with_retry_after(Some(seconds(0)));
        assert_eq!(
            wait(Method::GET, &unavailable, 1),
            Some(Duration::from_millis(500))
        );
        let spread = wait_before_retry(
            &Timing::default(),
            &Method::GET,
            &requested(seconds(8)),
            1,
            seconds(0),
            1.0,
        );
        assert_eq!(spread, Some(seconds(10)));
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: Option<f64>) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect::<Vec<(reqwest::header::HeaderName, HeaderValue)>>()
            .into_iter()
            .collect();
        assert_eq!(
            requested_wait(&headers),
            expected.map(Duration::from_secs_f64),
            "{headers:?}"
        );
    }

    #[test]
    fn reads_every_form_of_a_wait_and_ignores_invalid_ones() {
        check(&[], None);
        check(&[("x-ratelimit-reset", "0.25")], Some(0.25));
        check(
            &[("x-ratelimit-reset", "0.5"), ("retry-after", "9")],
            Some(0.5),
        );
        check(&[("retry-after", "3")], Some(3.0));
        check(
            &[("x-ratelimit-reset", "soon"), ("retry-after", "3")],
            Some(3.0),
        );
        for invalid in ["-1", "NaN", "inf", "1e300", ""] {
            check(&[("x-ratelimit-reset", invalid)], None);
        }
        let date = ("date", "Sun, 06 Nov 1994 08:49:30 GMT");
        check(
            &[date, ("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")],
            Some(7.0),
        );
        check(
            &[date, ("retry-after", "Sun, 06 Nov 1994 08:49:20 GMT")],
            None,
        );
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], None);
    }
}
