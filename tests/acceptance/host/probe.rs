//! Whether a host really lacks what [`Feature::since`] says it lacks: the host itself is asked.

use super::{Feature, Host, Product, host};
use crate::workspace::Workspace;

/// How a host that lacks a feature answers.
struct Probe {
    configuration: &'static str,
    /// The configuration of the folder `module`.
    module: &'static str,
    arguments: &'static [&'static str],
    refusal: &'static str,
}

impl Probe {
    /// Returns the probe of a feature that some host lacks.
    fn of(feature: Feature) -> Option<Self> {
        match feature {
            Feature::ImportByIdentity => Some(Self::validate(
                "import {\n  to       = terraform_data.example\n  identity = {}\n}\n\
                 resource \"terraform_data\" \"example\" {}\n",
                "Unsupported argument",
            )),
            Feature::Query => Some(Self {
                arguments: &["query", "-help"],
                ..Self::validate("", "has no command named \"query\"")
            }),
            Feature::Actions => Some(Self::validate(
                "action \"tfe_revoke_audit_trail_token\" \"example\" {}\n",
                "Unsupported block type",
            )),
            Feature::ActionsBeforeDestroy => Some(Self::validate(
                "resource \"terraform_data\" \"example\" {\n  lifecycle {\n    action_trigger {\n      \
                 events     = [before_destroy]\n      on_failure = continue\n      \
                 actions    = [action.tfe_revoke_audit_trail_token.example]\n    }\n  }\n}\n",
                // Of the block, or of its argument on_failure.
                "Unsupported",
            )),
            Feature::DestroyFalse => Some(Self::validate(
                "resource \"terraform_data\" \"example\" {\n  lifecycle {\n    destroy = false\n  }\n}\n",
                "Unsupported argument",
            )),
            Feature::ImportInModules => Some(Self {
                module: "import {\n  to = terraform_data.example\n  id = \"example\"\n}\n\
                         resource \"terraform_data\" \"example\" {}\n",
                arguments: &["get", "-no-color"],
                ..Self::validate(
                    "module \"example\" {\n  source = \"./module\"\n}\n",
                    "Import blocks are only allowed in the root module",
                )
            }),
            Feature::StoreOfTerraformData => Some(Self::validate(
                "resource \"terraform_data\" \"example\" {\n  store {\n    input = \"example\"\n  }\n}\n",
                "Unsupported block type",
            )),
            _ => None,
        }
    }

    /// Returns the probe whose command is `validate`.
    fn validate(configuration: &'static str, refusal: &'static str) -> Self {
        Self {
            configuration,
            module: "",
            arguments: &["validate", "-no-color"],
            refusal,
        }
    }
}

/// Without this test the README could call a feature missing that was only never tried.
#[test]
fn a_host_refuses_what_it_is_said_to_lack() {
    for feature in Feature::ALL {
        let lacks = !host().has(*feature);
        let Some(probe) = Probe::of(*feature) else {
            assert!(!lacks, "nothing shows that {} lacks {feature}", host());
            continue;
        };
        let workspace = Workspace::new();
        workspace.configure(probe.configuration);
        workspace.write("module/main.tf", probe.module);
        let output = workspace.terraform(probe.arguments);
        assert_eq!(output.printed(probe.refusal), lacks, "{feature}\n{output}");
    }
}

#[test]
fn a_feature_comes_with_a_version_of_a_product() {
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
