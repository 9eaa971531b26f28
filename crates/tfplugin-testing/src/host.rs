//! [`HostProfile`]: what differs between the programs that run a provider.
//!
//! A row for each; what a row says was seen on the wire or read in the host's source.

/// A program that runs providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostProfile {
    /// For the messages of failing tests.
    pub name: &'static str,
    /// What ConfigureProvider is told. (OpenTofu from 1.12 says `1.13.0`.)
    pub terraform_version: &'static str,
    /// Whether requests say at all what the host can do.
    pub says_what_it_can_do: bool,
    /// Whether validate, plan and the rest say that write-only attributes are allowed.
    pub write_only_allowed: bool,
    /// Whether they say that planned private data come back at apply, and computed blocks are allowed.
    pub knows_6_11: bool,
    /// What OpenEphemeralResource says of all that.
    pub open_says: OpenSays,
    /// Whether `deferral_allowed` is said in the plan walk, though a deferral is an error.
    pub deferral_flag_in_plan: bool,
    /// The same in the apply walk.
    pub deferral_flag_in_apply: bool,
    /// Whether it has ephemeral resources.
    pub ephemeral_resources: bool,
    /// Whether it knows identities.
    pub identities: bool,
    /// Whether it has list resources, actions and configuration that the provider generates.
    pub lists_and_actions: bool,
    /// Whether an ephemeral resource may answer with unknown values.
    pub unknown_ephemeral_results: bool,
    /// Whether Close gets the private data of the last Renew; otherwise that of Open.
    pub close_gets_renewed_private: bool,
}

/// What a host says of itself when it opens an ephemeral resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenSays {
    /// That it can do nothing: Terraform to 1.15.
    Nothing,
    /// That write-only attributes are allowed: OpenTofu.
    WriteOnly,
    /// What it says everywhere: Terraform from 1.16.
    Everything,
}

impl HostProfile {
    /// Before ephemeral resources.
    pub const TERRAFORM_1_8: Self = Self {
        name: "Terraform 1.8",
        terraform_version: "1.8.5",
        says_what_it_can_do: false,
        deferral_flag_in_apply: false,
        ephemeral_resources: false,
        ..Self::TERRAFORM_1_10
    };

    /// Before write-only arguments; it would store them.
    pub const TERRAFORM_1_10: Self = Self {
        name: "Terraform 1.10",
        terraform_version: "1.10.5",
        write_only_allowed: false,
        ..Self::TERRAFORM_1_11
    };

    pub const TERRAFORM_1_11: Self = Self {
        name: "Terraform 1.11.4",
        terraform_version: "1.11.4",
        says_what_it_can_do: true,
        write_only_allowed: true,
        knows_6_11: false,
        open_says: OpenSays::Nothing,
        deferral_flag_in_plan: false,
        deferral_flag_in_apply: true,
        ephemeral_resources: true,
        identities: false,
        lists_and_actions: false,
        unknown_ephemeral_results: true,
        close_gets_renewed_private: false,
    };

    pub const TERRAFORM_1_12: Self = Self {
        name: "Terraform 1.12.2",
        terraform_version: "1.12.2",
        identities: true,
        ..Self::TERRAFORM_1_11
    };

    pub const TERRAFORM_1_14: Self = Self {
        name: "Terraform 1.14.9",
        terraform_version: "1.14.9",
        lists_and_actions: true,
        ..Self::TERRAFORM_1_12
    };

    pub const TERRAFORM_1_16: Self = Self {
        name: "Terraform 1.16.4",
        terraform_version: "1.16.4",
        knows_6_11: true,
        open_says: OpenSays::Everything,
        ..Self::TERRAFORM_1_14
    };

    /// As its first release was: it said everywhere that deferrals are allowed.
    pub const OPENTOFU_1_11: Self = Self {
        name: "OpenTofu 1.11.0",
        terraform_version: "1.11.0",
        deferral_flag_in_plan: true,
        ..Self::OPENTOFU
    };

    pub const OPENTOFU_1_12: Self = Self {
        name: "OpenTofu 1.12.6",
        terraform_version: "1.13.0",
        deferral_flag_in_apply: false,
        identities: true,
        ..Self::OPENTOFU
    };

    /// What all OpenTofus have in common.
    const OPENTOFU: Self = Self {
        open_says: OpenSays::WriteOnly,
        unknown_ephemeral_results: false,
        close_gets_renewed_private: true,
        ..Self::TERRAFORM_1_11
    };

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

    /// Those that open ephemeral resources.
    pub fn with_ephemeral_resources() -> impl Iterator<Item = Self> {
        Self::ALL
            .into_iter()
            .filter(|host| host.ephemeral_resources)
    }
}
