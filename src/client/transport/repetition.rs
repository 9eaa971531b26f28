//! Trying again, with waits that end when the practitioner wants to stop.
//!
//! Which failures are worth another attempt, and after how long, is `retry`'s to say.

use super::{Call, Transport};
use crate::client::error::{Error, Kind};
use crate::client::retry::{Attempts, Stop};

impl Transport {
    /// Calls `attempt` until it succeeds or there is no use in going on.
    pub(crate) async fn repeat<T, F>(
        &self,
        call: &Call,
        stop: &Stop,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if stop.is_requested() && !call.is_essential() {
            return Err(self.error(Kind::Stopped, call));
        }
        let mut attempts = Attempts::begin();
        loop {
            match attempt().await {
                Ok(value) => return Ok(value),
                Err(error) => self.wait(call, stop, &mut attempts, error).await?,
            }
        }
    }

    /// Waits until a request that failed may be tried again.
    ///
    /// # Errors
    ///
    /// There is no use in trying again: the error itself. Or the wish to stop came.
    pub(crate) async fn wait(
        &self,
        call: &Call,
        stop: &Stop,
        attempts: &mut Attempts,
        error: Error,
    ) -> Result<(), Error> {
        let Some(wait) = attempts.failed(&self.settings.pace, &call.method, &error) else {
            return Err(error);
        };
        tracing::warn!(
            attempt = attempts.count(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            %error,
            "a request failed and will be sent again"
        );
        if stop.sleep(wait).await {
            return Ok(());
        }
        // An essential request had its one chance; its own error tells more.
        Err(if call.is_essential() {
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
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::client::environment::Environment;
    use crate::client::secret::Secret;
    use crate::client::settings::{Arguments, resolve};

    async fn transport() -> Transport {
        let token = Some(Secret::new("token".to_owned()));
        let arguments = Arguments {
            token,
            ..Arguments::default()
        };
        let settings = resolve(arguments, &Environment::for_test()).await.unwrap();
        Transport::new(settings, "0.0.0")
    }

    fn call(method: Method) -> Call {
        Call::new(method, &["x"])
    }

    fn refusal(transport: &Transport, status: u16, retry_after: Option<u64>) -> Error {
        transport
            .error(Kind::Status, &call(Method::GET))
            .with_status(StatusCode::from_u16(status).unwrap())
            .with_retry_after(retry_after.map(Duration::from_secs))
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_service_asks_and_then_goes_on() {
        let transport = transport().await;
        let (start, count) = (Instant::now(), Cell::new(0));
        let answer = transport
            .repeat(&call(Method::POST), &Stop::default(), async || {
                count.set(count.get() + 1);
                if count.get() == 3 {
                    return Ok("answer");
                }
                Err(refusal(&transport, 429, Some(20)))
            })
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
    async fn gives_up_in_count_and_in_total_time() {
        let transport = transport().await;
        for (status, asked, expected, total) in [
            (500, None, 5, 10),
            (429, None, 10, 90),
            (429, Some(86_400), 3, 180),
        ] {
            let (start, count) = (Instant::now(), Cell::new(0));
            let error = transport
                .repeat(&call(Method::GET), &Stop::default(), async || {
                    count.set(count.get() + 1);
                    Err::<(), _>(refusal(&transport, status, asked))
                })
                .await
                .unwrap_err();
            assert_eq!(error.status(), Some(status));
            gives_up(&error, count.get(), expected, start.elapsed(), total);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_ends_with_the_wish_to_stop() {
        let transport = transport().await;
        let sender = CancellationToken::new();
        let receiver = sender.clone();
        let start = Instant::now();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            sender.cancel();
        });
        let error = transport
            .repeat(&call(Method::POST), &Stop::new(receiver), async || {
                Err::<(), _>(refusal(&transport, 429, Some(60)))
            })
            .await
            .unwrap_err();
        assert!(error.is_stopped() && !error.may_have_acted(), "{error}");
        assert_eq!(start.elapsed().as_secs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_signal_that_nobody_can_give_any_more_does_not_end_a_wait() {
        let sender = CancellationToken::new();
        let receiver = sender.clone();
        drop(sender);
        assert!(Stop::new(receiver).sleep(Duration::from_secs(5)).await);
    }
}
