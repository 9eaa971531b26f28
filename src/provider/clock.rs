//! [`Clock`]: the present time, which tests can set.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// A source of the present time; clones share it.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use terraform_provider_tfe::provider::Clock;
///
/// let new_year: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
/// assert_eq!(Clock::from_fn(move || new_year).now(), new_year);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// Returns the system's clock.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the provider reads the time"
    )]
    pub fn system() -> Self {
        Self::from_fn(Utc::now)
    }

    /// Returns a clock that shows the time that `now` returns.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the present time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
