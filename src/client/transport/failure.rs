//! What a connection that failed has to tell: whether anything was sent, and why it failed.

use url::Url;

use super::{Call, Transport, proxy};
use crate::client::error::{Error, Kind, causes};
use crate::client::{document, tls};

impl Transport {
    /// The error for a request to `url` without a whole answer.
    ///
    /// Where the API is elsewhere than its hostname says, by a `host` block or by discovery, it
    /// names that place as well: there the practitioner has to look.
    pub(crate) fn transport_error(&self, call: &Call, url: &Url, error: reqwest::Error) -> Error {
        let kind = if error.is_connect() {
            Kind::Connect
        } else if error.is_timeout() {
            Kind::Timeout
        } else {
            Kind::Interrupted
        };
        // The URL may carry what must not be shown.
        let error = error.without_url();
        let refusal = tls_error(&error).and_then(tls::explain);
        let cause = causes(&error).last().map(ToString::to_string);
        let mut ours = self.error(kind, call);
        if let Some(place) = place(url).filter(|place| *place != ours.host()) {
            ours = ours.at(place);
        }
        if refusal.is_some() || cause.as_deref() == Some(proxy::WANTS_CREDENTIALS) {
            ours = ours.permanent();
        }
        if let Some(reason) = refusal.or(cause) {
            let told = self.proxies().explain(url, reason);
            ours = ours.with_detail(document::plain(&told));
        }
        ours.with_source(error)
    }
}

/// Host and port of a URL, and nothing else of it.
fn place(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// What went wrong in TLS, if that is what stopped the connection.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}
