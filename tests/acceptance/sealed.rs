//! Sealed tokens: the secret reaches its consumer, whatever fails on the way, and never the state.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use serde_json::Value;
use tfe_simulator::Token;

use crate::host::{Product, host};
use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";
const KEY: &str = "YWNjZXB0YW5jZSB0ZXN0cywga2V5IG51bWJlciBvbmU=";
const OTHER_KEY: &str = "YWNjZXB0YW5jZSB0ZXN0cywga2V5IG51bWJlciB0d28=";

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
}
resource "echo_value" "example" {
  plain            = "first"
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = parseint(formatdate("YYYYMMDDhhmmss", tfe_audit_trail_token.example.created_at), 10)
}
"#;

const SECOND_CONSUMER: &str = r#"
resource "echo_value" "second" {
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = 1
}
"#;

/// The SHA-256 of a text, as the consumer keeps it.
pub(crate) fn sha256(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TFE_SEALING_KEY", KEY);
    workspace.configure(SEALED);
    workspace
}

fn token(workspace: &Workspace) -> Token {
    workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap()
}

/// The consumer has the secret of the current token, and the state has not.
#[track_caller]
fn check_delivered(workspace: &Workspace, consumer: &str) {
    let secret = token(workspace).secret;
    let received = workspace.object("echo_value", "managed", consumer);
    assert_eq!(received["received_sha256"], sha256(secret.expose()));
    assert_eq!(workspace.example(TOKEN)["token"], Value::Null);
    for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
        assert!(!workspace.read(state).contains(secret.expose()), "{state}");
    }
}

#[test]
fn the_first_apply_delivers() {
    let workspace = workspace();
    workspace.apply();
    check_delivered(&workspace, "example");
    let object = workspace.example(TOKEN);
    let sealed = object["sealed_token"].as_str().unwrap();
    assert!(sealed.starts_with("tfe-sealed:v1:"), "{sealed}");
    assert_eq!(object["token_id"], token(&workspace).id);

    workspace.apply().says("0 added, 0 changed, 0 destroyed");
    assert_eq!(workspace.count("POST"), 1);
    workspace.destroy();
}

#[test]
fn a_saved_plan_does_not_hold_the_secret() {
    let workspace = workspace();
    workspace.apply();
    let rotated = SEALED.replace("number = 1", "number = 2");
    workspace.configure(&rotated);
    workspace
        .simulator
        .advance(std::time::Duration::from_secs(2));
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let before = token(&workspace).secret;
    let plan = workspace
        .terraform(&["show", "-json", "plan"])
        .succeeds()
        .stdout;
    assert!(!plan.contains(before.expose()));
    workspace
        .terraform(&["apply", "-no-color", "plan"])
        .succeeds();
    check_delivered(&workspace, "example");
}

