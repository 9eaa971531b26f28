//! Records of requests and of changes of tokens.

use hyper::Version;

use crate::request::Request;
use crate::secret::{REDACTED, Secret};
use crate::token::{Token, TokenKind};

/// A change of an organization's token, by a request or by another user.
#[derive(Clone, Debug)]
pub struct TokenChange {
    /// The organization's name.
    pub organization: String,
    /// Which of its tokens.
    pub kind: TokenKind,
    /// How many requests had arrived by then, including the one that made the change.
    pub requests: usize,
    /// The token before the change.
    pub before: Option<Token>,
    /// The token after the change.
    pub after: Option<Token>,
}

/// A request that arrived, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The version of HTTP.
    pub version: Version,
    /// `GET`, `POST`, `DELETE` …
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Names in lowercase, in the order of arrival; `Authorization` is `(sensitive value)`.
    pub headers: Vec<(String, String)>,
    /// The body, as text; every secret that the simulator knows is `(sensitive value)`.
    pub body: String,
    /// The response's status; `None` before there is a response, and if the connection was cut instead.
    pub status: Option<u16>,
    /// Whether the response is the service's own and arrives whole: no fault has replaced or damaged it.
    pub answered: bool,
    /// The value of the response's header `TFP-AppName`, in which HCP Terraform names itself.
    pub app_name: Option<String>,
    /// Whether the response has the header `X-TFE-Version`, as one of Terraform Enterprise has.
    pub is_enterprise: bool,
    pub(crate) number: u64,
}

impl RecordedRequest {
    pub(crate) fn new(number: u64, request: &Request, secrets: &[Secret]) -> Self {
        let redact = |text: &str| {
            secrets
                .iter()
                .filter(|secret| !secret.expose().is_empty())
                .fold(text.to_owned(), |text, secret| {
                    text.replace(secret.expose(), REDACTED)
                })
        };
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| {
                let value = if name == hyper::header::AUTHORIZATION {
                    REDACTED.to_owned()
                } else {
                    redact(&String::from_utf8_lossy(value.as_bytes()))
                };
                (name.as_str().to_owned(), value)
            })
            .collect();
        Self {
            version: request.version,
            method: request.method.to_string(),
            path: redact(&request.target()),
            headers,
            body: redact(&String::from_utf8_lossy(&request.body)),
            status: None,
            answered: false,
            app_name: None,
            is_enterprise: false,
            number,
        }
    }

    /// Returns the value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(present, _)| present.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns method, path with query, and status on one line: `GET /api/v2/ping 204`, or `GET /api/v2/ping -`
    /// without a response.
    pub fn summary(&self) -> String {
        let status = self
            .status
            .map_or("-".to_owned(), |status| status.to_string());
        format!("{} {} {status}", self.method, self.path)
    }
}
