//! [`Secret`]: a token that is not shown.
//!
//! It has neither `Display` nor `Serialize`: a secret leaves this type only through
//! [`Secret::expose`], which is easy to search for.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// A token, which is wrapped when it is parsed. This copy is wiped from memory when it is dropped.
///
/// Other copies are not: those of the HTTP library (headers, buffers of TLS and of compression), of the environment, of
/// Terraform's messages, and those that a growing buffer or a moved value leaves behind. So wiping shortens how long a
/// secret is in memory, and no more.
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

/// Returns the text without API tokens, and without what a terminal would obey: control characters other than line
/// breaks.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let is_control = |next: char| next.is_control() && next != '\n';
    if !text.contains(is_control) {
        return hide_secrets(text);
    }
    let shown = text.replace(is_control, "\u{fffd}");
    Cow::Owned(hide_secrets(&shown).into_owned())
}

/// Returns the text without what has the form of an API token, up to the next white space, quote, bracket or comma.
///
/// ```
/// use terraform_provider_tfe::client::hide_secrets;
/// let shown = hide_secrets("no token \"V3zk.atlasv1.0Yp9\" here");
/// assert_eq!(shown, "no token \"(an API token, not shown)\" here");
/// ```
pub fn hide_secrets(text: &str) -> Cow<'_, str> {
    const HIDDEN: &str = "(an API token, not shown)";
    if !has_secret_shape(text) {
        return Cow::Borrowed(text);
    }
    let is_around = |next: char| next.is_whitespace() || "\"'`()[]{}<>,;".contains(next);
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_around) {
        let word = piece.strip_suffix(is_around).unwrap_or(piece);
        if has_secret_shape(word) {
            shown.push_str(HIDDEN);
            shown.push_str(&piece[word.len()..]);
        } else {
            shown.push_str(piece);
        }
    }
    Cow::Owned(shown)
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
    fn only_the_words_with_a_secret_are_hidden() {
        for (text, shown) in [
            ("nothing to hide, here", "nothing to hide, here"),
            ("a.atlasv1.b", "(an API token, not shown)"),
            (
                "is \u{e4}.AtlasV1.b?x,\ty",
                "is (an API token, not shown),\ty",
            ),
            (
                "x(https://me:a.atlasv1.b@host/p)\n\"c.atlasv1.d\"",
                "x((an API token, not shown))\n\"(an API token, not shown)\"",
            ),
            (
                "a.atlasv1.b c.atlasv1.d",
                "(an API token, not shown) (an API token, not shown)",
            ),
        ] {
            assert_eq!(hide_secrets(text), shown);
        }
    }

    #[test]
    fn a_terminal_finds_nothing_to_obey() {
        assert_eq!(harmless("two\nlines"), "two\nlines");
        assert_eq!(
            harmless("\u{1b}[2J\r\u{9b}a.atlasv1.b"),
            "\u{fffd}[(an API token, not shown)"
        );
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
