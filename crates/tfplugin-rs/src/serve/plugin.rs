//! [`Plugin`]: the names and texts of a plugin.

/// Names and describes a plugin, for Terraform's logs and for a person who starts it by hand.
#[derive(Clone, Copy, Debug)]
pub struct Plugin {
    /// The executable's name, `terraform-provider-NAME`. With `_` for `-` it is also the name of the crate
    /// whose log events of every level are forwarded.
    pub name: &'static str,
    /// The provider's version, such as `1.2.3`.
    pub version: &'static str,
    /// What the provider does: one sentence with its full stop.
    pub about: &'static str,
    /// The source address that configurations name, such as `registry.terraform.io/NAMESPACE/NAME`.
    pub source: &'static str,
    /// The URL of its documentation.
    pub documentation: &'static str,
}

/// A plugin for unit tests.
#[cfg(test)]
pub(super) const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-example",
    version: "1.2.3",
    about: "Manages examples.",
    source: "registry.terraform.io/my-org-name/example",
    documentation: "https://example.com/docs",
};
