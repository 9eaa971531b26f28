//! [`Response`]: a response before it is sent, and the error documents of the API; [`Delivery`]: how much of it is sent.

use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{StatusCode, header};
use serde_json::{Value, json};

pub(crate) const JSON_API: &str = "application/vnd.api+json; charset=utf-8";
pub(crate) const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

/// How much of a response is sent.
#[derive(Debug)]
pub(crate) enum Delivery {
    Whole(Response),
    /// The connection is cut in the middle of the body.
    CutBody(Response),
    /// The connection is cut before the response.
    Cut,
    /// The stream is reset before the response (HTTP/2); over HTTP/1.1 the connection is cut.
    Reset(h2::Reason),
    /// The connection ends with GOAWAY before the response (HTTP/2), which says whether the request was processed; over
    /// HTTP/1.1 it is cut.
    GoAway {
        processed: bool,
    },
}

/// A status, headers and a whole body.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Response {
    /// Returns a response without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(crate) fn with_body(status: StatusCode, content_type: &str, body: Bytes) -> Self {
        let mut response = Self {
            body,
            ..Self::empty(status)
        };
        response.set_header("content-type", content_type);
        response
    }

    /// Returns a JSON:API document.
    pub(crate) fn document(status: StatusCode, document: &Value) -> Self {
        Self::with_body(status, JSON_API, document.to_string().into())
    }

    /// Returns plain JSON, as the audit trail has it.
    pub(crate) fn json(document: &Value) -> Self {
        Self::with_body(StatusCode::OK, JSON, document.to_string().into())
    }

    /// Returns the page of a proxy in front of the service.
    pub(crate) fn html(status: StatusCode) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{status}</title></head>\n\
             <body><h1>{status}</h1></body>\n</html>\n"
        );
        Self::with_body(status, HTML, page.into())
    }

    /// Returns the usual response with this status: nothing for 1xx to 3xx, an error document for 4xx, and an HTML page
    /// for 5xx. In the document of 429, `status` is a number, as documented.
    pub(crate) fn usual(status: StatusCode) -> Self {
        match status.as_u16() {
            ..=399 => Self::empty(status),
            401 => Self::error(status, "unauthorized", None),
            404 => Self::error(status, "not found", None),
            429 => Self::document(
                status,
                &json!({ "errors": [{
                    "detail": "You have exceeded the API's rate limit.",
                    "status": 429,
                    "title": "Too many requests",
                }]}),
            ),
            500.. => Self::html(status),
            _ => {
                let title = status.canonical_reason().unwrap_or("error");
                Self::error(status, &title.to_ascii_lowercase(), None)
            }
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::usual(StatusCode::NOT_FOUND)
    }

    /// Returns an error document with one error.
    pub(crate) fn error(status: StatusCode, title: &str, detail: Option<&str>) -> Self {
        let mut error = json!({ "status": status.as_str(), "title": title });
        if let Some(detail) = detail {
            error["detail"] = detail.into();
        }
        Self::document(status, &json!({ "errors": [error] }))
    }

    /// Returns a 422 for one member of the request's document, at a JSON pointer.
    pub(crate) fn invalid(detail: &str, pointer: &str) -> Self {
        let error = json!({
            "status": "422",
            "title": "invalid attribute",
            "detail": detail,
            "source": { "pointer": pointer },
        });
        Self::document(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({ "errors": [error] }),
        )
    }

    /// Sets a header, or replaces it.
    ///
    /// # Panics
    ///
    /// If the name or the value is not valid in a header.
    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        self.remove_header(name);
        let name = HeaderName::from_bytes(name.as_bytes()).expect("name of a header");
        let value = HeaderValue::from_str(value).expect("value of a header");
        self.headers.push((name, value));
    }

    /// Returns the value of a header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(present, _)| present.as_str() == name)?;
        value.to_str().ok().map(str::to_owned)
    }

    pub(crate) fn remove_header(&mut self, name: &str) {
        self.headers
            .retain(|(present, _)| !present.as_str().eq_ignore_ascii_case(name));
    }

    /// Returns whether the service itself wrote the body, and not a proxy.
    pub(crate) fn is_own(&self) -> bool {
        let html = |(name, value): &(HeaderName, HeaderValue)| {
            *name == header::CONTENT_TYPE && value.as_bytes() == HTML.as_bytes()
        };
        !self.headers.iter().any(html)
    }
}
