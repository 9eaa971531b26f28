//! What the API writes and reads: JSON:API documents, timestamps, and every form of error body
//! that has been seen.
//!
//! A message about a document that cannot be read names the place in it, never what stands there:
//! that may be a secret.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::ApiError;

/// The media type of JSON:API.
pub(crate) const JSON_API: &str = "application/vnd.api+json";

/// Plain JSON, which the audit trail itself speaks.
pub(crate) const JSON: &str = "application/json";

/// Longer texts of an error body help nobody.
const TEXT_LIMIT: usize = 1000;

/// A JSON:API document with one resource or, for `T = Vec<Resource<…>>`, many.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(crate) struct Document<T> {
    /// Null and absent are the same: no data.
    #[serde(default = "none")]
    pub(crate) data: Option<T>,
    #[serde(default)]
    pub(crate) meta: Option<Value>,
}

fn none<T>() -> Option<T> {
    None
}

/// A JSON:API resource.
#[derive(Deserialize)]
#[serde(bound = "A: DeserializeOwned")]
pub(crate) struct Resource<A> {
    /// A text by the standard; a number is taken as well.
    pub(crate) id: Option<Value>,
    pub(crate) attributes: A,
    #[serde(default)]
    pub(crate) relationships: Option<Value>,
}

impl<A> Resource<A> {
    pub(crate) fn id(&self) -> Option<String> {
        match self.id.as_ref()? {
            Value::String(id) if !id.is_empty() => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// Reads a document, or says where it is wrong.
///
/// The whole is checked to be UTF-8 once, which is faster than text by text.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the answer is not UTF-8".to_owned())?;
    serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "the document has another shape than expected",
            serde_json::error::Category::Eof => "the document is cut short",
            _ => "the answer is not JSON",
        };
        format!("{what} (line {} column {})", error.line(), error.column())
    })
}

/// Reads a timestamp: RFC 3339 with or without fraction, with any offset; without one it is UTC.
pub(crate) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Some(time.to_utc()),
        Err(_) => {
            let text = text.strip_suffix(" UTC").unwrap_or(text);
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
                .iter()
                .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
                .map(|time| time.and_utc())
        }
    }
}

/// Writes a timestamp as the API's own documentation does: UTC, milliseconds, `Z`.
pub(crate) fn format_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What an error body says, in whichever form; empty if it says nothing that can be shown.
///
/// `secret` is the caller's token: should the service repeat it, it is blotted out.
pub(crate) fn api_errors(body: &[u8], content_type: &str, secret: &str) -> Vec<ApiError> {
    let text = String::from_utf8_lossy(body);
    let mut errors = match serde_json::from_str::<Value>(&text) {
        Ok(document) => from_json(&document),
        Err(_) if content_type.starts_with("text/plain") && !text.trim_start().starts_with('<') => {
            vec![detail(&text)]
        }
        Err(_) => Vec::new(),
    };
    for error in &mut errors {
        for text in [&mut error.title, &mut error.detail, &mut error.pointer] {
            *text = text
                .take()
                .map(|text| {
                    plain(&if secret.is_empty() {
                        text
                    } else {
                        text.replace(secret, "(sensitive value)")
                    })
                })
                .filter(|text| !text.is_empty());
        }
    }
    errors.retain(|error| *error != ApiError::default());
    errors
}

fn from_json(document: &Value) -> Vec<ApiError> {
    match document.get("errors") {
        Some(Value::Array(errors)) => errors.iter().map(one).collect(),
        Some(Value::Object(errors)) => errors
            .iter()
            .map(|(name, value)| ApiError {
                title: Some(name.clone()),
                detail: Some(words(value)),
                pointer: None,
            })
            .collect(),
        Some(Value::String(text)) => vec![detail(text)],
        _ => ["error", "message"]
            .iter()
            .filter_map(|name| document.get(*name)?.as_str())
            .map(detail)
            .collect(),
    }
}

