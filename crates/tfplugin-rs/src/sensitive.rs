//! [`Sensitive`]: a value that must not be printed.
//!
//! It keeps a secret out of logs, errors and panics. It does not encrypt and does not wipe memory, because the
//! protocol's buffers contain the secret too.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The serde name by which the bridge knows a sensitive value.
pub(crate) const SERDE_NAME: &str = "$tfplugin::Sensitive";

/// A secret: a value without `Display`, whose `Debug` is `(sensitive value)`.
///
/// In a model, it wraps the type of an attribute: `Attr<Sensitive<String>>`. Mark the attribute as
/// [`sensitive`](crate::Attribute::sensitive) too, so that Terraform hides it.
///
/// ```
/// use tfplugin::Sensitive;
///
/// let token = Sensitive::from("s3cret");
/// assert_eq!(format!("{token:?}"), "(sensitive value)");
/// assert_eq!(*token.expose(), "s3cret");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "$tfplugin::Sensitive")] // SERDE_NAME
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a secret.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// Returns the secret. Review every call: the secret must not reach a log or a message.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Returns the secret itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive value)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Sensitive::from("s3cret".to_owned());
        assert_eq!(
            format!("{secret:?} {secret:#?}"),
            "(sensitive value) (sensitive value)"
        );
        assert_eq!(secret.expose(), "s3cret");
        assert_eq!(secret.into_inner(), "s3cret");
    }

    #[test]
    fn serde_sees_through_it() {
        let secret: Sensitive<String> = serde_json::from_str(r#""s3cret""#).unwrap();
        assert_eq!(secret.expose(), "s3cret");
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""s3cret""#);
    }
}
