//! [`Feature`]: what a host may have or lack, and how that is asked of the host itself.

use std::fmt;

use super::{Host, Product, host};
use crate::workspace::Workspace;

/// Something that practitioners use, and that tests are about.
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
    Interrupts,
    DebugMode,
}

/// How a host that lacks a feature answers.
struct Probe {
    configuration: &'static str,
    arguments: &'static [&'static str],
    refusal: &'static str,
}

impl Feature {
    /// In the order of the table.
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
        Self::Interrupts,
        Self::DebugMode,
    ];

    /// The minor version that brought it, of those that the provider supports at all.
    pub(crate) fn since(self, product: Product) -> Option<(u32, u32)> {
        let (terraform, opentofu) = match self {
            Self::ImportByIdentity => (Some((1, 12)), Some((1, 12))),
            Self::Query | Self::Actions => (Some((1, 14)), None),
            _ => (Some((1, 11)), Some((1, 11))),
        };
        match product {
            Product::Terraform => terraform,
            Product::OpenTofu => opentofu,
        }
    }

    /// How the names of tests begin that are about it, where they do not ask for it themselves.
    pub(super) fn shown_by(self) -> &'static [&'static str] {
        match self {
            Self::ManagedResource => &["resource::"],
            Self::DataSources => &["data_source::", "audit_trail_events::"],
            Self::EphemeralResource => &["ephemeral::"],
            Self::WriteOnlyArguments => &["ephemeral::the_secret_reaches", "sealed::"],
            Self::SealedTokens => &["sealed::"],
            Self::CheckBlocks => &["data_source::check_blocks"],
            Self::ImportById => &["import::"],
            Self::GeneratedConfiguration => &["import::generated_configuration"],
            Self::MovedAcrossProviders => &["moved::"],
            Self::Interrupts => &["interrupts::"],
            Self::DebugMode => &["debug_mode::"],
            Self::ImportByIdentity | Self::Query | Self::Actions => &[],
        }
    }

    /// For what some host lacks.
    fn probe(self) -> Option<Probe> {
        match self {
            Self::ImportByIdentity => Some(Probe {
                configuration: "import {\n  to       = terraform_data.example\n  identity = {}\n}\n\
                                resource \"terraform_data\" \"example\" {}\n",
                arguments: &["validate", "-no-color"],
                refusal: "Unsupported argument",
            }),
            Self::Query => Some(Probe {
                configuration: "",
                arguments: &["query", "-help"],
                refusal: "has no command named \"query\"",
            }),
            Self::Actions => Some(Probe {
                configuration: "action \"tfe_revoke_audit_trail_token\" \"example\" {}\n",
                arguments: &["validate", "-no-color"],
                refusal: "Unsupported block type",
            }),
            _ => None,
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
            Self::Interrupts => "interrupts",
            Self::DebugMode => "debug mode",
        })
    }
}

/// Otherwise the table could call a feature missing that was only never tried.
#[test]
fn what_the_host_is_said_to_lack_it_refuses() {
    for feature in Feature::ALL {
        let lacks = !host().has(*feature);
        let Some(probe) = feature.probe() else {
            assert!(!lacks, "nothing shows that {} lacks {feature}", host());
            continue;
        };
        let workspace = Workspace::new();
        workspace.configure(probe.configuration);
        let run = workspace.terraform(probe.arguments);
        assert_eq!(run.said(probe.refusal), lacks, "{feature}\n{run}");
    }
}

#[test]
fn features_come_with_versions() {
    let host = |product, version: &str| Host {
        product,
        version: version.to_owned(),
        executable: "".into(),
    };
    for (product, version, feature, has) in [
        (Product::Terraform, "1.11.4", Feature::ManagedResource, true),
        (
            Product::Terraform,
            "1.11.4",
            Feature::ImportByIdentity,
            false,
        ),
        (
            Product::Terraform,
            "1.12.0",
            Feature::ImportByIdentity,
            true,
        ),
        (Product::Terraform, "1.16.0-rc2", Feature::Actions, true),
        (Product::OpenTofu, "1.12.6", Feature::ManagedResource, true),
        (Product::OpenTofu, "1.16.0", Feature::Query, false),
    ] {
        assert_eq!(
            host(product, version).has(feature),
            has,
            "{version} {feature}"
        );
    }
}
