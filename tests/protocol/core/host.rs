//! [`HostProfile`]: what differs between the programs that run a provider.
//!
//! A row for each; what a row says was seen on the wire or read in the host's source.

/// A program that runs providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostProfile {
    /// For the messages of failing tests.
    pub(crate) name: &'static str,
    /// What ConfigureProvider is told. (OpenTofu from 1.12 says `1.13.0`.)
    pub(crate) terraform_version: &'static str,
    /// Whether validate, plan and the rest say that write-only attributes are allowed.
    pub(crate) write_only_allowed: bool,
    /// Whether OpenEphemeralResource says so too: OpenTofu does, Terraform never.
    pub(crate) write_only_allowed_in_open: bool,
    /// Whether `deferral_allowed` is said in the plan walk, though a deferral is an error.
    pub(crate) deferral_flag_in_plan: bool,
    /// The same in the apply walk.
    pub(crate) deferral_flag_in_apply: bool,
    /// Whether it knows identities.
    pub(crate) identities: bool,
    /// Whether an ephemeral resource may answer with unknown values.
    pub(crate) unknown_ephemeral_results: bool,
    /// Whether Close gets the private data of the last Renew; otherwise that of Open.
    pub(crate) close_gets_renewed_private: bool,
}

impl HostProfile {
    pub(crate) const TERRAFORM_1_11: Self = Self {
        name: "Terraform 1.11.4",
        terraform_version: "1.11.4",
        write_only_allowed: true,
        write_only_allowed_in_open: false,
        deferral_flag_in_plan: false,
        deferral_flag_in_apply: true,
        identities: false,
        unknown_ephemeral_results: true,
        close_gets_renewed_private: false,
    };

    /// Before write-only arguments; it would store them.
    pub(crate) const TERRAFORM_1_10: Self = Self {
        name: "Terraform 1.10",
        terraform_version: "1.10.5",
        write_only_allowed: false,
        ..Self::TERRAFORM_1_11
    };

    pub(crate) const TERRAFORM_1_12: Self = Self {
        name: "Terraform 1.12.2",
        terraform_version: "1.12.2",
        identities: true,
        ..Self::TERRAFORM_1_11
    };

    pub(crate) const OPENTOFU_1_11: Self = Self {
        name: "OpenTofu 1.11",
        terraform_version: "1.11.0",
        write_only_allowed: true,
        write_only_allowed_in_open: true,
        deferral_flag_in_plan: true,
        deferral_flag_in_apply: true,
        identities: false,
        unknown_ephemeral_results: false,
        close_gets_renewed_private: true,
    };

    pub(crate) const ALL: [Self; 4] = [
        Self::TERRAFORM_1_10,
        Self::TERRAFORM_1_11,
        Self::TERRAFORM_1_12,
        Self::OPENTOFU_1_11,
    ];
}
