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
