//! [`ApiError`]: what the API says about an error, and every form of an error body that services send.

use std::fmt;

use serde_json::Value;

use crate::client::plain_text::plain_text;

/// One entry of an error document of the API. Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The kind of error, such as `invalid attribute`.
    pub title: Option<String>,
    /// A sentence about this occurrence.
    pub detail: Option<String>,
    /// What in the request's document is wrong, such as `/data/attributes/expired-at`.
    pub pointer: Option<String>,
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.title, &self.detail) {
            (Some(title), Some(detail)) if title != detail => {
                write!(formatter, "{title}: {detail}")?;
            }
            (Some(text), _) | (None, Some(text)) => formatter.write_str(text)?,
            (None, None) => formatter.write_str("no description")?,
        }
        match &self.pointer {
            Some(pointer) => write!(formatter, " ({pointer})"),
            None => Ok(()),
        }
    }
}

/// Parses an error body in any form that services send. The result is empty if it has no text.
///
/// `secret` is the caller's token: if the service repeats it, it is replaced.
pub(crate) fn parse(body: &[u8], content_type: &str, secret: &str) -> Vec<ApiError> {
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
                    plain_text(&if secret.is_empty() {
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
        Some(Value::Array(errors)) => errors.iter().map(entry).collect(),
        Some(Value::Object(errors)) => errors
            .iter()
            .map(|(name, value)| ApiError {
                title: Some(name.clone()),
                detail: Some(text_of(value)),
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

fn entry(error: &Value) -> ApiError {
    let text = |name: &str| {
        error
            .get(name)
            .filter(|value| !value.is_null())
            .map(text_of)
    };
    match error {
        Value::Object(_) => ApiError {
            title: text("title"),
            detail: text("detail"),
            pointer: ["/source/pointer", "/source/parameter"]
                .iter()
                .find_map(|place| error.pointer(place)?.as_str())
                .map(str::to_owned),
        },
        other => detail(&text_of(other)),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn detail(text: &str) -> ApiError {
    ApiError {
        detail: Some(text.to_owned()),
        ..ApiError::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn errors(content_type: &str, body: &str, expected: &[&str]) {
        let found: Vec<String> = parse(body.as_bytes(), content_type, "s3cret")
            .iter()
            .map(ApiError::to_string)
            .collect();
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn parses_every_form_of_an_error_body_that_services_send() {
        errors(
            "application/vnd.api+json",
            r#"{"errors":[{"status":"404","title":"not found"}]}"#,
            &["not found"],
        );
        errors(
            "application/vnd.api+json",
            r#"{"errors":[{"detail":"You have exceeded","status":429,"title":"Too many requests"}]}"#,
            &["Too many requests: You have exceeded"],
        );
        errors(
            "application/vnd.api+json",
            r#"{"errors":[{"title":"invalid attribute","detail":"Expired at is bad",
                "source":{"pointer":"/data/attributes/expired-at"}},{"title":"x"}]}"#,
            &[
                "invalid attribute: Expired at is bad (/data/attributes/expired-at)",
                "x",
            ],
        );
        errors(
            "application/json",
            r#"{"errors":["one","two"]}"#,
            &["one", "two"],
        );
        errors(
            "application/json",
            r#"{"errors":{"name":["is short","is odd"]}}"#,
            &["name: is short, is odd"],
        );
        errors("application/json", r#"{"errors":"one"}"#, &["one"]);
        errors("application/json", r#"{"error":"one"}"#, &["one"]);
        errors(
            "text/plain; charset=utf-8",
            "unauthorized\n",
            &["unauthorized"],
        );
        errors("text/html", "<html>Bad Gateway</html>", &[]);
        errors("text/plain", "<html>Bad Gateway</html>", &[]);
        errors("", "", &[]);
        errors(
            "application/json",
            r#"{"errors":[{}, {"title":null}]}"#,
            &[],
        );
        errors("application/json", "[1,2]", &[]);
    }

    /// gRPC carries UTF-8 only: conformance item 47.
    #[test]
    fn c47_an_error_body_that_is_not_utf_8_becomes_text() {
        let bodies: [(&str, &[u8]); 2] = [
            ("text/plain", b"caf\xe9 is closed"),
            ("application/json", b"{\"errors\":[\"caf\xe9 is closed\"]}"),
        ];
        for (content_type, body) in bodies {
            let errors = parse(body, content_type, "s3cret");
            let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(texts, ["caf\u{fffd} is closed"]);
        }
    }

    #[test]
    fn the_callers_token_is_not_shown() {
        errors(
            "application/json",
            r#"{"errors":["token s3cret is\u001b[31m red\nand long"]}"#,
            &["token (sensitive value) is [31m red and long"],
        );
    }
}
