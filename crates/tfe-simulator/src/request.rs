//! [`Request`]: a request as it arrived, with its whole body.

use hyper::body::Bytes;
use hyper::{HeaderMap, Method, Version, header};
use url::form_urlencoded;

use crate::secret::Secret;

/// A request with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) version: Version,
    pub(crate) method: Method,
    /// As sent, still percent-encoded.
    pub(crate) path: String,
    /// Without the question mark; empty when there is none.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    /// Returns path and query, as on the request line.
    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// Returns the decoded value of a query parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Returns a query parameter that is a number of at least one.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.parse().ok().filter(|&n| n > 0)
    }

    /// Returns the secret of `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Option<Secret> {
        let value = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, secret) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| Secret::from(secret.trim()))
    }

    /// Returns the media type of the body, without parameters and in lowercase.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        Some(value.split(';').next()?.trim().to_ascii_lowercase())
    }
}

/// Decodes the percent-encoding of one path segment; `None` if it is malformed.
pub(crate) fn decode_segment(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::decode_segment;

    #[track_caller]
    fn check(segment: &str, expected: Option<&str>) {
        assert_eq!(decode_segment(segment).as_deref(), expected, "{segment}");
    }

    #[test]
    fn path_segments_are_decoded() {
        check("my-org-name", Some("my-org-name"));
        check("a%20b%2Fc+d", Some("a b/c+d"));
        check("caf%C3%A9", Some("café"));
        check("%", None);
        check("%4", None);
        check("%zz", None);
        check("%ff", None);
    }
}
