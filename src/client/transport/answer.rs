//! Answers: where a redirect may lead, what an error's body says, and how much is read at all.

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use url::Url;
use zeroize::Zeroizing;

use super::{Answer, Call, Transport};
use crate::client::document;
use crate::client::error::{Error, Kind};
use crate::client::retry::asked_wait;

/// The longest body that is read. A page of 1,000 audit events has about half of one MiB.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

impl Transport {
    /// Where a redirect leads, if the token may go there.
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
            return Err(refuse(&format!("the redirect leads to {host:?}")));
        }
        if call.method != Method::GET && !keeps_method {
            return Err(refuse("only a 307 or 308 can redirect a change"));
        }
        // Without its query the same path may mean another thing: the organization's main token.
        let keeps = |(name, value): &(&str, String)| {
            target
                .query_pairs()
                .any(|(kept, as_is)| kept == *name && as_is == value.as_str())
        };
        if !call.query.iter().all(keeps) {
            return Err(refuse("the redirect leaves out what was asked for"));
        }
        // Who we are is not the service's to say.
        let _ = target.set_username("");
        let _ = target.set_password(None);
        Ok(target)
    }

    /// The body of a success, or the error that the answer is.
    pub(super) async fn answer(
        &self,
        call: &Call,
        response: reqwest::Response,
        redirects: u32,
    ) -> Result<Answer, Error> {
        let status = response.status();
        // Within a tunnel, it is not the proxy that speaks.
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && response.url().scheme() == "http"
            && let Some(proxy) = self.proxies().of(response.url())
        {
            // The service has seen nothing of the request.
            return Err(self
                .error(Kind::Connect, call)
                .with_detail(proxy.asks_for_credentials())
                .permanent());
        }
        let headers = response.headers().clone();
        let read = self.body(call, response, BODY_LIMIT).await;
        if status.is_success() {
            return read.map(|body| Answer {
                status,
                is_page: is_page(&headers),
                is_redirected: redirects > 0,
                body,
            });
        }
        // The status says enough if the body cannot be had.
        let body = read.unwrap_or_default();
        let secret = call.bearer.as_ref().unwrap_or(&self.settings.token);
        let api_errors = document::api_errors(&body, content_type(&headers), secret.expose());
        let asks_to_wait =
            status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
        let error = self
            .error(Kind::Status, call)
            .with_status(status)
            .with_api_errors(api_errors)
            .with_retry_after(asks_to_wait.then(|| asked_wait(&headers)).flatten());
        // What a proxy or a login page says of a path, it does not say of the token.
        let is_stray = redirects > 0 || is_page(&headers);
        Err(if is_stray { error.stray() } else { error })
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
}

/// Whether it is a page for a browser, as proxies and logins send it.
fn is_page(headers: &HeaderMap) -> bool {
    content_type(headers).starts_with("text/html")
}

pub(crate) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
