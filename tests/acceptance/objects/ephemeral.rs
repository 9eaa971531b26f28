//! The ephemeral resource that generates a token.
//!
//! How many tokens each command generates is tested with the guide about it, in `guides`.

use crate::workspace::Workspace;
use crate::workspace::checks::sha256;

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
