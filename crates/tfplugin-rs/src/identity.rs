//! [`ImportBy`]: what an import names its object by, and [`NoIdentity`].

use serde::{Deserialize, Serialize};

/// What a practitioner names an object by that is to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportBy<I> {
    /// The import ID, as it was written.
    Id(String),
    /// The identity (Terraform 1.12 and later). What
    /// [is required](super::IdentityAttribute::required) is there.
    Identity(I),
}

/// The identity of a resource that has none; there is no value of it.
///
/// ```
/// use tfplugin::{ImportBy, NoIdentity};
///
/// fn id(by: ImportBy<NoIdentity>) -> String {
///     let ImportBy::Id(id) = by;
///     id
/// }
/// assert_eq!(id(ImportBy::Id("one".to_owned())), "one");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoIdentity {}
