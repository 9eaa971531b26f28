//! [`ApiError`]: what the API itself says of a problem.

use std::fmt;

/// One entry of an error document of the API; every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The class of the problem, such as `invalid attribute`.
    pub title: Option<String>,
    /// A sentence about this occurrence.
    pub detail: Option<String>,
    /// The place in the request's document, such as `/data/attributes/expired-at`.
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
