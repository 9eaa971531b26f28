//! [`Attr`]: an attribute of a model, which may be null or unknown.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// The serde name by which the bridge knows an attribute.
pub(crate) const SERDE_NAME: &str = "$tfplugin::Attr";

/// The value of an attribute: null, unknown or known.
///
/// A model is a struct with serde derives and one field per attribute. The type of the field says what it can hold:
///
/// | field | null | unknown | known |
/// |---|---|---|---|
/// | `Attr<T>` | yes | yes | `T` |
/// | `Option<T>` | yes | no | `T` |
/// | `T` | no | no | `T` |
///
/// Use `Attr` for every argument, also for a required one, and for every computed attribute. A value that a field cannot
/// hold is reported as a bug in the provider, and a practitioner may set any argument to a value of another object, which
/// is unknown while planning. The tables in [`value`](crate::value) list the Rust type `T` for each schema type.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tfplugin::{Attr, Sensitive};
///
/// #[derive(Serialize, Deserialize)]
/// struct Model {
///     /// Required: never null, but unknown while planning if it refers to another object.
///     name: Attr<String>,
///     /// Null, unknown or known, and never printed.
///     token: Attr<Sensitive<String>>,
///     /// Computed: unknown as a whole while planning.
///     status: Attr<Status>,
/// }
///
/// /// Only the provider makes one, and never with an unknown value.
/// #[derive(Serialize, Deserialize)]
/// struct Status {
///     code: i64,
///     message: Option<String>,
/// }
///
/// let id: Attr<String> = Attr::Unknown;
/// assert_eq!(id.known(), None);
/// let id = Attr::Known("srv-1".to_owned());
/// assert_eq!(id.as_deref(), Some("srv-1"));
/// ```
///
/// In `create` and `update`, arguments are known or null, and a required argument is known:
///
/// ```
/// use tfplugin::{Attr, Diagnostic, Diagnostics};
///
/// fn path(name: &Attr<String>) -> Result<String, Diagnostics> {
///     let name = name.as_deref().ok_or_else(|| Diagnostic::bug("The name is null or unknown."))?;
///     Ok(format!("/servers/{name}"))
/// }
///
/// assert_eq!(path(&Attr::Known("example".to_owned())).unwrap(), "/servers/example");
/// assert!(path(&Attr::Unknown).is_err());
/// ```
///
/// The default is null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "$tfplugin::Attr")] // SERDE_NAME
pub enum Attr<T> {
    /// No value: the practitioner left it out, or the object has none.
    #[default]
    Null,
    /// Known only after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Attr<T> {
    /// Returns whether the value is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether the value is unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Returns whether the value is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Returns the value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Converts into an `Option`: the value, if it is known.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Converts into an `Attr` of a reference to the value.
    pub fn as_ref(&self) -> Attr<&T> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(value),
        }
    }

    /// Returns what a known value dereferences to: `Option<&str>` of an `Attr<String>`.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.known().map(Deref::deref)
    }

    /// Applies `change` to a known value. Null and unknown stay.
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
    fn only_a_known_value_is_changed_or_borrowed() {
        assert_eq!(Attr::Known(1).map(|one| one + 1), Attr::Known(2));
        assert_eq!(Attr::<i64>::Unknown.map(|one| one + 1), Attr::Unknown);
        assert_eq!(Attr::Known("a".to_owned()).as_deref(), Some("a"));
        assert_eq!(Attr::<String>::Unknown.as_deref(), None);
        assert_eq!(Attr::<String>::default(), Attr::Null);
    }
}
