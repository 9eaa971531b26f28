//! What went wrong between us and the API.
//!
//! [`Error`] is opaque: ask it with the predicates. It never holds a token, nor more of a URL than
//! host and port: query and user part could be secrets. How an error is worded for practitioners
//! is the provider's task.

mod api_error;
mod causes;
mod kind;

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

pub use self::api_error::ApiError;
pub(crate) use self::causes::causes;
pub(crate) use self::kind::Kind;
use super::settings::{Settings, TokenSource};

/// A request that did not get the answer it was made for.
///
/// `Display` names the request, the host, what happened and the API's own words, in lower case;
/// the cause, if there is a deeper one, is in `source()`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    request: String,
    host: String,
    /// Host and port that were really dialled, if they are others.
    place: Option<String>,
    status: Option<StatusCode>,
    api_errors: Vec<ApiError>,
    detail: Option<String>,
    retry_after: Option<Duration>,
    permanent: bool,
    unsent: bool,
    token_source: Option<TokenSource>,
    used_run_credentials: bool,
    stray: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: Kind, request: &str, host: &str) -> Error {
        Error(Box::new(Inner {
            kind,
            request: request.to_owned(),
            host: host.to_owned(),
            place: None,
            status: None,
            api_errors: Vec::new(),
            detail: None,
            retry_after: None,
            permanent: false,
            unsent: false,
            token_source: None,
            used_run_credentials: false,
            stray: false,
            source: None,
        }))
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Error {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_api_errors(mut self, api_errors: Vec<ApiError>) -> Error {
        self.0.api_errors = api_errors;
        self
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Error {
        self.0.detail = Some(detail.into());
        self
    }

    /// Adds to what is known.
    pub(crate) fn and(mut self, more: &str) -> Error {
        self.0.detail = Some(match self.0.detail.take() {
            Some(detail) => format!("{detail}, and {more}"),
            None => more.to_owned(),
        });
        self
    }

    /// Says at which host and port it happened, if the hostname does not.
    pub(crate) fn at(mut self, place: String) -> Error {
        self.0.place = Some(place);
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Error {
        self.0.retry_after = retry_after;
        self
    }

    /// Says that trying again cannot help.
    pub(crate) fn permanent(mut self) -> Error {
        self.0.permanent = true;
        self
    }

    /// Says that it happened before the request was sent, whatever it is.
    pub(crate) fn before_sending(mut self) -> Error {
        self.0.unsent = true;
        self
    }

    /// Says that the answer is not the API's own.
    pub(crate) fn stray(mut self) -> Error {
        self.0.stray = true;
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// Says whose token was sent.
    pub(crate) fn sent_by(mut self, settings: &Settings) -> Error {
        self.0.token_source = Some(settings.token_source.clone());
        self.0.used_run_credentials = settings.uses_run_credentials();
        self
    }

    /// The same failure, of which more is known by now.
    pub(crate) fn into_kind(mut self, kind: Kind) -> Error {
        self.0.kind = kind;
        self
    }

    /// The host as the practitioner calls it.
    pub(crate) fn host(&self) -> &str {
        &self.0.host
    }

    pub(crate) fn kind(&self) -> Kind {
        self.0.kind
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn is_permanent(&self) -> bool {
        self.0.permanent
    }

    /// Whether the service may have done what it was asked, although it did not say so.
    ///
    /// A refusal (4xx) and a connection that never stood say that it did not.
    pub(crate) fn may_have_acted(&self) -> bool {
        if self.0.unsent {
            return false;
        }
        match self.0.kind {
            Kind::Timeout | Kind::Interrupted | Kind::Protocol | Kind::Redirect => true,
            Kind::Status => self.0.status.is_some_and(|status| {
                !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT
            }),
            _ => false,
        }
    }

    /// The caller's token is missing, wrong or expired (401).
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// The API answered 404, whatever was found out about the reason.
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// The answer is not the API's own word, whatever its status: it is a page of HTML, such as a
    /// proxy's, or what a redirect led to.
    pub fn is_stray(&self) -> bool {
        self.0.stray
    }

    /// The API answered 403.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// The API refused the request's content (422).
    pub fn is_rejected(&self) -> bool {
        self.has_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The rate limit held for longer than we wait (429).
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// There was no answer in time.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// No connection could be made: name, network, proxy or certificate.
    pub fn is_connect(&self) -> bool {
        self.0.kind == Kind::Connect
    }

    /// The connection failed after something may have been sent.
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == Kind::Interrupted
    }

    /// The service redirects where the token is not sent.
    pub fn is_redirect(&self) -> bool {
        self.0.kind == Kind::Redirect
    }

    /// The practitioner asked to stop while we waited.
    pub fn is_stopped(&self) -> bool {
        self.0.kind == Kind::Stopped
    }

    /// The answer is not what the API promises: malformed, too long, or without its data.
    pub fn is_protocol(&self) -> bool {
        self.0.kind == Kind::Protocol
    }

    /// While a rate limit was waited for, the organization came to have another token than the one
    /// that was to be replaced.
    pub fn is_overtaken(&self) -> bool {
        self.0.kind == Kind::Overtaken
    }

    /// The service is not HCP Terraform, which alone has audit trail tokens.
    pub fn is_unsupported_service(&self) -> bool {
        self.0.kind == Kind::UnsupportedService
    }

    /// The host announces no API that this client speaks, or its announcement cannot be had.
    pub fn is_discovery(&self) -> bool {
        self.0.kind == Kind::Discovery
    }

    /// The organization has no entitlement to audit logging.
    pub fn is_no_entitlement(&self) -> bool {
        self.0.kind == Kind::NoEntitlement
    }

    /// The token is alive, but of a kind that cannot read the audit trail: a user's or a team's.
    pub fn is_wrong_token(&self) -> bool {
        self.0.kind == Kind::WrongToken
    }

    /// The organization is visible, but the API does not say that the caller may manage its tokens.
    pub fn is_no_permission(&self) -> bool {
        self.0.kind == Kind::NoPermission
    }

    /// The organization does not exist, or the caller cannot see it.
    pub fn is_organization_not_visible(&self) -> bool {
        self.0.kind == Kind::OrganizationNotVisible
    }

    /// Where the settings found the token that was sent; `None` if it was another.
    pub fn token_source(&self) -> Option<&TokenSource> {
        self.0.token_source.as_ref()
    }

    /// Whether that token is the one that HCP Terraform gave to its own run.
    pub fn used_run_credentials(&self) -> bool {
        self.0.used_run_credentials
    }

    /// What the API said, in its own words.
    pub fn api_errors(&self) -> &[ApiError] {
        &self.0.api_errors
    }

    /// What it stems from, in words: the errors of this type, and the deepest of all. What lies
    /// between are the layers of the HTTP library, which tell nobody anything.
    pub fn reasons(&self) -> Vec<String> {
        let mut causes = causes(self).peekable();
        let mut reasons = Vec::new();
        while let Some(cause) = causes.next() {
            if cause.is::<Error>() || causes.peek().is_none() {
                reasons.push(cause.to_string());
            }
        }
        reasons
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// Method and path, such as `GET /organizations/my-org-name/authentication-token`.
    pub fn request(&self) -> &str {
        &self.0.request
    }

    /// Whether the API itself answered with that status; what discovery answered is no word of
    /// the API's.
    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status) && self.0.kind != Kind::Discovery
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} on {}", self.0.request, self.0.host)?;
        if let Some(place) = &self.0.place {
            write!(formatter, ", at {place}")?;
        }
        formatter.write_str(": ")?;
        match (self.0.kind, self.0.status) {
            (Kind::Status, Some(status)) => write!(formatter, "{}", status_line(status))?,
            (_, Some(status)) => write!(
                formatter,
                "{} ({})",
                self.0.kind.what(),
                status_line(status)
            )?,
            (_, None) => formatter.write_str(self.0.kind.what())?,
        }
        if let Some(detail) = &self.0.detail {
            write!(formatter, ": {detail}")?;
        }
        for (index, error) in self.0.api_errors.iter().enumerate() {
            write!(formatter, "{} {error}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

fn status_line(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("request", &self.0.request)
            .field("host", &self.0.host)
            .field("place", &self.0.place)
            .field("status", &self.status())
            .field("api_errors", &self.0.api_errors)
            .field("detail", &self.0.detail)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_request_host_status_and_the_apis_words() {
        let error = Error::new(
            Kind::Status,
            "POST /organizations/a/authentication-token",
            "host",
        )
        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
        .with_api_errors(vec![
            ApiError {
                title: Some("invalid attribute".to_owned()),
                detail: Some("Expired at must be in the future".to_owned()),
                pointer: Some("/data/attributes/expired-at".to_owned()),
            },
            ApiError {
                title: Some("second".to_owned()),
                ..ApiError::default()
            },
        ]);
        assert_eq!(
            error.to_string(),
            "POST /organizations/a/authentication-token on host: 422 Unprocessable Entity: invalid \
             attribute: Expired at must be in the future (/data/attributes/expired-at); second"
        );
        assert!(error.is_rejected() && !error.is_not_found());
    }

    #[test]
    fn reasons_are_our_own_errors_and_the_deepest() {
        let refused = std::io::Error::other("the deepest");
        let layer = std::io::Error::other(std::io::Error::other(refused));
        let inner = Error::new(Kind::Connect, "GET /x", "host").with_source(layer);
        let error = Error::new(Kind::Stopped, "GET /y", "host").with_source(inner);
        let inner = "GET /x on host: ".to_owned() + Kind::Connect.what();
        assert_eq!(error.reasons(), [inner, "the deepest".to_owned()]);
        assert!(
            Error::new(Kind::Connect, "GET /x", "host")
                .reasons()
                .is_empty()
        );
    }

    #[test]
    fn only_an_answer_or_no_connection_says_that_nothing_was_done() {
        let error = |kind| Error::new(kind, "POST /x", "host");
        let status = |code: u16| {
            error(Kind::Status)
                .with_status(StatusCode::from_u16(code).unwrap())
                .may_have_acted()
        };
        assert!(!error(Kind::Connect).may_have_acted());
        assert!(error(Kind::Timeout).may_have_acted());
        assert!(error(Kind::Interrupted).may_have_acted());
        assert!(error(Kind::Protocol).may_have_acted());
        assert!([500, 502, 503, 504, 408, 302].into_iter().all(status));
        assert!(![400, 401, 403, 404, 415, 422, 429].into_iter().any(status));
    }
}
