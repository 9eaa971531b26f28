//! [`Error`]: why a request did not get the answer that it needs.
//!
//! An error is opaque and has predicates. It never contains a token, and of a URL only host and port:
//! query, user and password may be secrets. The provider words it for practitioners.

mod api_error;
mod causes;
mod kind;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;

pub use self::api_error::ApiError;
pub(crate) use self::api_error::parse as parse_api_errors;
pub(crate) use self::causes::causes;
pub(crate) use self::kind::Kind;
use super::token_source::TokenSource;

/// Why a request did not get the answer that it needs.
///
/// `Display` names the request, the host, what happened and what the API says. A deeper cause is in
/// `source()`. Callers who waited for the same answer each have a clone.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    request: String,
    host: String,
    /// The host and port of the URL, if they are others.
    address: Option<String>,
    status: Option<StatusCode>,
    api_errors: Vec<ApiError>,
    detail: Option<String>,
    retry_after: Option<Duration>,
    is_permanent: bool,
    is_unsent: bool,
    is_unreachable: bool,
    token_source: Option<TokenSource>,
    used_run_credentials: bool,
    is_not_from_api: bool,
    is_with_named_service: bool,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: Kind, request: &str, host: &str) -> Error {
        Error(Box::new(Inner {
            kind,
            request: request.to_owned(),
            host: host.to_owned(),
            address: None,
            status: None,
            api_errors: Vec::new(),
            detail: None,
            retry_after: None,
            is_permanent: false,
            is_unsent: false,
            is_unreachable: false,
            token_source: None,
            used_run_credentials: false,
            is_not_from_api: false,
            is_with_named_service: false,
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

    /// Adds to the detail.
    pub(crate) fn and_detail(mut self, more: &str) -> Error {
        self.0.detail = Some(match self.0.detail.take() {
            Some(detail) => format!("{detail}, and {more}"),
            None => more.to_owned(),
        });
        self
    }

    /// Sets the host and port of the URL, where they are not the hostname's.
    pub(crate) fn at(mut self, address: String) -> Error {
        self.0.address = Some(address);
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Error {
        self.0.retry_after = retry_after;
        self
    }

    /// Says that a retry cannot help.
    pub(crate) fn permanent(mut self) -> Error {
        self.0.is_permanent = true;
        self
    }

    /// Says that the request was not sent.
    pub(crate) fn before_sending(mut self) -> Error {
        self.0.is_unsent = true;
        self
    }

    /// Says that the host has never answered.
    pub(crate) fn unreachable(mut self) -> Error {
        self.0.is_unreachable = true;
        self
    }

    /// Makes it the error of another request that needed the same.
    pub(crate) fn of_request(mut self, request: &str) -> Error {
        self.0.request = request.to_owned();
        self
    }

    /// Says that the answer is not from the API.
    pub(crate) fn not_from_api(mut self) -> Error {
        self.0.is_not_from_api = true;
        self
    }

    /// Says whether the answer names HCP Terraform.
    pub(crate) fn with_named_service(mut self, is_named: bool) -> Error {
        self.0.is_with_named_service = is_named;
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Says where the token that was sent was found, and whether HCP Terraform gave it to its run.
    pub(crate) fn with_token_source(
        mut self,
        token_source: TokenSource,
        used_run_credentials: bool,
    ) -> Error {
        self.0.token_source = Some(token_source);
        self.0.used_run_credentials = used_run_credentials;
        self
    }

    /// Changes the kind, when more is known about the error.
    pub(crate) fn into_kind(mut self, kind: Kind) -> Error {
        self.0.kind = kind;
        self
    }

    /// Returns the hostname.
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
        self.0.is_permanent
    }

    /// Whether the request may have had an effect, although its answer does not say so.
    ///
    /// It had none if the service refused it (4xx) or if there was no connection.
    pub(crate) fn may_have_acted(&self) -> bool {
        if self.0.is_unsent {
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

    /// Whether the token that was sent is wrong or expired (401).
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Whether the API answered 404, for any reason.
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Whether the answer is not from the API, with any status: it is HTML, such as a proxy's page, or it
    /// came after a redirect.
    pub fn is_not_from_api(&self) -> bool {
        self.0.is_not_from_api
    }

    /// Whether the answer names HCP Terraform, so that no proxy has made it up.
    pub fn is_from_hcp_terraform(&self) -> bool {
        self.0.is_with_named_service
    }

    /// Whether the API answered 403.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Whether the API refused the content of the request (422).
    pub fn is_rejected(&self) -> bool {
        self.has_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Whether the rate limit lasted for longer than the client retries (429).
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether there was no answer before the timeout.
    pub fn is_timeout(&self) -> bool {
        self.0.kind == Kind::Timeout
    }

    /// Whether there was no connection: because of name, network, proxy or certificate.
    pub fn is_connect(&self) -> bool {
        self.0.kind == Kind::Connect
    }

    /// Whether the connection broke after the request may have been sent.
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == Kind::Interrupted
    }

    /// Whether the host cannot be reached: it has never answered this client, and this request has no
    /// connection or no answer in time.
    pub fn is_unreachable(&self) -> bool {
        self.0.is_unreachable
    }

    /// Whether the service redirects to where the token is not sent.
    pub fn is_redirect(&self) -> bool {
        self.0.kind == Kind::Redirect
    }

    /// Whether a stop was requested.
    pub fn is_stopped(&self) -> bool {
        self.0.kind == Kind::Stopped
    }

    /// Whether the answer is malformed, too long, or without its data.
    pub fn is_protocol(&self) -> bool {
        self.0.kind == Kind::Protocol
    }

    /// Whether another caller generated a token while the client waited for a rate limit.
    pub fn is_overtaken(&self) -> bool {
        self.0.kind == Kind::Overtaken
    }

    /// Whether the service is not HCP Terraform, which alone has audit trail tokens.
    pub fn is_unsupported_service(&self) -> bool {
        self.0.kind == Kind::UnsupportedService
    }

    /// Whether discovery found no API that this client knows.
    pub fn is_discovery(&self) -> bool {
        self.0.kind == Kind::Discovery
    }

    /// Whether the API is named without TLS, so that nothing was sent.
    pub fn is_clear_text(&self) -> bool {
        self.0.kind == Kind::ClearText
    }

    /// Whether the organization has no entitlement to audit logging.
    pub fn is_no_entitlement(&self) -> bool {
        self.0.kind == Kind::NoEntitlement
    }

    /// Whether the token is a user's or a team's, which cannot read the audit trail.
    pub fn is_wrong_token(&self) -> bool {
        self.0.kind == Kind::WrongToken
    }

    /// Whether the caller can see the organization, but the API does not say that the caller may manage its
    /// tokens.
    pub fn is_no_permission(&self) -> bool {
        self.0.kind == Kind::NoPermission
    }

    /// Whether the organization does not exist, or the caller cannot see it.
    pub fn is_organization_not_visible(&self) -> bool {
        self.0.kind == Kind::OrganizationNotVisible
    }

    /// Returns where the token that was sent was found. `None` if it is not the settings' token.
    pub fn token_source(&self) -> Option<&TokenSource> {
        self.0.token_source.as_ref()
    }

    /// Whether that token is the one that HCP Terraform gives to its runs.
    pub fn used_run_credentials(&self) -> bool {
        self.0.used_run_credentials
    }

    /// Returns what the API says about the error.
    pub fn api_errors(&self) -> &[ApiError] {
        &self.0.api_errors
    }

    /// Returns the causes as text: the errors of this type, and the deepest one. The errors between are
    /// layers of the HTTP library that add nothing.
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

    /// Returns the status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// Returns method and path, such as `GET /organizations/my-org-name/authentication-token`.
    pub fn request(&self) -> &str {
        &self.0.request
    }

    /// Whether the API answered with that status. Discovery is not part of the API.
    fn has_status(&self, status: StatusCode) -> bool {
        self.0.status == Some(status) && self.0.kind != Kind::Discovery
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} on {}", self.0.request, self.0.host)?;
        if let Some(address) = &self.0.address {
            write!(formatter, ", at {address}")?;
        }
        formatter.write_str(": ")?;
        match (self.0.kind, self.0.status) {
            (Kind::Status, Some(status)) => write!(formatter, "{}", status_line(status))?,
            (_, Some(status)) => write!(
                formatter,
                "{} ({})",
                self.0.kind.description(),
                status_line(status)
            )?,
            (_, None) => formatter.write_str(self.0.kind.description())?,
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
            .field("address", &self.0.address)
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
    fn shows_the_request_the_host_the_status_and_the_apis_errors() {
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
    fn reasons_are_the_clients_errors_and_the_deepest() {
        let refused = std::io::Error::other("the deepest");
        let layer = std::io::Error::other(std::io::Error::other(refused));
        let inner = Error::new(Kind::Connect, "GET /x", "host").with_source(layer);
        let error = Error::new(Kind::Stopped, "GET /y", "host").with_source(inner);
        let inner = "GET /x on host: ".to_owned() + Kind::Connect.description();
        assert_eq!(error.reasons(), [inner, "the deepest".to_owned()]);
        assert!(
            Error::new(Kind::Connect, "GET /x", "host")
                .reasons()
                .is_empty()
        );
    }

    #[test]
    fn a_request_had_no_effect_only_if_it_was_refused_or_not_sent() {
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