fn one(error: &Value) -> ApiError {
    let text = |name: &str| error.get(name).filter(|value| !value.is_null()).map(words);
    match error {
        Value::Object(_) => ApiError {
            title: text("title"),
            detail: text("detail"),
            pointer: ["/source/pointer", "/source/parameter"]
                .iter()
                .find_map(|place| error.pointer(place)?.as_str())
                .map(str::to_owned),
        },
        other => detail(&words(other)),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn detail(text: &str) -> ApiError {
    ApiError {
        detail: Some(text.to_owned()),
        ..ApiError::default()
    }
}

/// A stranger's words, fit for a terminal: one line, no control characters, bounded.
pub(crate) fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|next| if next.is_control() { ' ' } else { next })
        .collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn time(text: &str, expected: Option<&str>) {
        assert_eq!(
            parse_time(text).map(format_time).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn reads_every_timestamp_that_services_write() {
        time("2017-11-29T19:11:28.075Z", Some("2017-11-29T19:11:28.075Z"));
        time("2017-11-29T19:11:28Z", Some("2017-11-29T19:11:28.000Z"));
        time(
            "2017-11-29T19:11:28.0754321Z",
            Some("2017-11-29T19:11:28.075Z"),
        );
        time(
            "2017-11-29T21:11:28+02:00",
            Some("2017-11-29T19:11:28.000Z"),
        );
        time("2017-11-29T19:11:28", Some("2017-11-29T19:11:28.000Z"));
        time("2017-11-29T19:11:28.5", Some("2017-11-29T19:11:28.500Z"));
        time("2017-11-29 19:11:28 UTC", Some("2017-11-29T19:11:28.000Z"));
        time("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59.000Z"));
        time("yesterday", None);
        time("2017-11-29", None);
        time("", None);
    }

    #[track_caller]
    fn errors(content_type: &str, body: &str, expected: &[&str]) {
        let found: Vec<String> = api_errors(body.as_bytes(), content_type, "s3cret")
            .iter()
            .map(ApiError::to_string)
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn reads_every_error_body_that_services_write() {
        errors(
            JSON_API,
            r#"{"errors":[{"status":"404","title":"not found"}]}"#,
            &["not found"],
        );
        errors(
            JSON_API,
            r#"{"errors":[{"detail":"You have exceeded","status":429,"title":"Too many requests"}]}"#,
            &["Too many requests: You have exceeded"],
        );
        errors(
            JSON_API,
            r#"{"errors":[{"title":"invalid attribute","detail":"Expired at is bad",
                "source":{"pointer":"/data/attributes/expired-at"}},{"title":"x"}]}"#,
            &[
                "invalid attribute: Expired at is bad (/data/attributes/expired-at)",
                "x",
            ],
        );
        errors(JSON, r#"{"errors":["one","two"]}"#, &["one", "two"]);
        errors(
            JSON,
            r#"{"errors":{"name":["is short","is odd"]}}"#,
            &["name: is short, is odd"],
        );
        errors(JSON, r#"{"errors":"one"}"#, &["one"]);
        errors(JSON, r#"{"error":"one"}"#, &["one"]);
        errors(
            "text/plain; charset=utf-8",
            "unauthorized\n",
            &["unauthorized"],
        );
        errors("text/html", "<html>Bad Gateway</html>", &[]);
        errors("text/plain", "<html>Bad Gateway</html>", &[]);
        errors("", "", &[]);
        errors(JSON, r#"{"errors":[{}, {"title":null}]}"#, &[]);
        errors(JSON, "[1,2]", &[]);
    }

    /// gRPC carries UTF-8 only: conformance item 47.
    #[test]
    fn c47_what_is_not_utf_8_becomes_text_all_the_same() {
        let bodies: [(&str, &[u8]); 2] = [
            ("text/plain", b"caf\xe9 is closed"),
            (JSON, b"{\"errors\":[\"caf\xe9 is closed\"]}"),
        ];
        for (content_type, body) in bodies {
            let errors = api_errors(body, content_type, "s3cret");
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(told, ["caf\u{fffd} is closed"]);
        }
    }

    #[test]
    fn a_strangers_words_are_made_fit_to_show() {
        errors(
            JSON,
            r#"{"errors":["token s3cret is\u001b[31m red\nand long"]}"#,
            &["token (sensitive value) is [31m red and long"],
        );
        assert_eq!(plain(&"x".repeat(5000)).chars().count(), TEXT_LIMIT + 1);
    }

    #[test]
    fn an_unreadable_document_is_located_and_not_quoted() {
        let error =
            parse::<Document<Resource<u8>>>(br#"{"data":{"id":"a","attributes":"planted"}}"#)
                .err()
                .unwrap();
        assert!(
            error.contains("line 1") && !error.contains("planted"),
            "{error}"
        );
    }
}
