//! [`ImportBy`]: the ID or identity of an object to import; [`NoIdentity`]: the identity of resources without one.

use serde::{Deserialize, Serialize};

/// The ID or the identity of an object to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportBy<I> {
    /// The import ID, as it was configured.
    Id(String),
    /// The identity (Terraform 1.12 and later). Its [required](super::IdentityAttribute::required) attributes are set.
    Identity(I),
}

/// The identity type of a resource without an identity. It has no values.
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
