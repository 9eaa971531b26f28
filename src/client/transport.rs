//! Sends requests and reads answers, within bounds.
//!
//! One HTTP client serves discovery and API. Nothing of it exists before the first call. What an
//! answer means is decided elsewhere; here it is only an answer or an [`Error`].

mod answer;
mod call;
mod failure;
mod proxy;
mod repetition;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, StatusCode};
use tokio::sync::{OnceCell, oneshot};
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

pub(crate) use self::answer::content_type;
pub(crate) use self::call::{Answer, Call, Urgency};
use self::proxy::{Proxies, Proxy};
use super::document::JSON_API;
use super::error::{Error, Kind};
#[cfg(target_os = "linux")]
use super::resolver::Resolver;
use super::retry::Stop;
use super::service::Service;
use super::settings::Settings;
use super::{discovery, tls};

/// Time for name, connection and TLS.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Redirects followed within one attempt.
const REDIRECT_LIMIT: u32 = 5;

/// The connection to one host as one caller.
pub(crate) struct Transport {
    pub(crate) settings: Settings,
    pub(crate) service: Service,
    user_agent: String,
    http: OnceLock<reqwest::Client>,
    proxies: OnceLock<Proxies>,
    base: OnceCell<Url>,
}

impl Transport {
    pub(crate) fn new(settings: Settings, version: &str) -> Transport {
        Transport {
            settings,
            service: Service::default(),
            user_agent: format!("terraform-provider-tfe/{version}"),
            http: OnceLock::new(),
            proxies: OnceLock::new(),
            base: OnceCell::new(),
        }
    }

    pub(crate) fn error(&self, kind: Kind, call: &Call) -> Error {
        let error = Error::new(kind, &call.name(), &self.settings.hostname.to_string());
        match call.bearer {
            None => error.sent_by(&self.settings),
            Some(_) => error,
        }
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
            return self.answer(call, response, redirects).await;
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
            .http(call, &url)?
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

    /// The HTTP client for a URL, made when first needed.
    pub(crate) fn http(&self, call: &Call, url: &Url) -> Result<&reqwest::Client, Error> {
        self.proxies()
            .check(url)
            .map_err(|why| self.error(Kind::Connect, call).with_detail(why).permanent())?;
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let environment = &self.settings.environment;
        let config = tls::client_config(self.settings.ssl_skip_verify, environment)
            .map_err(|error| self.error(Kind::Input, call).with_source(error))?;
        let proxies = self.proxies().clone();
        // Given one proxy, even of no host, reqwest does not look for others itself.
        let proxy = reqwest::Proxy::custom(move |url| proxies.of(url).map(Proxy::url));
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .user_agent(&self.user_agent)
            .connect_timeout(CONNECT_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .proxy(proxy)
            // What is repeated, and when, is decided here and nowhere below.
            .retry(reqwest::retry::never());
        #[cfg(target_os = "linux")]
        let builder = builder.dns_resolver(Resolver::new(environment));
        let client = builder.build().map_err(|error| {
            self.error(Kind::Input, call)
                .with_source(error.without_url())
        })?;
        Ok(self.http.get_or_init(|| client))
    }

    fn proxies(&self) -> &Proxies {
        self.proxies
            .get_or_init(|| Proxies::read(&self.settings.environment))
    }
}
