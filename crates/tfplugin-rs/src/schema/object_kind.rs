//! [`ObjectKind`]: the kinds of objects that a provider offers.

use std::fmt;

/// The kind of object that a schema describes. Terraform's rules about schemas depend on it, and the paths of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// The provider's own configuration.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource.
    EphemeralResource,
    /// A list resource. Its schema describes its configuration.
    ListResource,
    /// An action. Its schema describes its configuration.
    Action,
}

/// Writes the kind as a message names it: `ephemeral resource`.
impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Provider => "provider",
            Self::Resource => "resource",
            Self::DataSource => "data source",
            Self::EphemeralResource => "ephemeral resource",
            Self::ListResource => "list resource",
            Self::Action => "action",
        })
    }
}
