//! [`Host`]: the program that runs the plugin, and how hosts differ.
//!
//! Everything that depends on which host it is stands in this file.

/// Terraform, or another program that speaks its protocol.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    version: Option<String>,
    kind: Kind,
}

/// What OpenTofu says of its version from 1.12 on (opentofu: `version/version.go`).
const OPENTOFU: &str = "1.13.0";

/// What tells hosts apart of what a host says that it can do, in one call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Capabilities {
    /// Whether values of write-only attributes do not reach state and plan.
    pub(crate) write_only_attributes_allowed: bool,
    /// Whether the plan's private data come back at apply (from protocol 6.11).
    pub(crate) store_planned_private: bool,
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

    /// The host that opens an ephemeral resource, by what it says there of itself. OpenTofu (from
    /// 1.11.0) allows write-only attributes and has never heard of planned private data. Terraform says
    /// nothing until 1.15 (to 1.16.0-rc2), and from 1.16 all that it can do
    /// (terraform: `internal/terraform/node_resource_ephemeral.go`).
    ///
    /// Should OpenTofu learn of planned private data, then its version is still one whose Terraform says
    /// nothing.
    pub(crate) fn opening(&self, said: Capabilities) -> Self {
        let is_opentofu = said.write_only_attributes_allowed
            && (!said.store_planned_private || self.version() == Some(OPENTOFU));
        Self {
            kind: if is_opentofu {
                Kind::OpenTofu
            } else {
                Kind::Terraform
            },
            ..self.clone()
        }
    }

    /// OpenTofu as it opens an ephemeral resource; for unit tests.
    pub fn opentofu() -> Self {
        Self::of_version(OPENTOFU.to_owned()).opening(Capabilities {
            write_only_attributes_allowed: true,
            store_planned_private: false,
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What each host says when it opens an ephemeral resource, seen on the wire or read in its source.
    #[test]
    fn opentofu_is_known_by_what_it_says_when_it_opens() {
        for (version, write_only_attributes_allowed, store_planned_private, is_opentofu) in [
            ("1.10.5", false, false, false),
            ("1.11.4", false, false, false),
            ("1.13.0", false, false, false),
            ("1.15.9", false, false, false),
            ("1.16.4", true, true, false),
            ("1.11.14", true, false, true),
            ("1.13.0", true, false, true),
            ("1.13.0", true, true, true),
        ] {
            let host = Host::of_version(version.to_owned()).opening(Capabilities {
                write_only_attributes_allowed,
                store_planned_private,
            });
            assert_eq!(
                !host.accepts_unknown_ephemeral_results(),
                is_opentofu,
                "{host:?}"
            );
        }
    }

    #[test]
    fn a_version_that_is_empty_is_none() {
        assert_eq!(Host::of_version(String::new()).version(), None);
        assert_eq!(
            Host::of_version("1.11.4".to_owned()).version(),
            Some("1.11.4")
        );
    }
}
