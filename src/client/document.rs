//! JSON:API documents.
//!
//! An error about a document names the line and column, never the text there: it may be a secret.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::secret::has_secret_shape;

/// The media type of JSON:API.
pub(crate) const JSON_API: &str = "application/vnd.api+json";

/// The media type of the audit trail.
pub(crate) const JSON: &str = "application/json";

/// A JSON:API document with one resource or, with `T = Vec<Resource<…>>`, many.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(crate) struct Document<T> {
    /// `None` if it is null or absent.
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
    /// JSON:API has a string here; a number is accepted as well.
    pub(crate) id: Option<Value>,
    pub(crate) attributes: A,
    #[serde(default)]
    pub(crate) relationships: Option<Value>,
}

impl<A> Resource<A> {
    /// Returns the ID, unless it has the form of a secret: IDs are stored and shown.
    pub(crate) fn id(&self) -> Option<String> {
        match self.id.as_ref()? {
            Value::String(id) if !id.is_empty() && !has_secret_shape(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// Parses a document. The error says where it is wrong.
///
/// To check once that the whole body is UTF-8 is faster than to check each text.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_line_and_not_the_text() {
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
