//! [`Feature`]: something that practitioners use and that a host may lack.

use std::fmt;

/// A program that speaks the plugin protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Terraform,
    OpenTofu,
}

/// Something that practitioners use: a row of the README's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    ManagedResource,
    DataSources,
    EphemeralResource,
    WriteOnlyArguments,
    SealedTokens,
    CheckBlocks,
    ImportById,
    ImportByIdentity,
    GeneratedConfiguration,
    MovedAcrossProviders,
    Query,
    Actions,
    ActionsBeforeDestroy,
    DestroyFalse,
    ImportInModules,
    StoreOfTerraformData,
    Interrupts,
    DebugMode,
}

impl Feature {
    /// Every feature, in the order of the table.
    pub(crate) const ALL: &[Self] = &[
        Self::ManagedResource,
        Self::DataSources,
        Self::EphemeralResource,
        Self::WriteOnlyArguments,
        Self::SealedTokens,
        Self::CheckBlocks,
        Self::ImportById,
        Self::ImportByIdentity,
        Self::GeneratedConfiguration,
        Self::MovedAcrossProviders,
        Self::Query,
        Self::Actions,
        Self::ActionsBeforeDestroy,
        Self::DestroyFalse,
        Self::ImportInModules,
        Self::StoreOfTerraformData,
        Self::Interrupts,
        Self::DebugMode,
    ];

    /// Returns the first version with the feature, among those that the provider supports.
    pub(crate) fn since(self, product: Product) -> Option<(u32, u32)> {
        let (terraform, opentofu) = match self {
            Self::ImportByIdentity => (Some((1, 12)), Some((1, 12))),
            Self::Query | Self::Actions => (Some((1, 14)), None),
            Self::DestroyFalse => (Some((1, 16)), Some((1, 12))),
            Self::ActionsBeforeDestroy | Self::ImportInModules | Self::StoreOfTerraformData => {
                (Some((1, 16)), None)
            }
            _ => (Some((1, 11)), Some((1, 11))),
        };
        match product {
            Product::Terraform => terraform,
            Product::OpenTofu => opentofu,
        }
    }

    /// Returns how the names of the tests begin that are about the feature. Tests that call
    /// [`lacks`](super::lacks) need no entry.
    pub(super) fn shown_by(self) -> &'static [&'static str] {
        match self {
            Self::ManagedResource => &["objects::resource::"],
            Self::DataSources => &["objects::data_source::", "objects::audit_trail_events::"],
            Self::EphemeralResource => &["objects::ephemeral::"],
            Self::WriteOnlyArguments => &["objects::ephemeral::", "objects::sealed::"],
            Self::SealedTokens => &["objects::sealed::"],
            Self::CheckBlocks => &[
                "objects::data_source::check_blocks",
                "objects::audit_trail_events::check_blocks",
            ],
            Self::ImportById => &["objects::import::"],
            Self::GeneratedConfiguration => &["objects::import::a_configuration_is_generated"],
            Self::MovedAcrossProviders => &["objects::moved::"],
            Self::Interrupts => &["plugin::interrupts::"],
            Self::DebugMode => &["plugin::debug_mode::"],
            Self::ImportByIdentity
            | Self::Query
            | Self::Actions
            | Self::ActionsBeforeDestroy
            | Self::DestroyFalse
            | Self::ImportInModules
            | Self::StoreOfTerraformData => &[],
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ManagedResource => "managed resource",
            Self::DataSources => "data sources",
            Self::EphemeralResource => "ephemeral resource",
            Self::WriteOnlyArguments => "write-only arguments",
            Self::SealedTokens => "sealed tokens",
            Self::CheckBlocks => "check blocks",
            Self::ImportById => "import by ID",
            Self::ImportByIdentity => "import by identity",
            Self::GeneratedConfiguration => "generated configuration",
            Self::MovedAcrossProviders => "moved across providers",
            Self::Query => "query",
            Self::Actions => "actions",
            Self::ActionsBeforeDestroy => "actions before destroy",
            Self::DestroyFalse => "`destroy = false`",
            Self::ImportInModules => "`import` in modules",
            Self::StoreOfTerraformData => "`store` of `terraform_data`",
            Self::Interrupts => "interrupts",
            Self::DebugMode => "debug mode",
        })
    }
}
