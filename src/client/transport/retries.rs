//! Sending again after a wait, which ends when the practitioner asks to stop.
//!
//! `retry` says which errors are retried, and after how long.

use tokio_util::sync::CancellationToken;
use url::Url;

use super::call::Call;
use super::connection::Transport;
use crate::client::error::{Error, Kind};
use crate::client::retry::Attempts;

impl Transport {
    /// Calls `attempt` until it succeeds or its error is not retried. A stop request aborts the attempt,
    /// unless the call is sent after one.
    ///
    /// If the host of `url` has never answered, all attempts of all calls together have one short time. An
    /// attempt that this time cuts short knows less than the one before, whose error is returned.
    pub(super) async fn retry<T, F>(
        &self,
        call: &Call,
        url: &Url,
        stop: &CancellationToken,
        attempt: impl FnMut() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let first_answer = self.timing.first_answer;
        let deadline = self
            .hosts
            .begin(url, first_answer)
            .map_err(|error| error.of_request(&call.name()))?;
        let mut before = None;
        let result = tokio::select! {
            biased;
            result = self.attempt_repeatedly(call, stop, &mut before, attempt) => result,
            () = self.hosts.silence(url, deadline) => {
                Err(before.unwrap_or_else(|| self.no_answer(call, url)))
            }
        };
        result.map_err(|error| {
            let has_no_answer = error.is_connect() || error.is_timeout();
            if !has_no_answer || self.hosts.has_answered(url) {
                return error;
            }
            let error = error.unreachable();
            self.hosts.note_failure(url, &error, first_answer);
            error
        })
    }

    /// Calls `attempt` until it succeeds or its error is not retried. `before` becomes the error of the
    /// attempt before.
    async fn attempt_repeatedly<T, F>(
        &self,
        call: &Call,
        stop: &CancellationToken,
        before: &mut Option<Error>,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut attempts = Attempts::begin();
        loop {
            let result = tokio::select! {
                biased;
                () = stop.cancelled(), if !call.is_sent_after_stop() => {
                    Err(self.error(Kind::Stopped, call))
                }
                result = attempt() => result,
            };
            match result {
                Ok(value) => return Ok(value),
                Err(error) => {
                    *before = Some(error.clone());
                    self.wait_before_retry(call, stop, &mut attempts, error)
                        .await?
                }
            }
        }
    }

    /// Waits until a request that failed may be sent again.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not retried; or a stop was requested.
    pub(crate) async fn wait_before_retry(
        &self,
        call: &Call,
        stop: &CancellationToken,
        attempts: &mut Attempts,
        error: Error,
    ) -> Result<(), Error> {
        let Some(wait) = attempts.failed(&self.timing, &call.method, &error) else {
            return Err(error);
        };
        tracing::warn!(
            attempt = attempts.count(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            %error,
            "a request failed and will be sent again"
        );
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => return Ok(()),
        }
        // A call that is sent once after a stop request has its own error.
        Err(if call.is_sent_after_stop() {
            error
        } else {
            self.error(Kind::Stopped, call).with_source(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use reqwest::{Method, StatusCode};
    use tokio::time::Instant;

    use super::*;
    use crate::client::environment::Environment;
    use crate::client::secret::Secret;
    use crate::client::settings::{Arguments, resolve};
    use crate::client::timing::Timing;

    async fn transport() -> Transport {
        let token = Some(Secret::new("token".to_owned()));
        let arguments = Arguments {
            token,
            ..Arguments::default()
        };
        let settings = resolve(arguments, &Environment::in_memory()).await.unwrap();
        let transport = Transport::new(settings, Timing::default(), "0.0.0");
        transport.hosts.note_answer(&url());
        transport
    }

    fn call(method: Method) -> Call {
        Call::new(method, &["x"])
    }

    /// The URL of a host that has answered.
    fn url() -> Url {
        Url::parse("https://app.terraform.io/").unwrap()
    }

    fn refusal(transport: &Transport, status: u16, retry_after: Option<u64>) -> Error {
        transport
            .error(Kind::Status, &call(Method::GET))
            .with_status(StatusCode::from_u16(status).unwrap())
            .with_retry_after(retry_after.map(Duration::from_secs))
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_service_asks() {
        let transport = transport().await;
        let (start, count) = (Instant::now(), Cell::new(0));
        let answer = transport
            .retry(
                &call(Method::POST),
                &url(),
                &CancellationToken::new(),
                async || {
                    count.set(count.get() + 1);
                    if count.get() == 3 {
                        return Ok("answer");
                    }
                    Err(refusal(&transport, 429, Some(20)))
                },
            )
            .await;
        assert_eq!(answer.unwrap(), "answer");
        let waited = start.elapsed().as_secs_f64();
        assert!((40.0..=50.1).contains(&waited), "{waited}");
    }

    #[track_caller]
    fn gives_up(error: &Error, count: u32, expected: u32, waited: Duration, total: u64) {
        assert_eq!(count, expected, "{error}");
        assert!(waited <= Duration::from_secs(total), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_after_a_number_of_attempts_or_a_total_time() {
        let transport = transport().await;
        for (status, asked, expected, total) in [
            (500, None, 5, 10),
            (429, None, 10, 90),
            (429, Some(86_400), 3, 180),
        ] {
            let (start, count) = (Instant::now(), Cell::new(0));
            let error = transport
                .retry(
                    &call(Method::GET),
                    &url(),
                    &CancellationToken::new(),
                    async || {
                        count.set(count.get() + 1);
                        Err::<(), _>(refusal(&transport, status, asked))
                    },
                )
                .await
                .unwrap_err();
            assert_eq!(error.status(), Some(status));
            gives_up(&error, count.get(), expected, start.elapsed(), total);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_request_ends_a_wait() {
        let transport = transport().await;
        let stop = CancellationToken::new();
        let start = Instant::now();
        tokio::spawn({
            let stop = stop.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                stop.cancel();
            }
        });
        let error = transport
            .retry(&call(Method::POST), &url(), &stop, async || {
                Err::<(), _>(refusal(&transport, 429, Some(60)))
            })
            .await
            .unwrap_err();
        assert!(error.is_stopped() && !error.may_have_acted(), "{error}");
        assert_eq!(start.elapsed().as_secs(), 1);
    }
}
