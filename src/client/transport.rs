//! Sends requests and reads answers, within bounds.
//!
//! One HTTP client serves discovery and API. Nothing of it exists before the first call. What an
//! answer means is decided elsewhere; here it is only an answer or an [`Error`].

mod call;
mod failure;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode};
use tokio::sync::{OnceCell, oneshot};
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

pub(crate) use self::call::{Answer, Call, Urgency};
use super::document::{self, JSON_API};
use super::error::{Error, Kind};
#[cfg(target_os = "linux")]
use super::resolver::Resolver;
use super::retry::{Attempts, Stop, asked_wait};
use super::service::Service;
use super::settings::Settings;
use super::{discovery, tls};

/// Time for name, connection and TLS.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The longest body that is read. A page of 1,000 audit events has about half of one MiB.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Redirects followed within one attempt.
const REDIRECT_LIMIT: u32 = 5;

/// The connection to one host as one caller.
pub(crate) struct Transport {
    pub(crate) settings: Settings,
    pub(crate) service: Service,
    user_agent: String,
    http: OnceLock<reqwest::Client>,
    base: OnceCell<Url>,
}

impl Transport {
    pub(crate) fn new(settings: Settings, version: &str) -> Transport {
        Transport {
            settings,
            service: Service::default(),
            user_agent: format!("terraform-provider-tfe/{version}"),
            http: OnceLock::new(),
            base: OnceCell::new(),
        }
    }

    pub(crate) fn error(&self, kind: Kind, call: &Call) -> Error {
        Error::new(kind, &call.name(), &self.settings.hostname.to_string())
    }

    /// Sends; a GET is repeated as [`super::retry`] allows, a POST or DELETE is not: its sender
    /// looks before it tries again, and waits for a rate limit with [`Transport::wait`].
    ///
    /// A POST or DELETE that is on its way is carried through, whatever happens to this future.
    pub(crate) async fn send(self: &Arc<Self>, call: &Call, stop: &Stop) -> Result<Answer, Error> {
        // Whatever goes wrong here, the request itself has not been sent.
        let base = self.base(call, stop).await.map_err(Error::before_sending)?;
        if call.method != Method::GET {
            if stop.is_requested() {
                return Err(self.error(Kind::Stopped, call));
            }
            return self.exchange_for_good(call, base).await;
        }
        self.repeat(call, stop, async || {
            if call.is_essential() {
                return self.exchange(call, base).await;
            }
            tokio::select! {
                biased;
                () = stop.requested() => Err(self.error(Kind::Stopped, call)),
                result = self.exchange(call, base) => result,
            }
        })
        .await
    }

    /// Sends once, in a task of its own that nobody can abandon. Should nobody wait for the answer
    /// any more, that is logged.
    ///
    /// The plugin's server never drops a call's future, so there the task changes nothing. It is
    /// for every other user of the client, whose future may be dropped, by a timeout or `select!`,
    /// between the request and an answer that comes only once.
    async fn exchange_for_good(self: &Arc<Self>, call: &Call, base: &Url) -> Result<Answer, Error> {
        let (sender, receiver) = oneshot::channel();
        let (transport, owned, base) = (Arc::clone(self), call.clone(), base.clone());
        tokio::spawn(async move {
            let result = transport.exchange(&owned, &base).await;
            let acted = result.as_ref().map_or_else(Error::may_have_acted, |_| true);
            if sender.send(result).is_err() && acted {
                tracing::warn!(
                    request = owned.name(),
                    host = %transport.settings.hostname,
                    "a change was made, or may have been, but nobody waits for the answer any more"
                );
            }
        });
        // The task ends without an answer only with the runtime, or by a panic.
        receiver
            .await
            .unwrap_or_else(|_| Err(self.error(Kind::Interrupted, call)))
    }

    /// The service's URL, discovered at most once.
    async fn base(&self, call: &Call, stop: &Stop) -> Result<&Url, Error> {
        self.base
            .get_or_try_init(|| discovery::service_url(self, call, stop))
            .await
    }

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

