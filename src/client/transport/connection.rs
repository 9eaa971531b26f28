//! [`Transport`]: the connection to one host with one token.

use std::sync::OnceLock;

use tokio::sync::OnceCell;
use url::Url;

use super::call::Call;
use super::hosts::Hosts;
use super::proxy::{Proxies, Proxy};
use super::verdict::Verdict;
use crate::client::error::{Error, Kind};
use crate::client::product::ObservedProduct;
#[cfg(target_os = "linux")]
use crate::client::resolver::Resolver;
use crate::client::settings::Settings;
use crate::client::timing::Timing;
use crate::client::tls;

/// The connection to one host with one token.
pub(crate) struct Transport {
    pub(crate) settings: Settings,
    pub(crate) timing: Timing,
    pub(crate) product: ObservedProduct,
    user_agent: String,
    http: OnceCell<reqwest::Client>,
    proxies: OnceLock<Proxies>,
    /// The URL of the API, once it is discovered.
    pub(super) base: Verdict<Url>,
    pub(super) hosts: Hosts,
}

impl Transport {
    pub(crate) fn new(settings: Settings, timing: Timing, version: &str) -> Transport {
        Transport {
            settings,
            timing,
            product: ObservedProduct::default(),
            user_agent: format!("terraform-provider-tfe/{version}"),
            http: OnceCell::new(),
            proxies: OnceLock::new(),
            base: Verdict::default(),
            hosts: Hosts::default(),
        }
    }

    pub(crate) fn error(&self, kind: Kind, call: &Call) -> Error {
        let settings = &self.settings;
        let error = Error::new(kind, &call.name(), &settings.hostname.to_string());
        match call.bearer {
            None => error.with_token_source(
                settings.token_source.clone(),
                settings.uses_run_credentials(),
            ),
            Some(_) => error,
        }
    }

    /// Returns the HTTP client, which is made when it is first needed.
    ///
    /// # Errors
    ///
    /// The proxy for this URL, or the TLS configuration, is not valid.
    pub(super) async fn http(&self, call: &Call, url: &Url) -> Result<&reqwest::Client, Error> {
        self.proxies()
            .check(url)
            .map_err(|why| self.error(Kind::Connect, call).with_detail(why).permanent())?;
        self.http.get_or_try_init(|| self.new_http(call)).await
    }

    async fn new_http(&self, call: &Call) -> Result<reqwest::Client, Error> {
        let environment = &self.settings.environment;
        let config = tls::client_config(self.settings.ssl_skip_verify, environment)
            .await
            .map_err(|error| self.error(Kind::Input, call).with_source(error))?;
        let proxies = self.proxies().clone();
        // With a proxy that applies to no URL, reqwest does not read the proxy variables itself.
        let proxy = reqwest::Proxy::custom(move |url| proxies.of(url).map(Proxy::url));
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(config)
            .user_agent(&self.user_agent)
            .connect_timeout(self.timing.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .proxy(proxy)
            // `retries` decides which requests are sent again.
            .retry(reqwest::retry::never());
        #[cfg(target_os = "linux")]
        let builder = builder.dns_resolver(Resolver::new(environment));
        builder.build().map_err(|error| {
            self.error(Kind::Input, call)
                .with_source(error.without_url())
        })
    }

    pub(super) fn proxies(&self) -> &Proxies {
        self.proxies
            .get_or_init(|| Proxies::read(&self.settings.environment))
    }
}
