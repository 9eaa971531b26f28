//! Sealed tokens and their consumers: what Terraform's order of changes and `terraform test` make of
//! them.
//!
//! How the secret reaches a store, through rotations and failures, is tested with the guide about
//! it, in `guides`.

use std::time::Duration;

use serde_json::Value;

use crate::host::{self, Feature};
use crate::workspace::Workspace;
use crate::workspace::checks::{SEALING_KEY, TOKEN, sha256};

/// A sealed token and its consumer.
const SEALED: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization        = "my-org-name"
  expired_at          = "2051-04-11T23:15:59Z"
  seal_token          = true
  regenerate_triggers = { number = 1 }
}
ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
  organization = tfe_audit_trail_token.example.organization
  token_id     = tfe_audit_trail_token.example.token_id
}
resource "echo_value" "example" {
  plain            = "first"
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = tfe_audit_trail_token.example.secret_version
}
"#;

const SECOND_CONSUMER: &str = r#"
resource "echo_value" "second" {
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = 1
}
"#;

/// Returns a workspace in which the sealed token has reached its consumer.
fn applied() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TFE_SEALING_KEY", SEALING_KEY);
    workspace.configure(SEALED);
    workspace.apply();
    check_delivered(&workspace, "example");
    workspace
}

/// Expects that the consumer has the secret of the current token, and that no state has it.
#[track_caller]
fn check_delivered(workspace: &Workspace, consumer: &str) {
    let secret = workspace.token().secret;
    let received = workspace.object("echo_value", "managed", consumer);
    assert_eq!(received["received_sha256"], sha256(secret.expose()));
    assert_eq!(workspace.example(TOKEN)["token"], Value::Null);
    for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
        assert!(!workspace.read(state).contains(secret.expose()), "{state}");
    }
}

#[test]
fn a_change_of_the_consumer_alone_generates_no_token() {
    let workspace = applied();
    workspace.configure(&SEALED.replace("first", "second"));
    workspace.apply().prints("0 added, 1 changed, 0 destroyed");
    check_delivered(&workspace, "example");

    workspace.configure(&format!("{SEALED}{SECOND_CONSUMER}"));
    workspace
        .terraform(&[
            "apply",
            "-no-color",
            "-auto-approve",
            "-target=echo_value.second",
        ])
        .succeeds();
    check_delivered(&workspace, "second");
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn a_rotation_whose_consumer_fails_is_delivered_by_the_next_apply() {
    let workspace = applied();
    workspace.simulator.advance(Duration::from_secs(2));
    let rotated = SEALED.replace("number = 1", "number = 2");
    workspace.configure(&rotated.replace("plain  ", "script = \"update: error\"\n  plain  "));
    workspace.try_apply().fails().prints("Scripted Error");
    let generated = workspace.token_id();

    workspace.configure(&rotated);
    workspace.apply();
    assert_eq!(workspace.token_id(), generated);
    check_delivered(&workspace, "example");
}

/// `store` receives what is ephemeral, and writes it into the state: the page says not to.
#[test]
fn the_store_of_terraform_data_receives_each_secret_and_the_state_has_it_in_plain_text() {
    if host::lacks(Feature::StoreOfTerraformData) {
        return;
    }
    let mut workspace = Workspace::new();
    workspace.set("TFE_SEALING_KEY", SEALING_KEY);
    let (sealed, _) = SEALED.split_once("resource \"echo_value\"").unwrap();
    let store = r#"
resource "terraform_data" "example" {
  store {
    input     = ephemeral.tfe_unsealed_audit_trail_token.example.token
    version   = tfe_audit_trail_token.example.secret_version
    sensitive = true
  }
}
"#;
    let configuration = format!("{sealed}{store}");
    for number in ["number = 1", "number = 2"] {
        workspace.configure(&configuration.replace("number = 1", number));
        workspace.apply();
        let object = workspace.example("terraform_data");
        let secret = workspace.token().secret;
        let stored = &object["store"]["sensitive_output"]["value"];
        assert_eq!(stored, secret.expose());
    }
    assert_eq!(workspace.count("POST"), 2);
}

#[test]
fn terraform_test_applies_and_destroys_a_sealed_token() {
    let mut workspace = Workspace::new();
    workspace.set("TFE_SEALING_KEY", SEALING_KEY);
    workspace.write(
        "token.tftest.hcl",
        r#"
run "delivers" {
  assert {
    condition     = echo_value.example.received_sha256 != null
    error_message = "Nothing was delivered."
  }
}
run "stays" {
  command = plan
  variables {
    delivered = run.delivers.token_id
  }
  assert {
    condition     = tfe_audit_trail_token.example.token_id == var.delivered
    error_message = "Another token is planned."
  }
}
"#,
    );
    let output = "output \"token_id\" {\n  value = tfe_audit_trail_token.example.token_id\n}\n";
    let variable = "variable \"delivered\" {\n  default = \"\"\n}\n";
    workspace.configure(&format!("{SEALED}{output}{variable}"));
    workspace
        .terraform(&["test", "-no-color"])
        .succeeds()
        .prints("2 passed, 0 failed");
    assert!(!workspace.has_a_token());
}
