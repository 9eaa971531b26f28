//! `lifecycle { destroy = false }`: Terraform takes the object out of the state and does not call the provider.

use serde_json::Value;

use crate::host::{self, Feature, host};
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;

const KEPT: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization        = "my-org-name"
  regenerate_triggers = { incident = "none" }
  lifecycle {
    destroy = false
  }
}
"#;

/// Returns a workspace that manages a token which no `terraform destroy` deletes.
fn applied() -> Workspace {
    let workspace = Workspace::new();
    workspace.configure(KEPT);
    workspace.apply();
    workspace
}

#[test]
fn destroying_everything_leaves_the_token_alive() {
    if host::lacks(Feature::DestroyFalse) {
        return;
    }
    let workspace = applied();
    let id = workspace.token_id();
    let run = workspace.terraform(&["destroy", "-no-color", "-auto-approve"]);
    run.exits(i32::from(host().fails_to_destroy_what_it_forgets()));
    assert_eq!(workspace.example(TOKEN), Value::Null);
    assert_eq!(workspace.token_id(), id);
    assert_eq!(workspace.count("DELETE"), 0);
}

#[test]
fn a_changed_trigger_regenerates_in_place() {
    if host::lacks(Feature::DestroyFalse) {
        return;
    }
    let workspace = applied();
    let id = workspace.token_id();
    workspace.configure(&KEPT.replace("none", "laptop lost"));
    workspace.apply().prints("0 added, 1 changed, 0 destroyed");
    assert_ne!(workspace.token_id(), id);
    workspace.holds_the_live_secret();
}

/// The token of the former organization stays alive, as the lifecycle says.
#[test]
fn another_organization_leaves_the_former_token_alive() {
    if host::lacks(Feature::DestroyFalse) {
        return;
    }
    let workspace = applied();
    let id = workspace.token_id();
    workspace.simulator.add_organization("other-org-name");
    workspace.configure(&KEPT.replace("my-org-name", "other-org-name"));
    workspace.apply();
    assert_eq!(workspace.token_id(), id);
    let other = workspace.simulator.audit_trail_token("other-org-name");
    assert_eq!(workspace.example(TOKEN)["token_id"], other.unwrap().id);
}

/// Terraform takes the object out of the state before it creates the new one, which is refused. The provider cannot see
/// the lifecycle, so the error says where the secret is.
#[test]
fn a_replacement_is_refused_and_the_error_names_the_backup_of_the_state() {
    if host::lacks(Feature::DestroyFalse) {
        return;
    }
    let workspace = applied();
    let token = workspace.token();
    let replace = format!("-replace={TOKEN}.example");
    workspace
        .terraform(&["apply", "-no-color", "-auto-approve", &replace])
        .fails()
        .prints("An audit trail token already exists")
        .prints("destroy = false")
        .prints("backup");
    assert_eq!(workspace.token_id(), token.id);

    let backup = workspace.read("terraform.tfstate.backup");
    assert!(backup.contains(token.secret.expose()));
    workspace.write("terraform.tfstate", &backup);
    workspace.plan().exits(0);
    workspace.holds_the_live_secret();
}
