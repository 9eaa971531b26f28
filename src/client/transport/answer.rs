//! Reading answers: redirects, error bodies, and the maximum size of a body.

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use super::call::{Answer, Call};
use super::connection::Transport;
use crate::client::error::{Error, Kind, parse_api_errors};
use crate::client::product::names_hcp_terraform;
use crate::client::retry::requested_wait;

/// The size of the largest body. A page of 1,000 audit events has about half a MiB.
const MAX_BODY: usize = 8 * 1024 * 1024;

impl Transport {
    /// Returns the URL of a redirect.
    ///
    /// # Errors
    ///
    /// The token or the call must not be sent there.
    pub(super) fn redirection(
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
        let mut target = response
            .headers()
            .get(LOCATION)
            .and_then(|location| from.join(location.to_str().ok()?).ok())
            .ok_or_else(|| refuse("the redirect names no valid location"))?;
        if target.origin() != from.origin() {
            let host = target.host_str().unwrap_or_default();
            if target.host_str() == from.host_str() {
                let place = |url: &Url| {
                    let port = url.port_or_known_default().unwrap_or_default();
                    format!("{} at port {port}", url.scheme())
                };
                return Err(refuse(&format!(
                    "the redirect leads from {} to {} of the same host",
                    place(from),
                    place(&target)
                )));
            }
            return Err(refuse(&format!("the redirect leads to {host:?}")));
        }
        if call.method != Method::GET && !keeps_method {
            return Err(refuse("only a 307 or 308 can redirect a change"));
        }
        // Without its query the path of an audit trail token is that of the organization's API token.
        let keeps = |(name, value): &(&str, String)| {
            target
                .query_pairs()
                .any(|(kept, text)| kept == *name && text == value.as_str())
        };
        if !call.query.iter().all(keeps) {
            return Err(refuse("the redirect leaves out what was asked for"));
        }
        // The client sends its own credentials only.
        let _ = target.set_username("");
        let _ = target.set_password(None);
        Ok(target)
    }

    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// It has an error status, or its body cannot be read.
    pub(super) async fn answer(
        &self,
        call: &Call,
        response: reqwest::Response,
        redirects: u32,
    ) -> Result<Answer, Error> {
        let status = response.status();
        let headers = response.headers().clone();
        let read = self.body(call, response, MAX_BODY).await;
        if status.is_success() {
            return read.map(|body| Answer {
                status,
                is_html: is_html(&headers),
                is_named: names_hcp_terraform(&headers),
                is_redirected: redirects > 0,
                body,
            });
        }
        // If the body cannot be read, the status is enough.
        let body = read.unwrap_or_default();
        let secret = call.bearer.as_ref().unwrap_or(&self.settings.token);
        let api_errors = parse_api_errors(&body, content_type(&headers), secret.expose());
        let asks_to_wait =
            status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
        let error = self
            .error(Kind::Status, call)
            .with_status(status)
            .with_api_errors(api_errors)
            .with_named_service(names_hcp_terraform(&headers))
            .with_retry_after(asks_to_wait.then(|| requested_wait(&headers)).flatten());
        // A 404 of a proxy or a login page does not mean that there is no token.
        if redirects > 0 || is_html(&headers) {
            return Err(error.not_from_api());
        }
        Err(error)
    }

    /// Reads a body of at most `limit` bytes.
    pub(super) async fn body(
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
}

/// Whether the body is HTML, as proxies and login pages send it.
fn is_html(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("text/html")
}

pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
