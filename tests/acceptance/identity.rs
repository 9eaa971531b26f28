//! The identity that hosts keep beside the state, and import by it.

use serde_json::{Value, json};

use crate::host::{self, Feature};
use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// An import block with this identity.
fn import(identity: &str) -> String {
    format!("import {{\n  to       = tfe_audit_trail_token.example\n  identity = {identity}\n}}\n")
}

fn instance(workspace: &Workspace) -> Value {
    workspace.state()["resources"][0]["instances"][0].clone()
}

fn ours() -> Value {
    json!({ "hostname": "app.terraform.io", "organization": "my-org-name" })
}

#[test]
fn a_token_is_imported_by_its_identity() {
    if host::lacks(Feature::ImportByIdentity) {
        return;
    }
    for identity in [
        "{ organization = \"my-org-name\" }",
        "{ organization = \"my-org-name\", hostname = \"App.Terraform.io\" }",
    ] {
        let workspace = Workspace::new();
        workspace.simulator.regenerate_elsewhere("my-org-name");
        workspace.configure(&format!("{}{BASIC}", import(identity)));
        workspace.apply().says("1 imported, 0 added, 0 changed");
        assert_eq!(workspace.example(TOKEN)["token_id"], workspace.current_id());
        assert_eq!(instance(&workspace)["identity"], ours());
        assert_eq!(workspace.count("POST"), 0);
    }
}

#[test]
fn an_organization_of_another_host_is_refused() {
    if host::lacks(Feature::ImportByIdentity) {
        return;
    }
    let workspace = Workspace::new();
    let identity = "{ organization = \"my-org-name\", hostname = \"app.eu.terraform.io\" }";
    workspace.configure(&format!("{}{BASIC}", import(identity)));
    let run = workspace.plan().exits(1);
    run.says("app.eu.terraform.io").says("app.terraform.io");
    assert_eq!(workspace.count("GET"), 0);
}

#[test]
fn a_configuration_is_generated_for_an_import_by_identity() {
    if host::lacks(Feature::ImportByIdentity) {
        return;
    }
    let workspace = Workspace::new();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.configure(&import("{ organization = \"my-org-name\" }"));
    workspace
        .terraform(&["plan", "-no-color", "-generate-config-out=generated.tf"])
        .succeeds();
    workspace.apply().says("1 imported, 0 added, 0 changed");
}

/// A state of an older host, or of a version before identities.
#[test]
fn it_is_filled_in_by_the_first_apply_and_stays() {
    if host::lacks(Feature::ImportByIdentity) {
        return;
    }
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    assert_eq!(instance(&workspace)["identity"], ours());

    let mut state = workspace.state();
    let before = state["resources"][0]["instances"][0]
        .as_object_mut()
        .unwrap();
    before.remove("identity");
    before.remove("identity_schema_version");
    workspace.write("terraform.tfstate", &state.to_string());
    workspace.plan().exits(0);
    workspace
        .terraform(&["apply", "-no-color", "-auto-approve", "-refresh-only"])
        .succeeds();
    assert_eq!(instance(&workspace)["identity"], ours());

    workspace.configure(&BASIC.replace("}", "  regenerate_triggers = { a = \"1\" }\n}"));
    workspace.apply();
    assert_eq!(instance(&workspace)["identity"], ours());
    workspace.destroy();
}
