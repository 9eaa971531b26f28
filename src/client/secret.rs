//! [`Secret`]: a token that is not shown.
//!
//! It has neither `Display` nor `Serialize`: a secret leaves this type only through
//! [`Secret::expose`], which is easy to search for.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A token, which is wrapped when it is parsed and wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a text.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    /// Wraps a text without the white space around it. Returns `None` if nothing is left.
    pub(crate) fn trimmed(text: &str) -> Option<Secret> {
        let text = text.trim();
        (!text.is_empty()).then(|| Secret::new(text.to_owned()))
    }

    /// Whether an HTTP header can hold it: it has no control character.
    pub(crate) fn is_sendable(&self) -> bool {
        !self.0.chars().any(char::is_control)
    }

    /// Returns the text, for the request and the state, and never for a message.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Returns whether a text has the form of an API token of HCP Terraform, `….atlasv1.…`. Such a text is not shown, whatever
/// argument it was given as.
pub fn has_secret_shape(text: &str) -> bool {
    text.to_ascii_lowercase().contains(".atlasv1.")
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(sensitive value)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_a_secret_is_recognised_in_any_case() {
        assert!(has_secret_shape("V3zkX8xq.atlasv1.0Yp9"));
        assert!(has_secret_shape("v3zkx8xq.AtlasV1.0yp9"));
        assert!(!has_secret_shape("at-V3zkX8xqatlasv1"));
        assert!(!has_secret_shape("4111756"));
    }

    #[test]
    fn debug_shows_nothing_of_the_secret() {
        let secret = Secret::new("planted".to_owned());
        assert_eq!(
            format!("{secret:?} {:#?}", Some(&secret))
                .matches("planted")
                .count(),
            0
        );
        assert_eq!(format!("{secret:?}"), "(sensitive value)");
    }
}
