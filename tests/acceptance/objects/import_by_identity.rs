//! Import by identity, and the identity that hosts keep beside the state.

use serde_json::{Value, json};

use crate::host::{self, Feature};
use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};

/// Returns an import block with this identity.
fn import(identity: &str) -> String {
    format!("import {{\n  to       = tfe_audit_trail_token.example\n  identity = {identity}\n}}\n")
}

fn instance(workspace: &Workspace) -> Value {
    workspace.state()["resources"][0]["instances"][0].clone()
}

fn identity_of_my_org_name() -> Value {
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
        workspace.apply().prints("1 imported, 0 added, 0 changed");
        assert_eq!(workspace.example(TOKEN)["token_id"], workspace.token_id());
        assert_eq!(instance(&workspace)["identity"], identity_of_my_org_name());
        assert_eq!(workspace.count("POST"), 0);
    }
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
    workspace.apply().prints("1 imported, 0 added, 0 changed");
}

/// An older host, or an older version of the provider, stores no identity.
#[test]
fn a_state_without_an_identity_gets_one_by_the_next_apply_and_keeps_it() {
    if host::lacks(Feature::ImportByIdentity) {
        return;
    }
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    assert_eq!(instance(&workspace)["identity"], identity_of_my_org_name());

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
    assert_eq!(instance(&workspace)["identity"], identity_of_my_org_name());

    workspace.configure(&BASIC.replace("}", "  regenerate_triggers = { a = \"1\" }\n}"));
    workspace.apply();
    assert_eq!(instance(&workspace)["identity"], identity_of_my_org_name());
    workspace.destroy();
}
