//! When to try again, and how long to wait before.
//!
//! A 429 was not acted upon and is repeated on every method. Server errors and broken connections
//! are repeated on GET only: what a POST or DELETE may have done is looked up first, by whoever
//! sent it. Nor is a POST or DELETE repeated by itself after a 429: while we wait the world moves
//! on, so its sender waits, looks again, and only then repeats it.

use std::time::Duration;

use chrono::DateTime;
use reqwest::Method;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error::{Error, Kind};

/// How patient the client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Wait before the first repetition; it doubles from one to the next.
    pub(crate) first: Duration,
    /// No wait of our own choosing is longer.
    pub(crate) longest: Duration,
    /// No wait that the service asks for is honoured beyond this.
    pub(crate) longest_asked: Duration,
    /// Attempts after server errors and broken connections, the first included.
    pub(crate) attempts: u32,
    /// Attempts at a rate limit, the first included.
    pub(crate) attempts_at_limit: u32,
    /// No repetition starts later than this after the first attempt.
    pub(crate) total: Duration,
    /// Time for one attempt of a GET, its redirects and body included.
    pub(crate) read_limit: Duration,
    /// Time for one attempt of discovery, as Terraform allows it.
    pub(crate) discovery_limit: Duration,
    /// Time for one attempt of a POST or DELETE: giving up early costs more there. But what
    /// follows the wish to stop must end before the process does; see [`Pace::after_stop`].
    pub(crate) change_limit: Duration,
    /// How long a service is given to finish what it may be doing before it is asked what it did.
    pub(crate) settle: Duration,
}

impl Pace {
    /// For practitioners.
    pub(crate) const DEFAULT: Pace = Pace {
        first: Duration::from_millis(500),
        longest: Duration::from_secs(10),
        longest_asked: Duration::from_secs(60),
        attempts: 5,
        attempts_at_limit: 10,
        total: Duration::from_secs(180),
        read_limit: Duration::from_secs(30),
        discovery_limit: Duration::from_secs(11),
        change_limit: Duration::from_secs(45),
        settle: Duration::from_secs(2),
    };

    /// For tests that run in real time: short waits, the same limits.
    pub(crate) const HURRIED: Pace = Pace {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(4),
        longest_asked: Duration::from_millis(5),
        settle: Duration::from_millis(1),
        ..Pace::DEFAULT
    };

    /// For tests of a silent service: it is given up soon, but not because the machine is busy.
    pub(crate) const IMPATIENT: Pace = Pace {
        discovery_limit: Duration::from_millis(500),
        change_limit: Duration::from_secs(4),
        ..Pace::HURRIED
    };

    /// The longest that a change goes on after the wish to stop: it may just have been sent, is
    /// settled if its answer is not clear, and is looked up once, which takes the token's document
    /// and, where that is missing, the organization's. Nothing is repeated then, and no second
    /// change is begun.
    #[cfg(test)]
    fn after_stop(&self) -> Duration {
        self.change_limit + self.settle + 2 * self.read_limit
    }

    /// The wait before the next attempt, or `None` to give up. `attempt` counts from 1; `jitter`
    /// lies between 0 and 1 and spreads the wait by a quarter.
    pub(crate) fn wait(
        &self,
        method: &Method,
        error: &Error,
        attempt: u32,
        elapsed: Duration,
        jitter: f64,
    ) -> Option<Duration> {
        let limit = if error.status() == Some(429) {
            self.attempts_at_limit
        } else if *method == Method::GET && is_transient(error) {
            self.attempts
        } else {
            return None;
        };
        let own = self
            .first
            .saturating_mul(1 << (attempt - 1).min(16))
            .min(self.longest);
        let asked = error
            .retry_after()
            .map(|asked| asked.min(self.longest_asked));
        let base = match asked {
            // At a rate limit the service knows best, but "now" was wrong a moment ago.
            Some(asked) if error.is_rate_limited() => asked.max(self.first / 5),
            Some(asked) => asked.max(own),
            None => own,
        };
        // Never less than asked: the jitter only adds.
        let wait = base + base.max(self.first).mul_f64(jitter.clamp(0.0, 1.0) / 4.0);
        (attempt < limit && elapsed + wait <= self.total).then_some(wait)
    }
}