#[test]
fn only_an_ordinary_argument_of_the_consumer_changes() {
    let workspace = workspace();
    workspace.apply();
    workspace.configure(&SEALED.replace("first", "second"));
    workspace.apply().says("0 added, 1 changed, 0 destroyed");
    check_delivered(&workspace, "example");
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn a_rotation_delivers_the_new_secret() {
    let workspace = workspace();
    workspace.apply();
    let before = token(&workspace).id;
    workspace
        .simulator
        .advance(std::time::Duration::from_secs(2));
    workspace.configure(&SEALED.replace("number = 1", "number = 2"));
    workspace.apply().says("0 added, 2 changed, 0 destroyed");
    assert_ne!(token(&workspace).id, before);
    check_delivered(&workspace, "example");
}

/// A secret that is generated once and kept nowhere would be lost here.
#[test]
fn the_consumer_fails_and_the_next_apply_mends_it() {
    let workspace = workspace();
    let failing = SEALED.replace("plain  ", "script = \"create: error\"\n  plain  ");
    assert_ne!(failing, SEALED);
    workspace.configure(&failing);
    workspace.try_apply().fails().says("Scripted Error");
    let generated = token(&workspace).id;

    workspace.configure(SEALED);
    workspace.apply();
    assert_eq!(token(&workspace).id, generated);
    check_delivered(&workspace, "example");
}

#[test]
fn a_rotation_whose_consumer_fails_is_mended_by_the_next_apply() {
    let workspace = workspace();
    workspace.apply();
    workspace
        .simulator
        .advance(std::time::Duration::from_secs(2));
    let rotated = SEALED.replace("number = 1", "number = 2");
    workspace.configure(&rotated.replace("plain  ", "script = \"update: error\"\n  plain  "));
    workspace.try_apply().fails().says("Scripted Error");
    let generated = token(&workspace).id;

    workspace.configure(&rotated);
    workspace.apply();
    assert_eq!(token(&workspace).id, generated);
    check_delivered(&workspace, "example");
}

#[test]
fn a_second_consumer_is_added() {
    let workspace = workspace();
    workspace.apply();
    workspace.configure(&format!("{SEALED}{SECOND_CONSUMER}"));
    workspace.apply().says("1 added, 0 changed, 0 destroyed");
    check_delivered(&workspace, "example");
    check_delivered(&workspace, "second");
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn a_lost_key_is_told_and_a_changed_trigger_helps() {
    let mut workspace = workspace();
    workspace.apply();
    let before = workspace.read("terraform.tfstate");
    workspace.set("TFE_SEALING_KEY", OTHER_KEY);
    workspace
        .plan()
        .fails()
        .says("regenerate_triggers")
        .says("-refresh=false")
        .does_not_say(OTHER_KEY);
    assert_eq!(workspace.read("terraform.tfstate"), before);

    workspace
        .simulator
        .advance(std::time::Duration::from_secs(2));
    workspace.configure(&SEALED.replace("number = 1", "number = 2"));
    workspace.apply();
    check_delivered(&workspace, "example");
}

#[test]
fn a_lost_key_does_not_keep_anything_from_being_destroyed() {
    let mut workspace = workspace();
    workspace.apply();
    workspace.set("TFE_SEALING_KEY", OTHER_KEY);
    workspace
        .terraform(&["destroy", "-no-color", "-auto-approve", "-refresh=false"])
        .succeeds();
    assert!(
        workspace
            .simulator
            .audit_trail_token("my-org-name")
            .is_none()
    );
}

#[test]
fn without_a_key_nothing_is_generated() {
    let mut workspace = workspace();
    workspace.unset("TFE_SEALING_KEY");
    workspace.plan().fails().says("sealing_key");
    workspace.try_apply().fails();
    assert_eq!(workspace.count("POST"), 0);
}

#[test]
fn switching_moves_the_secret_and_keeps_the_token() {
    let workspace = workspace();
    workspace.apply();
    let plain = r#"
resource "tfe_audit_trail_token" "example" {
  organization        = "my-org-name"
  expired_at          = "2051-04-11T23:15:59Z"
  regenerate_triggers = { number = 1 }
}
"#;
    workspace.configure(plain);
    workspace.apply();
    let object = workspace.example(TOKEN);
    assert_eq!(object["token"], token(&workspace).secret.expose());
    assert_eq!(object["sealed_token"], Value::Null);

    workspace.configure(SEALED);
    workspace.apply();
    check_delivered_after_switch(&workspace);
    assert_eq!(workspace.count("POST"), 1);
}

/// Terraform's backup of the state still holds what the state held before.
#[track_caller]
fn check_delivered_after_switch(workspace: &Workspace) {
    let secret = token(workspace).secret;
    let consumer = workspace.example("echo_value");
    assert_eq!(consumer["received_sha256"], sha256(secret.expose()));
    let state = workspace.read("terraform.tfstate");
    assert!(!state.contains(secret.expose()));
}

#[test]
fn an_imported_token_has_nothing_to_unseal_until_it_is_regenerated() {
    let workspace = workspace();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let import = "import {\n  to = tfe_audit_trail_token.example\n  id = \"my-org-name\"\n}\n";

    let adopted = SEALED.replace("  expired_at          = \"2051-04-11T23:15:59Z\"\n", "");
    workspace.configure(&format!("{import}{adopted}"));
    // OpenTofu opens it when what it depends on has been changed.
    let run = match host().product {
        Product::Terraform => workspace.plan(),
        Product::OpenTofu => workspace.try_apply(),
    };
    run.fails()
        .says("force_regenerate = true")
        .does_not_say("is required");

    workspace
        .simulator
        .advance(std::time::Duration::from_secs(2));
    let owned = adopted.replace("seal_token ", "force_regenerate = true\n  seal_token ");
    workspace.configure(&format!("{import}{owned}"));
    workspace.apply();
    check_delivered(&workspace, "example");
}

#[test]
fn only_the_consumer_is_targeted() {
    let workspace = workspace();
    workspace.apply();
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
fn terraform_test_applies_and_cleans_up() {
    let workspace = workspace();
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
        .says("2 passed, 0 failed");
    assert!(
        workspace
            .simulator
            .audit_trail_token("my-org-name")
            .is_none()
    );
}
