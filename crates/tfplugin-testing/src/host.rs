//! [`HostProfile`]: the differences between the programs that run a provider.
//!
//! Every profile was recorded from real requests or read in the host's source.

use tfplugin::server::proto;

/// A walk of Terraform's graph. Terraform starts the plugin anew for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// `terraform validate`. The provider is not configured.
    Validate,
    /// `terraform plan`, also for refreshing and importing.
    Plan,
    /// `terraform apply`.
    Apply,
}

/// A program that runs providers: a version of Terraform or OpenTofu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostProfile {
    /// Its name, for the messages of failing tests.
    pub name: &'static str,
    /// The version that ConfigureProvider gets. (OpenTofu since 1.12 sends `1.13.0`.)
    pub terraform_version: &'static str,
    /// Whether requests have client capabilities.
    pub client_capabilities: bool,
    /// Whether the host allows write-only attributes.
    pub write_only_allowed: bool,
    /// Whether the host speaks protocol 6.11: it allows computed blocks, and when it plans again at apply, its
    /// PlanResourceChange request has the private data of the first plan (`planned_private`).
    pub protocol_6_11: bool,
    /// The client capabilities of OpenEphemeralResource.
    pub open_capabilities: OpenCapabilities,
    /// Whether the plan walk sends `deferral_allowed`. A deferral is an error even then.
    pub deferral_flag_in_plan: bool,
    /// Whether the apply walk sends `deferral_allowed`.
    pub deferral_flag_in_apply: bool,
    /// Whether the host has ephemeral resources.
    pub ephemeral_resources: bool,
    /// Whether the host keeps resource identities.
    pub identities: bool,
    /// Whether the host has list resources, actions and configuration that the provider generates.
    pub lists_and_actions: bool,
    /// Whether the result of an ephemeral resource may have unknown values.
    pub unknown_ephemeral_results: bool,
    /// Whether Close gets the private data of the last Renew; otherwise it gets that of Open.
    pub close_gets_renewed_private: bool,
}

/// The client capabilities that a host sends when it opens an ephemeral resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenCapabilities {
    /// None: Terraform up to 1.15.
    Nothing,
    /// Only `write_only_attributes_allowed`: OpenTofu.
    WriteOnly,
    /// The same as in other requests: Terraform since 1.16.
    Everything,
}

impl HostProfile {
    /// Terraform 1.8, which has no ephemeral resources.
    pub const TERRAFORM_1_8: Self = Self {
        name: "Terraform 1.8",
        terraform_version: "1.8.5",
        client_capabilities: false,
        deferral_flag_in_apply: false,
        ephemeral_resources: false,
        ..Self::TERRAFORM_1_10
    };

    /// Terraform 1.10, which has ephemeral resources but would store write-only arguments.
    pub const TERRAFORM_1_10: Self = Self {
        name: "Terraform 1.10",
        terraform_version: "1.10.5",
        write_only_allowed: false,
        ..Self::TERRAFORM_1_11
    };

    /// Terraform 1.11, which has write-only arguments.
    pub const TERRAFORM_1_11: Self = Self {
        name: "Terraform 1.11.4",
        terraform_version: "1.11.4",
        client_capabilities: true,
        write_only_allowed: true,
        protocol_6_11: false,
        open_capabilities: OpenCapabilities::Nothing,
        deferral_flag_in_plan: false,
        deferral_flag_in_apply: true,
        ephemeral_resources: true,
        identities: false,
        lists_and_actions: false,
        unknown_ephemeral_results: true,
        close_gets_renewed_private: false,
    };

    /// Terraform 1.12, which has resource identities.
    pub const TERRAFORM_1_12: Self = Self {
        name: "Terraform 1.12.2",
        terraform_version: "1.12.2",
        identities: true,
        ..Self::TERRAFORM_1_11
    };

    /// Terraform 1.14, which has list resources and actions.
    pub const TERRAFORM_1_14: Self = Self {
        name: "Terraform 1.14.9",
        terraform_version: "1.14.9",
        lists_and_actions: true,
        ..Self::TERRAFORM_1_12
    };

    /// Terraform 1.16, which speaks protocol 6.11.
    pub const TERRAFORM_1_16: Self = Self {
        name: "Terraform 1.16.4",
        terraform_version: "1.16.4",
        protocol_6_11: true,
        open_capabilities: OpenCapabilities::Everything,
        ..Self::TERRAFORM_1_14
    };

    /// OpenTofu 1.11.0, which sends `deferral_allowed` in every walk.
    pub const OPENTOFU_1_11: Self = Self {
        name: "OpenTofu 1.11.0",
        terraform_version: "1.11.0",
        deferral_flag_in_plan: true,
        ..Self::OPENTOFU
    };

    /// OpenTofu 1.12, which has resource identities.
    pub const OPENTOFU_1_12: Self = Self {
        name: "OpenTofu 1.12.6",
        terraform_version: "1.13.0",
        deferral_flag_in_apply: false,
        identities: true,
        ..Self::OPENTOFU
    };

    /// The common part of the OpenTofu profiles.
    const OPENTOFU: Self = Self {
        open_capabilities: OpenCapabilities::WriteOnly,
        unknown_ephemeral_results: false,
        close_gets_renewed_private: true,
        ..Self::TERRAFORM_1_11
    };

    /// All profiles.
    pub const ALL: [Self; 8] = [
        Self::TERRAFORM_1_8,
        Self::TERRAFORM_1_10,
        Self::TERRAFORM_1_11,
        Self::TERRAFORM_1_12,
        Self::TERRAFORM_1_14,
        Self::TERRAFORM_1_16,
        Self::OPENTOFU_1_11,
        Self::OPENTOFU_1_12,
    ];

    /// Returns the profiles that have ephemeral resources.
    pub fn with_ephemeral_resources() -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|host| host.ephemeral_resources)
    }

    /// Returns the client capabilities of most requests.
    pub(crate) fn client_capabilities(&self, walk: Walk) -> Option<proto::ClientCapabilities> {
        self.client_capabilities
            .then_some(proto::ClientCapabilities {
                deferral_allowed: match walk {
                    Walk::Apply => self.deferral_flag_in_apply,
                    Walk::Plan | Walk::Validate => self.deferral_flag_in_plan,
                },
                write_only_attributes_allowed: self.write_only_allowed,
                store_planned_private: self.protocol_6_11,
                computed_blocks_allowed: self.protocol_6_11,
            })
    }
}
