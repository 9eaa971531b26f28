//! Sending a call: discovery first, then the request with its redirects and retries.

use std::sync::Arc;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use url::Url;
use zeroize::Zeroizing;

use super::call::{Answer, Call};
use super::connection::Transport;
use super::discovery;
use crate::client::document::JSON_API;
use crate::client::error::{Error, Kind};

/// How many redirects are followed within one attempt.
const MAX_REDIRECTS: u32 = 5;

impl Transport {
    /// Sends a call. A GET is retried, a POST or DELETE is not: its sender first reads what it has done,
    /// and waits for a rate limit with [`Transport::wait_before_retry`].
    ///
    /// A POST or DELETE that was sent is finished even if this future is dropped.
    ///
    /// # Errors
    ///
    /// There is no answer, it has an error status, or a stop was requested.
    pub(crate) async fn send(
        self: &Arc<Self>,
        call: &Call,
        stop: &CancellationToken,
    ) -> Result<Answer, Error> {
        // An error of discovery means that the call itself was not sent.
        let base = self.base(call, stop).await.map_err(Error::before_sending)?;
        if call.method != Method::GET {
            if stop.is_cancelled() {
                return Err(self.error(Kind::Stopped, call));
            }
            return self.exchange_in_task(call, &base).await;
        }
        self.retry(call, &base, stop, || self.exchange(call, &base))
            .await
    }

    /// Sends a GET once, whatever the answer is.
    ///
    /// # Errors
    ///
    /// There is no answer, or it has an error status.
    pub(crate) async fn send_once(
        self: &Arc<Self>,
        call: &Call,
        stop: &CancellationToken,
    ) -> Result<Answer, Error> {
        let base = self.base(call, stop).await.map_err(Error::before_sending)?;
        self.exchange(call, &base).await
    }

    /// Sends once, in a task of its own, so that dropping this future does not abort the request.
    ///
    /// If the future is dropped, the task logs that the request may have had an effect.
    ///
    /// The plugin's server never drops a call's future. Other users of the client may, with a timeout or
    /// `select!`, and the answer to a POST comes only once.
    async fn exchange_in_task(self: &Arc<Self>, call: &Call, base: &Url) -> Result<Answer, Error> {
        let (sender, receiver) = oneshot::channel();
        let (transport, owned, base) = (Arc::clone(self), call.clone(), base.clone());
        let exchange = async move {
            let result = transport.exchange(&owned, &base).await;
            let acted = result.as_ref().map_or_else(Error::may_have_acted, |_| true);
            if sender.send(result).is_err() && acted {
                tracing::warn!(
                    request = owned.name(),
                    host = %transport.settings.hostname,
                    "a change was made, or may have been, but the caller no longer waits for the answer"
                );
            }
        };
        tokio::spawn(exchange.in_current_span());
        // The task ends without an answer only if the runtime ends or it panics.
        receiver
            .await
            .unwrap_or_else(|_| Err(self.error(Kind::Interrupted, call)))
    }

    /// Returns the URL of the API, if it has been discovered.
    pub(crate) fn known_api_url(&self) -> Option<&Url> {
        self.base.known()
    }

    /// Returns the URL of the API, which is discovered if no call has been sent.
    ///
    /// # Errors
    ///
    /// It cannot be discovered.
    pub(crate) async fn api_url(self: &Arc<Self>, stop: &CancellationToken) -> Result<Url, Error> {
        self.base(&Call::new(Method::GET, &[]), stop).await
    }

    /// Whether the host of the API has answered.
    pub(crate) fn has_answered(&self) -> bool {
        let url = self.known_api_url();
        url.is_some_and(|url| self.hosts.has_answered(url))
    }

    /// Returns the URL of the API, which is discovered once, in a task of its own: others may wait for it
    /// when this future is dropped.
    async fn base(self: &Arc<Self>, call: &Call, stop: &CancellationToken) -> Result<Url, Error> {
        if let Some(base) = self.known_api_url() {
            return Ok(base.clone());
        }
        let (transport, cause, signal) = (Arc::clone(self), call.clone(), stop.clone());
        let discovery = async move {
            let find = || discovery::api_url(&transport, &cause, &signal);
            transport.base.get(find).await.cloned()
        };
        let discovered = tokio::spawn(discovery.in_current_span());
        tokio::select! {
            biased;
            // The task ends without a result only if the runtime ends or it panics.
            base = discovered => {
                base.unwrap_or_else(|_| Err(self.error(Kind::Interrupted, call)))
            }
            // The caller may be waiting for another's discovery.
            () = stop.cancelled(), if !call.is_sent_after_stop() => {
                Err(self.error(Kind::Stopped, call))
            }
        }
    }

    /// Sends once, follows redirects, and reads the answer.
    async fn exchange(&self, call: &Call, base: &Url) -> Result<Answer, Error> {
        let mut url = call.url(base);
        let mut redirects = 0;
        let start = Instant::now();
        loop {
            let response = self.request(call, url.clone(), start).await?;
            self.product.observe(response.headers());
            let status = response.status();
            tracing::debug!(
                method = %call.method,
                path = url.path(),
                status = status.as_u16(),
                took_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
                "the API answered"
            );
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                self.hosts.note_answer(base);
                url = self.redirection(call, &url, &response)?;
                redirects += 1;
                if redirects > MAX_REDIRECTS {
                    return Err(self
                        .error(Kind::Redirect, call)
                        .with_status(status)
                        .with_detail("too many redirects"));
                }
                continue;
            }
            let result = self.answer(call, response, redirects).await;
            let is_whole = |error: &Error| {
                !error.is_timeout() && !error.is_interrupted() && !error.is_connect()
            };
            if result.as_ref().err().is_none_or(is_whole) {
                self.hosts.note_answer(base);
            }
            return result;
        }
    }

    /// Sends one request of an attempt that began at `start`. Redirects share its timeout.
    async fn request(
        &self,
        call: &Call,
        url: Url,
        start: Instant,
    ) -> Result<reqwest::Response, Error> {
        let timeout = call.timeout(&self.timing);
        let token = call.bearer.as_ref().unwrap_or(&self.settings.token);
        let value = Zeroizing::new(format!("Bearer {}", token.expose()));
        let mut authorization = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
            self.error(Kind::Input, call)
                .with_detail("the token has characters that cannot be sent")
        })?;
        authorization.set_sensitive(true);
        let mut request = self
            .http(call, &url)
            .await?
            .request(call.method.clone(), url.clone())
            .timeout(timeout.saturating_sub(start.elapsed()))
            .header(ACCEPT, call.accept)
            .header(AUTHORIZATION, authorization);
        if call.accept == JSON_API {
            // The API refuses a DELETE without it with 415, although it has no body.
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
}
