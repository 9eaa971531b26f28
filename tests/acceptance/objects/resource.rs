//! The managed resource: one life of it, and what depends on Terraform's order of changes.

use serde_json::Value;
use tfe_simulator::{Fault, Method};

use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};

fn with_expiry(expired_at: &str) -> String {
    BASIC.replace(
        "\"my-org-name\"",
        &format!("\"my-org-name\"\n  expired_at   = \"{expired_at}\""),
    )
}

#[test]
fn a_token_is_created_regenerated_in_place_and_revoked() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace
        .apply()
        .prints("Audit Trail Token expiration null values defaults to 24 months");
    workspace.holds_the_live_secret();
    let object = workspace.example(TOKEN);
    assert_eq!(object["id"], "my-org-name");
    assert_eq!(object["sealed_token"], Value::Null);
    let first = workspace.token_id();

    workspace.configure(&with_expiry("2051-04-11T23:15:59+02:00"));
    workspace.plan().exits(2).prints(&first);
    workspace.apply().prints("0 added, 1 changed, 0 destroyed");
    workspace.holds_the_live_secret();
    let second = workspace.token_id();
    assert_ne!(second, first);
    let expired_at = &workspace.example(TOKEN)["expired_at"];
    assert_eq!(expired_at, "2051-04-11T23:15:59+02:00");

    // The same instant in another spelling, and no date at all: neither is a change.
    for configuration in [&with_expiry("2051-04-11T21:15:59.000Z"), BASIC] {
        workspace.configure(configuration);
        workspace.plan().exits(0);
    }
    workspace.apply();
    assert_eq!(workspace.token_id(), second);

    workspace.destroy();
    assert!(!workspace.has_a_token());
}

#[test]
fn replacing_create_before_destroy_leaves_the_new_token() {
    let workspace = Workspace::new();
    workspace.configure(
        r#"
resource "tfe_audit_trail_token" "example" {
  organization     = "my-org-name"
  force_regenerate = true
  lifecycle { create_before_destroy = true }
}
"#,
    );
    workspace.apply();
    let before = workspace.token_id();
    workspace
        .terraform(&[
            "apply",
            "-no-color",
            "-auto-approve",
            "-replace=tfe_audit_trail_token.example",
        ])
        .succeeds();
    assert_ne!(workspace.token_id(), before);
    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
}

/// Terraform taints an object that comes with an error, and destroys and creates it in the next apply.
#[test]
fn a_token_whose_secret_is_lost_is_tainted_and_replaced() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    let lost = Fault::on(Method::POST, "authentication-token").always();
    workspace.simulator.inject(lost.after_change().status(502));
    workspace.try_apply().fails();
    let object = workspace.example(TOKEN);
    assert_eq!(object["status"], "secret_lost");
    assert_eq!(object["token"], Value::Null);

    workspace.simulator.clear_faults();
    workspace.apply().prints("1 added, 0 changed, 1 destroyed");
    workspace.holds_the_live_secret();
}
