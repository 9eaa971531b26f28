//! [`Verdict`]: one answer for all who wait for it.

use std::sync::OnceLock;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::client::error::Error;

/// A value that is found once, for all callers.
pub(super) struct Verdict<T> {
    value: OnceLock<T>,
    /// The last failure, and when it was found.
    failure: Mutex<Option<(Error, Instant)>>,
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
    /// Everybody who waited gets the same error. Later callers call `find` anew, and so does the next one
    /// who waits if the caller who was to find it was stopped.
    pub(super) async fn get<F: Future<Output = Result<T, Error>>>(
        &self,
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
        if let Some((error, when)) = &*failure
            && arrived <= *when
        {
            return Err(error.clone());
        }
        match find().await {
            Ok(value) => Ok(self.value.get_or_init(|| value)),
            Err(error) => {
                if !error.is_stopped() {
                    *failure = Some((error.clone(), Instant::now()));
                }
                Err(error)
            }
        }
    }
}
