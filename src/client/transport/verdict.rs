//! [`Verdict`]: one answer for all who wait for it; and [`Answered`]: the hosts that have answered.
//!
//! A host that does not answer must cost its time once, not once for each object of a configuration.

use std::sync::{Mutex as Lock, OnceLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use url::{Origin, Url};

use crate::client::error::Error;

/// A value that is found once, for all callers.
pub(super) struct Verdict<T> {
    value: OnceLock<T>,
    failure: Mutex<Option<Failure>>,
}

struct Failure {
    error: Error,
    /// Callers who come until then get this error.
    until: Instant,
}

impl<T> Default for Verdict<T> {
    fn default() -> Self {
        Verdict {
            value: OnceLock::new(),
            failure: Mutex::new(None),
        }
    }
}

impl<T> Verdict<T> {
    /// Returns the value, if it was found.
    pub(super) fn known(&self) -> Option<&T> {
        self.value.get()
    }

    /// Returns the value, which one caller finds with `find` while the others wait.
    ///
    /// # Errors
    ///
    /// Everybody who waited gets the same error. Without an answer of the host it is also the error of
    /// callers who come within `silence`: Terraform reads ten objects at a time, and the next ten would
    /// wait as long again. Later callers call `find` anew, and so does the next one if the caller who
    /// was to find it was stopped.
    pub(super) async fn get<F: Future<Output = Result<T, Error>>>(
        &self,
        silence: Duration,
        find: impl FnOnce() -> F,
    ) -> Result<&T, Error> {
        let arrived = Instant::now();
        if let Some(value) = self.known() {
            return Ok(value);
        }
        let mut failure = self.failure.lock().await;
        if let Some(value) = self.known() {
            return Ok(value);
        }
        if let Some(Failure { error, until }) = &*failure
            && arrived <= *until
        {
            return Err(error.clone());
        }
        match find().await {
            Ok(value) => Ok(self.value.get_or_init(|| value)),
            Err(error) => {
                if !error.is_stopped() {
                    let is_silent = error.is_timeout() || error.is_connect();
                    let grace = if is_silent { silence } else { Duration::ZERO };
                    *failure = Some(Failure {
                        error: error.clone(),
                        until: Instant::now() + grace,
                    });
                }
                Err(error)
            }
        }
    }
}

/// The hosts that have sent an answer, of any status.
#[derive(Default)]
pub(super) struct Answered(Lock<Vec<Origin>>);

impl Answered {
    /// Remembers that the host of this URL has answered.
    pub(super) fn note(&self, url: &Url) {
        let origin = url.origin();
        // The list is complete after each change, so a panic elsewhere has not damaged it.
        let mut origins = self
            .0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }

    /// Returns at the deadline if the host of this URL has not answered by then, and never if it has.
    pub(super) async fn silence(&self, url: &Url, deadline: Instant) {
        tokio::time::sleep_until(deadline).await;
        let has_answered = {
            let origins = self
                .0
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            origins.contains(&url.origin())
        };
        if has_answered {
            std::future::pending::<()>().await;
        }
    }
}
