//! [`Host`]: the program that runs the plugin, and how hosts differ.
//!
//! Everything that depends on which host it is stands in this file.

/// Terraform, or another program that speaks its protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    version: Option<String>,
    kind: Kind,
}

/// Which program it is, as far as known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Terraform,
    OpenTofu,
}

impl Host {
    /// The host of a configured provider, by the version that it gave. OpenTofu cannot be told by
    /// it: since 1.12 it says 1.13.0, which is a Terraform too.
    pub(crate) fn of_version(version: String) -> Self {
        Self {
            version: Some(version).filter(|version| !version.is_empty()),
            kind: Kind::Terraform,
        }
    }

    /// The host that opens an ephemeral resource: OpenTofu (from 1.11.0) says there that write-only
    /// attributes are allowed, Terraform (to 1.16) never does.
    pub(crate) fn opening(&self, write_only_attributes_allowed: bool) -> Self {
        Self {
            kind: if write_only_attributes_allowed {
                Kind::OpenTofu
            } else {
                Kind::Terraform
            },
            ..self.clone()
        }
    }

    /// The version that the host gave, such as `1.11.4`. OpenTofu from 1.12 says `1.13.0`.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Whether an ephemeral resource may answer with unknown values: Terraform takes them, OpenTofu
    /// refuses them. Only known while an ephemeral resource is opened.
    pub fn accepts_unknown_ephemeral_results(&self) -> bool {
        self.kind == Kind::Terraform
    }
}
