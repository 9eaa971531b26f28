//! The ephemeral resource that generates a token.
//!
//! How many tokens each command generates is tested with the guide about it, in `guides`.

use std::time::Duration;

use crate::workspace::Workspace;
use crate::workspace::checks::{SEALING_KEY, sha256};

/// Passes the secret to a consumer, which keeps its SHA-256.
const CONSUMED: &str = r#"
ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2100-01-01T00:00:00Z"
}
resource "echo_value" "example" {
  value_wo         = ephemeral.tfe_audit_trail_token.example.token
  value_wo_version = 1
}
"#;

/// Conformance: 66.
#[test]
fn the_secret_reaches_its_consumer_and_neither_plan_nor_state() {
    let workspace = Workspace::new();
    workspace.configure(CONSUMED);
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let planned = workspace.token();
    let plan = workspace
        .terraform(&["show", "-json", "plan"])
        .succeeds()
        .stdout;
    workspace
        .terraform(&["apply", "-no-color", "plan"])
        .succeeds();

    let applied = workspace.token();
    let received = &workspace.example("echo_value")["received_sha256"];
    assert_eq!(*received, sha256(applied.secret.expose()));
    let state = workspace.read("terraform.tfstate");
    for secret in [planned.secret, applied.secret] {
        assert!(!plan.contains(secret.expose()));
        assert!(!state.contains(secret.expose()));
    }
}

/// A sealed token, and an ephemeral resource for the same organization, which is opened after it.
const BESIDE_MANAGED: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2099-01-01T00:00:00Z"
  seal_token   = true
}
ephemeral "tfe_audit_trail_token" "example" {
  organization = tfe_audit_trail_token.example.organization
}
"#;

/// Returns a workspace that has applied the sealed token alone.
fn managed() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TFE_SEALING_KEY", SEALING_KEY);
    let (managed, _) = BESIDE_MANAGED.split_once("ephemeral").unwrap();
    workspace.configure(managed);
    workspace.apply();
    workspace
}

#[test]
fn a_token_that_the_same_configuration_manages_is_not_invalidated() {
    let workspace = managed();
    let token = workspace.token_id();

    // Even if nobody has used it.
    workspace
        .simulator
        .advance(Duration::from_secs(20 * 24 * 60 * 60));
    workspace.configure(BESIDE_MANAGED);
    workspace
        .plan()
        .fails()
        .prints("The Audit Trail Token Is in Use")
        .prints("An object of this configuration manages it");
    assert_eq!(workspace.token_id(), token);
}

#[test]
fn a_token_that_was_just_delivered_survives_the_plan_of_another_folder() {
    let workspace = managed();
    let token = workspace.token_id();

    workspace.simulator.advance(Duration::from_secs(80));
    let other = Workspace::beside(workspace.simulator.clone());
    other.configure(CONSUMED);
    other
        .plan()
        .fails()
        .prints("The Audit Trail Token Is in Use");
    assert_eq!(workspace.token_id(), token);
}

/// A token that was used yesterday and has expired since.
fn expire(workspace: &Workspace) {
    let simulator = &workspace.simulator;
    let now = simulator.now();
    simulator.set_clock(now - Duration::from_secs(24 * 60 * 60));
    let expiry = now - Duration::from_secs(10 * 60);
    simulator.regenerate_elsewhere_until("my-org-name", expiry);
    simulator.use_token("my-org-name", simulator.now());
    simulator.set_clock(now);
}

#[test]
fn a_dead_token_is_in_nobodys_way() {
    let (managed, _) = BESIDE_MANAGED.split_once("ephemeral").unwrap();
    for configuration in [CONSUMED, managed] {
        let mut workspace = Workspace::new();
        workspace.set("TFE_SEALING_KEY", SEALING_KEY);
        workspace.configure(configuration);
        expire(&workspace);
        let before = workspace.token_id();
        workspace
            .try_apply()
            .succeeds()
            .does_not_print("Already Exists")
            .does_not_print(&before);
        assert_ne!(workspace.token_id(), before);
    }
}
