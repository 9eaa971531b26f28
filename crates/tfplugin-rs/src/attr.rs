//! [`Attr`]: one attribute of a model, which may be null or not known yet.
//!
//! A model is a plain struct with serde derives, one field per attribute:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tfplugin::{Attr, Sensitive};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Model {
//!     /// Null, unknown or known.
//!     id: Attr<String>,
//!     /// The same; never printed.
//!     token: Attr<Sensitive<String>>,
//!     /// Null or known; an unknown value is refused.
//!     description: Option<String>,
//!     /// Known; null and unknown are refused.
//!     name: String,
//! }
//! ```
//!
//! Which attributes an object has is said by its schema, not here; the bridge between the two is
//! [`from_value`](super::value::from_value) and [`to_value`](super::value::to_value).

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// The serde name by which the bridge knows an attribute.
pub(crate) const SERDE_NAME: &str = "$tfplugin::Attr";

/// The value of an attribute: null, not known before apply, or known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "$tfplugin::Attr")] // SERDE_NAME
pub enum Attr<T> {
    /// Absent: the practitioner left it out, or the object has none.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Attr<T> {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is known only after apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether it has a value.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, if it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The same with the value borrowed.
    pub fn as_ref(&self) -> Attr<&T> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(value),
        }
    }

    /// What the value dereferences to, if it is known: `Option<&str>` of an `Attr<String>`.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.known().map(Deref::deref)
    }

    /// The same with `change` applied to a known value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(change(value)),
        }
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_becomes_null_or_known() {
        assert_eq!(Attr::<i64>::from(None), Attr::Null);
        assert_eq!(Attr::<i64>::from(Some(1)), Attr::Known(1));
        assert_eq!(Attr::<i64>::from(1), Attr::Known(1));
    }

    #[test]
    fn only_a_known_value_is_changed_or_lent() {
        assert_eq!(Attr::Known(1).map(|one| one + 1), Attr::Known(2));
        assert_eq!(Attr::<i64>::Unknown.map(|one| one + 1), Attr::Unknown);
        assert_eq!(Attr::Known("a".to_owned()).as_deref(), Some("a"));
        assert_eq!(Attr::<String>::Unknown.as_deref(), None);
        assert_eq!(Attr::<String>::default(), Attr::Null);
    }
}
