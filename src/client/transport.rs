//! Sends requests and reads answers, within bounds.
//!
//! One HTTP client serves discovery and API. Nothing of it exists before the first call. What an
//! answer means is decided elsewhere; here it is only an answer or an [`Error`].

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode};
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::document::{self, JSON_API};
use super::error::{Error, Kind};
use super::retry::{Stop, asked_wait};
use super::secret::Secret;
use super::service::Service;
use super::settings::Settings;
use super::{discovery, tls};

/// Time for name, connection and TLS.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Time for one attempt of a GET, its body included.
const READ_LIMIT: Duration = Duration::from_secs(30);

/// Time for one attempt of a POST or DELETE: giving up early costs more there.
const CHANGE_LIMIT: Duration = Duration::from_secs(60);

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

/// One request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path below the service's URL, not encoded.
    pub(crate) path: Vec<String>,
    /// Query parameters, not encoded.
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) accept: &'static str,
    pub(crate) body: Option<Vec<u8>>,
    /// Another bearer than the settings'.
    pub(crate) bearer: Option<Secret>,
    pub(crate) urgency: Urgency,
}

/// What the wish to stop means for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// It is not sent any more, and a GET in flight is given up.
    Normal,
    /// It is sent once, because it tells what a change has done; it is not repeated.
    Essential,
}

/// An answer with status 2xx.
pub(crate) struct Answer {
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(method: Method, path: &[&str]) -> Call {
        Call {
            method,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            accept: JSON_API,
            body: None,
            bearer: None,
            urgency: Urgency::Normal,
        }
    }

    pub(crate) fn is_essential(&self) -> bool {
        self.urgency == Urgency::Essential
    }

    /// How messages call this request: without its query.
    pub(crate) fn name(&self) -> String {
        format!("{} /{}", self.method, self.path.join("/"))
    }
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

    /// Sends, and repeats as [`super::retry`] allows.
    pub(crate) async fn send(&self, call: &Call, stop: &Stop) -> Result<Answer, Error> {
        // Whatever goes wrong here, the request itself has not been sent.
        let base = self.base(call, stop).await.map_err(Error::before_sending)?;
        self.repeat(call, stop, || self.attempt(call, base, stop))
            .await
    }

    /// Sends in a task of its own, which nobody can abandon: once this future has been polled, the
    /// request is carried through even if the future is dropped. What is then lost is logged.
    pub(crate) async fn send_for_good(
        self: &Arc<Self>,
        call: Call,
        stop: Stop,
    ) -> Result<Answer, Error> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let transport = Arc::clone(self);
        let name = call.name();
        let broken = self.error(Kind::Interrupted, &call);
        tokio::spawn(async move {
            let result = transport.send(&call, &stop).await;
            let acted = result.as_ref().map_or_else(Error::may_have_acted, |_| true);
            if sender.send(result).is_err() && acted {
                tracing::warn!(
                    request = name,
                    host = %transport.settings.hostname,
                    "a request was carried out, or may have been, but nobody waits for its answer \
                     any more"
                );
            }
        });
        receiver.await.unwrap_or(Err(broken))
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
        let start = Instant::now();
        let mut count = 1;
        loop {
            let error = match attempt().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let elapsed = start.elapsed();
            let pace = &self.settings.pace;
            let Some(wait) = pace.wait(&call.method, &error, count, elapsed, fastrand::f64())
            else {
                return Err(error);
            };
            tracing::warn!(
                attempt = count,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                %error,
                "a request failed and will be sent again"
            );
            if !stop.sleep(wait).await {
                // An essential request had its one chance; its own error tells more.
                return Err(if call.is_essential() {
                    error
                } else {
                    self.error(Kind::Stopped, call).with_source(error)
                });
            }
            count += 1;
        }
    }

    /// Sends once. A GET ends with the wish to stop; a change, once sent, is waited for.
    async fn attempt(&self, call: &Call, base: &Url, stop: &Stop) -> Result<Answer, Error> {
        let exchange = self.exchange(call, base);
        if call.method != Method::GET || call.is_essential() {
            return exchange.await;
        }
        tokio::select! {
            biased;
            () = stop.requested() => Err(self.error(Kind::Stopped, call)),
            result = exchange => result,
        }
    }

    async fn exchange(&self, call: &Call, base: &Url) -> Result<Answer, Error> {
        let mut url = call_url(base, call);
        let mut redirects = 0;
        let start = Instant::now();
        loop {
            let response = self.request(call, url.clone()).await?;
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

    async fn request(&self, call: &Call, url: Url) -> Result<reqwest::Response, Error> {
        let limit = if call.method == Method::GET {
            READ_LIMIT
        } else {
            CHANGE_LIMIT
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
            .request(call.method.clone(), url)
            .timeout(limit)
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
            .map_err(|error| self.transport_error(call, error))
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
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport_error(call, error))?
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

    pub(crate) fn transport_error(&self, call: &Call, error: reqwest::Error) -> Error {
        let kind = if error.is_connect() {
            Kind::Connect
        } else if error.is_timeout() {
            Kind::Timeout
        } else {
            Kind::Interrupted
        };
        // The URL may carry what must not be shown.
        let error = error.without_url();
        let certificate = certificate_error(&error);
        let mut ours = self.error(kind, call);
        if let Some(reason) = deepest_cause(&error) {
            ours = ours.with_detail(reason);
        }
        if let Some(refusal) = certificate {
            ours = ours.permanent();
            if let Some(hint) = certificate_hint(&refusal) {
                ours = ours.with_detail(format!("{refusal}; {hint}"));
            }
        }
        ours.with_source(error)
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
        let client = builder.build().map_err(|error| {
            self.error(Kind::Input, call)
                .with_source(error.without_url())
        })?;
        Ok(self.http.get_or_init(|| client))
    }
}

fn call_url(base: &Url, call: &Call) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(&call.path);
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&call.query);
    }
    url
}

pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn deepest_cause(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source()?;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Some(document::plain(&cause.to_string()))
}

/// The refusal of the server's certificate, if that is what stopped the connection.
fn certificate_error(error: &reqwest::Error) -> Option<rustls::CertificateError> {
    let mut cause = error.source();
    while let Some(current) = cause {
        // An io::Error gives its own cause only through `get_ref`.
        let inner = current
            .downcast_ref::<std::io::Error>()
            .and_then(|error| error.get_ref())
            .and_then(|error| error.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(refusal)) =
            current.downcast_ref::<rustls::Error>().or(inner)
        {
            return Some(refusal.clone());
        }
        cause = current.source();
    }
    None
}

fn certificate_hint(refusal: &rustls::CertificateError) -> Option<&'static str> {
    match refusal {
        rustls::CertificateError::UnknownIssuer => Some(
            "its issuer is not trusted: a private certificate authority can be named by \
             SSL_CERT_FILE",
        ),
        rustls::CertificateError::Other(other)
            if other.to_string().contains("CaUsedAsEndEntity") =>
        {
            Some(
                "the server presents a certificate authority as its own certificate: make one \
                 with basicConstraints CA:FALSE",
            )
        }
        _ => None,
    }
}
