//! The error of a request without an answer: whether it was sent, and why it failed.

use std::io;

use url::Url;

use super::call::Call;
use super::connection::Transport;
use super::proxy;
use crate::client::error::{Error, Kind, causes};
use crate::client::plain_text::plain_text;
use crate::client::tls;

impl Transport {
    /// Makes the error of a request to `url` without a whole answer.
    ///
    /// It names the URL's host and port as well, where a `host` block or discovery says that the API has
    /// another address than the hostname.
    pub(super) fn transport_error(&self, call: &Call, url: &Url, error: reqwest::Error) -> Error {
        let kind = if error.is_connect() {
            Kind::Connect
        } else if error.is_timeout() {
            Kind::Timeout
        } else {
            Kind::Interrupted
        };
        // The URL may contain a secret.
        let error = error.without_url();
        let refusal = tls_error(&error).map(tls::explain);
        let cause = if error.is_timeout() {
            Some(self.timed_out(call, &error))
        } else {
            reason(&error)
        };
        let mut result = self.error(kind, call);
        if let Some(address) = address(url).filter(|address| *address != result.host()) {
            result = result.at(address);
        }
        if matches!(refusal, Some((_, false))) || cause.as_deref() == Some(proxy::WANTS_CREDENTIALS)
        {
            result = result.permanent();
        }
        if let Some(reason) = refusal.map(|(reason, _)| reason).or(cause) {
            let detail = self.proxies().explain(url, reason);
            // The source says the same, or less, in a library's words.
            return result.with_detail(plain_text(&detail));
        }
        result.with_source(error)
    }

    /// Says how long a request has waited, and for what.
    fn timed_out(&self, call: &Call, error: &reqwest::Error) -> String {
        let (what, limit) = if error.is_connect() {
            ("no answer arrived", self.timing.connect_timeout)
        } else if error.is_body() || error.is_decode() {
            (
                "the end of the answer did not arrive",
                call.timeout(&self.timing),
            )
        } else {
            ("no answer arrived", call.timeout(&self.timing))
        };
        format!("{what} within {} seconds", limit.as_secs_f64())
    }

    /// Makes the error of a request to a host that has never answered.
    pub(super) fn no_answer(&self, call: &Call, url: &Url) -> Error {
        let error = self.error(Kind::Timeout, call);
        let seconds = self.timing.first_answer.as_secs_f64();
        let detail = format!("no answer arrived within {seconds} seconds");
        let detail = self.proxies().explain(url, detail);
        let error = error.with_detail(detail);
        match address(url).filter(|address| *address != error.host()) {
            Some(address) => error.at(address),
            None => error,
        }
    }
}

/// Returns host and port of a URL.
fn address(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Returns the text of the deepest cause.
fn reason(error: &reqwest::Error) -> Option<String> {
    let is_end = |error: &io::Error| error.kind() == io::ErrorKind::UnexpectedEof;
    let mut all = causes(error);
    let last = causes(error).last()?.to_string();
    // Libraries say it in several ways, one with the address of a page for programmers.
    let is_closed = all.any(|cause| cause.downcast_ref().is_some_and(is_end));
    if is_closed || last == proxy::CLOSED {
        return Some("the other side closed the connection".to_owned());
    }
    Some(last)
}

/// Returns the error of TLS, if it is the cause.
fn tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}