    /// Sends once and reads the answer, following redirects.
    async fn exchange(&self, call: &Call, base: &Url) -> Result<Answer, Error> {
        let mut url = call.url(base);
        let mut redirects = 0;
        let start = Instant::now();
        loop {
            let response = self.request(call, url.clone(), start).await?;
            self.service.observe(response.headers());
            let status = response.status();
            tracing::debug!(
                method = %call.method,
                path = url.path(),
                status = status.as_u16(),
                took_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
                "the API answered"
            );
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = self.redirection(call, &url, &response)?;
                redirects += 1;
                if redirects > REDIRECT_LIMIT {
                    return Err(self
                        .error(Kind::Redirect, call)
                        .with_status(status)
                        .with_detail("too many redirects"));
                }
                continue;
            }
            return self.answer(call, response).await;
        }
    }

    /// Sends one request of an attempt that began at `start`: redirects share its time.
    async fn request(
        &self,
        call: &Call,
        url: Url,
        start: Instant,
    ) -> Result<reqwest::Response, Error> {
        let pace = &self.settings.pace;
        let limit = if call.method == Method::GET {
            pace.read_limit
        } else {
            pace.change_limit
        };
        let token = call.bearer.as_ref().unwrap_or(&self.settings.token);
        let value = Zeroizing::new(format!("Bearer {}", token.expose()));
        let mut authorization = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            self.error(Kind::Input, call)
                .with_detail("the token has characters that cannot be sent")
        })?;
        authorization.set_sensitive(true);
        let mut request = self
            .http(call)?
            .request(call.method.clone(), url.clone())
            .timeout(limit.saturating_sub(start.elapsed()))
            .header(ACCEPT, call.accept)
            .header(AUTHORIZATION, authorization);
        if call.accept == JSON_API {
            // Bodiless requests as well: a DELETE without it is refused with 415.
            request = request.header(CONTENT_TYPE, JSON_API);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request
            .send()
            .await
            .map_err(|error| self.transport_error(call, &url, error))
    }

    /// Where a redirect leads, if the token may go there.
    fn redirection(
        &self,
        call: &Call,
        from: &Url,
        response: &reqwest::Response,
    ) -> Result<Url, Error> {
        let status = response.status();
        let keeps_method = matches!(
            status,
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        );
        let refuse = |detail: &str| {
            self.error(Kind::Redirect, call)
                .with_status(status)
                .with_detail(detail)
        };
        let target = response
            .headers()
            .get(LOCATION)
            .and_then(|location| from.join(location.to_str().ok()?).ok())
            .ok_or_else(|| refuse("the redirect names no valid location"))?;
        if target.origin() != from.origin() {
            let host = target.host_str().unwrap_or_default();
            return Err(refuse(&format!("the redirect leads to {host:?}")));
        }
        if call.method != Method::GET && !keeps_method {
            return Err(refuse("only a 307 or 308 can redirect a change"));
        }
        Ok(target)
    }

    async fn answer(&self, call: &Call, response: reqwest::Response) -> Result<Answer, Error> {
        let status = response.status();
        let headers = response.headers().clone();
        let read = self.body(call, response, BODY_LIMIT).await;
        if status.is_success() {
            return read.map(|body| Answer { body });
        }
        // The status says enough if the body cannot be had.
        let body = read.unwrap_or_default();
        let secret = call.bearer.as_ref().unwrap_or(&self.settings.token);
        let api_errors = document::api_errors(&body, content_type(&headers), secret.expose());
        let asks_to_wait =
            status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
        Err(self
            .error(Kind::Status, call)
            .with_status(status)
            .with_api_errors(api_errors)
            .with_retry_after(asks_to_wait.then(|| asked_wait(&headers)).flatten()))
    }

    /// Reads a body of at most `limit` bytes.
    pub(crate) async fn body(
        &self,
        call: &Call,
        mut response: reqwest::Response,
        limit: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let status = response.status();
        let url = response.url().clone();
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport_error(call, &url, error))?
        {
            if body.len() + chunk.len() > limit {
                return Err(self
                    .error(Kind::Protocol, call)
                    .with_status(status)
                    .with_detail(format!("the answer is longer than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// The HTTP client, made when first needed.
    pub(crate) fn http(&self, call: &Call) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let environment = &self.settings.environment;
        let config = tls::client_config(self.settings.ssl_skip_verify, environment)
            .map_err(|error| self.error(Kind::Input, call).with_source(error))?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .user_agent(&self.user_agent)
            .connect_timeout(CONNECT_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // What is repeated, and when, is decided here and nowhere below.
            .retry(reqwest::retry::never());
        if !environment.uses_proxies() {
            builder = builder.no_proxy();
        }
        #[cfg(target_os = "linux")]
        {
            builder = builder.dns_resolver(Resolver::new(environment));
        }
        let client = builder.build().map_err(|error| {
            self.error(Kind::Input, call)
                .with_source(error.without_url())
        })?;
        Ok(self.http.get_or_init(|| client))
    }
}

pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::watch;

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
        let (sender, receiver) = watch::channel(false);
        let start = Instant::now();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            sender.send(true).unwrap();
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
        let (sender, receiver) = watch::channel(false);
        drop(sender);
        assert!(Stop::new(receiver).sleep(Duration::from_secs(5)).await);
    }
}
