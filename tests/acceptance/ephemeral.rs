//! The ephemeral resource that generates a token.

use chrono::{DateTime, Duration, Utc};

use crate::sealed::sha256;
use crate::workspace::Workspace;

/// Hands one attribute of the ephemeral resource to a consumer, which keeps its SHA-256.
fn consumed(arguments: &str, attribute: &str) -> String {
    format!(
        r#"
ephemeral "tfe_audit_trail_token" "example" {{
  organization = "my-org-name"
  {arguments}
}}
resource "echo_value" "example" {{
  value_wo         = ephemeral.tfe_audit_trail_token.example.{attribute}
  value_wo_version = 1
}}
"#
    )
}

fn received(workspace: &Workspace) -> String {
    let object = workspace.example("echo_value");
    object["received_sha256"].as_str().unwrap().to_owned()
}

#[test]
fn basic() {
    let workspace = Workspace::new();
    workspace.configure(&consumed("", "organization"));
    workspace.try_apply().succeeds();
    assert_eq!(received(&workspace), sha256("my-org-name"));
}

#[test]
fn expired_at() {
    let workspace = Workspace::new();
    let date = "2100-01-01T00:00:00Z";
    workspace.configure(&consumed(&format!("expired_at = \"{date}\""), "expired_at"));
    workspace.try_apply().succeeds();
    assert_eq!(received(&workspace), sha256(date));
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let expected: DateTime<Utc> = date.parse().unwrap();
    assert_eq!(token.expired_at, Some(expected));
}

/// Conformance: 66.
#[test]
fn the_secret_reaches_its_consumer_and_neither_plan_nor_state() {
    let workspace = Workspace::new();
    workspace.configure(&consumed("", "token"));
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let planned = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let plan = workspace
        .terraform(&["show", "-json", "plan"])
        .succeeds()
        .stdout;
    workspace
        .terraform(&["apply", "-no-color", "plan"])
        .succeeds();

    let applied = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    assert_eq!(received(&workspace), sha256(applied.secret.expose()));
    for secret in [planned.secret, applied.secret] {
        assert!(!plan.contains(secret.expose()));
        assert!(
            !workspace
                .read("terraform.tfstate")
                .contains(secret.expose())
        );
    }
}

/// Opened in every plan, upstream's killed the token in use (upstream issue 1721).
#[test]
fn a_token_in_use_is_not_killed() {
    let workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    let now = workspace.simulator.now();
    workspace
        .simulator
        .use_token("my-org-name", now - Duration::days(13));
    workspace.configure(&consumed("", "token"));
    for run in [workspace.plan(), workspace.try_apply()] {
        run.fails().says(&token.id).says("force_regenerate");
    }
    assert_eq!(workspace.current_id(), token.id);

    workspace.configure(&consumed("force_regenerate = true", "token"));
    workspace.try_apply().succeeds().says(&token.id);
    assert_ne!(workspace.current_id(), token.id);
}

#[test]
fn a_token_that_is_not_in_use_is_replaced_with_a_warning() {
    let workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.configure(&consumed("", "token"));
    workspace.plan().exits(2).says(&token.id);
    assert_ne!(workspace.current_id(), token.id);
}

#[test]
fn an_argument_that_is_not_known_before_apply_keeps_plans_from_generating() {
    let workspace = Workspace::new();
    let expiry = "expired_at = timeadd(timestamp(), \"720h\")";
    workspace.configure(&consumed(expiry, "token"));
    workspace.plan().exits(2);
    assert_eq!(workspace.count("POST"), 0);
    workspace.try_apply().succeeds();
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn what_can_be_known_before_fails_before_anything_is_generated() {
    let workspace = Workspace::new();
    for expired_at in ["2000-04-11T00:00:00Z", "2000-04-11", "soon"] {
        let expiry = format!("expired_at = \"{expired_at}\"");
        workspace.configure(&consumed(&expiry, "token"));
        workspace.plan().fails().says("expired_at");
    }
    workspace.configure("ephemeral \"tfe_audit_trail_token\" \"example\" {}\n");
    workspace
        .plan()
        .fails()
        .says("No organization was specified");
    assert_eq!(workspace.count("POST"), 0);
}
