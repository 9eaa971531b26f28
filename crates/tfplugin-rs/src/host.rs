//! [`Host`]: the program that runs the plugin, and the differences between hosts.

/// The program that runs the plugin: Terraform or OpenTofu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    version: Option<String>,
    program: Program,
}

/// The version that OpenTofu sends from 1.12 on (opentofu: `version/version.go`).
const OPENTOFU: &str = "1.13.0";

/// The capabilities in a request by which hosts differ.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Capabilities {
    /// Whether the host keeps write-only values out of state and plan.
    pub(crate) write_only_attributes_allowed: bool,
    /// Whether the host returns the plan's private data while applying (from protocol 6.11).
    pub(crate) store_planned_private: bool,
}

/// The program, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Program {
    #[default]
    Terraform,
    OpenTofu,
}

impl Host {
    /// Returns the host that configured the provider, by its version. The version does not identify OpenTofu: since
    /// 1.12 it sends 1.13.0, which is a version of Terraform too.
    pub(crate) fn of_version(version: String) -> Self {
        Self {
            version: Some(version).filter(|version| !version.is_empty()),
            program: Program::Terraform,
        }
    }

    /// Returns the host that opens an ephemeral resource, by the capabilities that it sends there. OpenTofu (from
    /// 1.11.0) allows write-only attributes and does not store planned private data. Terraform sends nothing until 1.15
    /// (to 1.16.0-rc2), and all its capabilities from 1.16 (terraform:
    /// `internal/terraform/node_resource_ephemeral.go`).
    ///
    /// A later OpenTofu may store planned private data too. It is then recognised by its version, 1.13.0: the Terraform
    /// of that version sends no capabilities.
    pub(crate) fn opening(&self, capabilities: Capabilities) -> Self {
        let is_opentofu = capabilities.write_only_attributes_allowed
            && (!capabilities.store_planned_private || self.version() == Some(OPENTOFU));
        Self {
            program: if is_opentofu {
                Program::OpenTofu
            } else {
                Program::Terraform
            },
            ..self.clone()
        }
    }

    /// Returns OpenTofu as the host that opens an ephemeral resource, for a unit test.
    pub fn opentofu() -> Self {
        Self::of_version(OPENTOFU.to_owned()).opening(Capabilities {
            write_only_attributes_allowed: true,
            store_planned_private: false,
        })
    }

    /// Returns the version that the host sent, such as `1.11.4`. OpenTofu sends `1.13.0` from 1.12 on.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Returns whether an ephemeral resource may return unknown values: Terraform accepts them, OpenTofu refuses them.
    ///
    /// The answer is reliable only in [`EphemeralResource::open`](crate::EphemeralResource::open). Elsewhere the host
    /// cannot be recognised, and this returns `true`.
    pub fn accepts_unknown_ephemeral_results(&self) -> bool {
        self.program == Program::Terraform
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The capabilities of each host when it opens an ephemeral resource, seen on the wire or read in its source.
    #[test]
    fn opentofu_is_known_by_its_capabilities_when_it_opens() {
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
    fn an_empty_version_is_no_version() {
        assert_eq!(Host::of_version(String::new()).version(), None);
        assert_eq!(
            Host::of_version("1.11.4".to_owned()).version(),
            Some("1.11.4")
        );
    }
}
