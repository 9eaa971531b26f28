//! Import by ID, and the configuration that Terraform generates for it.

use serde_json::Value;

use crate::host::{self, Feature, host};
use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};

/// Conformance: 59.
#[test]
fn an_import_brings_everything_but_the_secret() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let mut created = workspace.example(TOKEN);

    let elsewhere = Workspace::beside(workspace.simulator.clone());
    elsewhere.configure(BASIC);
    let address = "tfe_audit_trail_token.example";
    elsewhere
        .terraform(&["import", "-no-color", address, "my-org-name"])
        .succeeds()
        .prints("The Secret of the Audit Trail Token Is Not Known")
        .prints("force_regenerate = true");
    created["token"] = Value::Null;
    assert_eq!(elsewhere.example(TOKEN), created);

    // The plan is empty, and the import has warned already that the secret is missing.
    let plan = elsewhere.plan().exits(0);
    assert!(!plan.all().contains("force_regenerate"), "{plan}");
}

#[test]
fn a_configuration_is_generated_that_imports_without_a_change() {
    let workspace = Workspace::new();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace
        .configure("import {\n  to = tfe_audit_trail_token.example\n  id = \"my-org-name\"\n}\n");
    workspace
        .terraform(&["plan", "-no-color", "-generate-config-out=generated.tf"])
        .succeeds();
    let generated = workspace.read("generated.tf");
    assert!(generated.contains("my-org-name"), "{generated}");
    // From Terraform 1.14 on the provider generates the configuration, which names no date.
    let by_the_provider = host().has(Feature::Query);
    let names_a_date = generated.contains("expired_at       = \"")
        || generated.contains("expired_at          = \"");
    assert_eq!(names_a_date, !by_the_provider, "{generated}");
    workspace
        .plan()
        .exits(2)
        .prints("1 to import, 0 to add, 0 to change");
    workspace.apply().prints("1 imported, 0 added, 0 changed");
    assert_eq!(workspace.count("POST"), 0);
}

#[test]
fn a_module_imports_the_token_of_the_organization_that_it_gets() {
    if host::lacks(Feature::ImportInModules) {
        return;
    }
    let workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    let module = r#"
terraform {
  required_providers {
    tfe = { source = "terraform-provider-tfe/tfe" }
  }
}
variable "organization" {
  type = string
}
import {
  to = tfe_audit_trail_token.example
  id = var.organization
}
resource "tfe_audit_trail_token" "example" {
  organization = var.organization
}
"#;
    workspace.write("module/main.tf", module);
    let call = "module \"example\" {\n  source       = \"./module\"\n  organization = \"my-org-name\"\n}\n";
    workspace.configure(call);
    workspace.terraform(&["get", "-no-color"]).succeeds();
    workspace.apply().prints("1 imported, 0 added, 0 changed");
    assert_eq!(workspace.example(TOKEN)["token_id"], token.id);
    assert_eq!(workspace.count("POST") + workspace.count("DELETE"), 0);
}