/// The attempts at one request or change so far.
pub(crate) struct Attempts {
    start: Instant,
    count: u32,
}

impl Attempts {
    /// Counts from now.
    pub(crate) fn begin() -> Attempts {
        Attempts {
            start: Instant::now(),
            count: 0,
        }
    }

    /// Counts one that failed: the wait before the next, or `None` to give up.
    pub(crate) fn failed(
        &mut self,
        pace: &Pace,
        method: &Method,
        error: &Error,
    ) -> Option<Duration> {
        self.count += 1;
        let elapsed = self.start.elapsed();
        pace.wait(method, error, self.count, elapsed, fastrand::f64())
    }

    /// How many have failed.
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

/// The wait that an answer asks for: `X-RateLimit-Reset` (seconds, with a fraction) or
/// `Retry-After` (whole seconds, or a date, which is compared with the answer's own).
pub(crate) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
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

/// Absurd values count as not said.
fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The wish to stop, which may come at any time or never.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(CancellationToken);

impl Stop {
    pub(crate) fn new(token: CancellationToken) -> Stop {
        Stop(token)
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Completes when a stop is requested.
    pub(crate) async fn requested(&self) {
        self.0.cancelled().await;
    }

    /// Sleeps; `false` if the wish to stop cut it short.
    pub(crate) async fn sleep(&self, duration: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.requested() => false,
            () = tokio::time::sleep(duration) => true,
        }
    }
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
        Pace::DEFAULT.wait(&method, error, attempt, Duration::ZERO, 0.0)
    }

    #[test]
    fn a_rate_limit_is_waited_for_on_every_method_and_the_rest_on_get_only() {
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
    fn what_follows_the_wish_to_stop_ends_before_the_process() {
        // After SIGTERM the process waits this long for what is in flight (tfplugin: Patience).
        let patience = Duration::from_secs(120);
        assert!(Pace::DEFAULT.after_stop() < patience);
    }

    #[test]
    fn waits_double_and_end() {
        let waits: Vec<_> = (1..6)
            .map(|attempt| wait(Method::GET, &status(500), attempt))
            .collect();
        let expected = [Some(500), Some(1000), Some(2000), Some(4000), None];
        assert_eq!(waits, expected.map(|wait| wait.map(Duration::from_millis)));
        let late = Duration::from_secs(180);
        assert_eq!(
            Pace::DEFAULT.wait(&Method::GET, &status(500), 1, late, 0.0),
            None
        );
    }

    #[test]
    fn the_service_decides_how_long_within_reason() {
        let asked = |wait| status(429).with_retry_after(Some(wait));
        let seconds = Duration::from_secs;
        assert_eq!(wait(Method::GET, &asked(seconds(7)), 1), Some(seconds(7)));
        assert_eq!(
            wait(Method::GET, &asked(seconds(86_400)), 1),
            Some(seconds(60))
        );
        assert_eq!(
            wait(Method::GET, &asked(seconds(0)), 1),
            Some(Duration::from_millis(100))
        );
        let unavailable = status(503).with_retry_after(Some(seconds(0)));
        assert_eq!(
            wait(Method::GET, &unavailable, 1),
            Some(Duration::from_millis(500))
        );
        let spread = Pace::DEFAULT.wait(&Method::GET, &asked(seconds(8)), 1, seconds(0), 1.0);
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
            asked_wait(&headers),
            expected.map(Duration::from_secs_f64),
            "{headers:?}"
        );
    }

    #[test]
    fn reads_all_that_services_send_and_nothing_absurd() {
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
        for absurd in ["-1", "NaN", "inf", "1e300", ""] {
            check(&[("x-ratelimit-reset", absurd)], None);
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
