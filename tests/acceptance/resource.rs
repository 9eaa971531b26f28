//! The managed resource: what hashicorp/tfe's own acceptance tests ask, and what must hold beyond.

use chrono::Utc;
use serde_json::Value;

use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

const TWO_OF_ONE_ORGANIZATION: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
resource "tfe_audit_trail_token" "error" {
  organization = "my-org-name"
  depends_on   = [tfe_audit_trail_token.example]
}
"#;

fn with_expiry(expired_at: &str) -> String {
    format!(
        r#"
resource "tfe_audit_trail_token" "example" {{
  organization = "my-org-name"
  expired_at   = "{expired_at}"
}}
"#
    )
}

#[test]
fn basic() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace
        .apply()
        .says("Audit Trail Token expiration null values defaults to 24 months");

    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let object = workspace.example(TOKEN);
    assert_eq!(object["organization"], "my-org-name");
    assert_eq!(object["id"], "my-org-name");
    assert_eq!(object["token"], token.secret.expose());
    assert_eq!(object["token_id"], token.id.as_str());
    assert_eq!(object["status"], "current");
    assert_eq!(object["sealed_token"], Value::Null);

    workspace.destroy();
    assert!(
        workspace
            .simulator
            .audit_trail_token("my-org-name")
            .is_none()
    );
}

#[test]
fn exists_without_force() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.example(TOKEN);

    workspace.configure(TWO_OF_ONE_ORGANIZATION);
    workspace.try_apply().fails().says("token already exists");
    assert_eq!(workspace.example(TOKEN), before);
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn exists_with_force() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.current_id();

    let forced =
        TWO_OF_ONE_ORGANIZATION.replace("depends_on", "force_regenerate = true\n  depends_on");
    workspace.configure(&forced);
    workspace.try_apply().succeeds();
    assert_ne!(workspace.current_id(), before);

    // The first resource has lost its token to the second: it is not silently taken back.
    workspace.plan().exits(2).says(&before);
    let second = workspace.object(TOKEN, "managed", "error");
    assert_eq!(second["organization"], "my-org-name");
    workspace.try_apply().fails().says(&before);
    assert_eq!(second["token_id"], workspace.current_id());
}

#[test]
fn with_valid_expiry() {
    let workspace = Workspace::new();
    workspace.configure(&with_expiry("2051-04-11T23:15:59Z"));
    workspace.apply();
    let expired_at = &workspace.example(TOKEN)["expired_at"];
    assert_eq!(expired_at, "2051-04-11T23:15:59Z");
}

#[test]
fn with_invalid_expiry() {
    let workspace = Workspace::new();
    workspace.configure(&with_expiry("2000-04-11"));
    for run in [workspace.validate(), workspace.try_apply()] {
        run.fails().says("Invalid RFC3339 String Value");
    }
    assert!(workspace.simulator.requests().is_empty());
}

#[test]
fn with_blank_expiry() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let object = workspace.example(TOKEN);
    let expired_at = object["expired_at"].as_str().unwrap();
    let years = chrono::DateTime::parse_from_rfc3339(expired_at)
        .unwrap()
        .signed_duration_since(Utc::now())
        .num_days();
    assert!((729..=731).contains(&years), "{expired_at}");
}

#[test]
fn with_past_expiry() {
    let workspace = Workspace::new();
    workspace.configure(&with_expiry("2000-04-11T23:15:59Z"));
    workspace.plan().fails().says("expired_at");
    workspace.try_apply().fails();
    assert_eq!(workspace.count("POST"), 0);
}

/// hashicorp/tfe replaces such a token at every apply (F12).
#[test]
fn an_expiry_with_an_offset_stays_as_it_is_written() {
    let workspace = Workspace::new();
    workspace.configure(&with_expiry("2051-04-11T23:15:59+02:00"));
    workspace.apply();
    let expired_at = &workspace.example(TOKEN)["expired_at"];
    assert_eq!(expired_at, "2051-04-11T23:15:59+02:00");

    // The same instant, spelled otherwise.
    workspace.configure(&with_expiry("2051-04-11T21:15:59.000Z"));
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn another_expiry_regenerates_in_place_by_one_request() {
    let workspace = Workspace::new();
    workspace.configure(&with_expiry("2051-04-11T23:15:59Z"));
    workspace.apply();
    let before = workspace.current_id();

    workspace.configure(&with_expiry("2052-04-11T23:15:59Z"));
    workspace.plan().exits(2).says(&before);
    workspace.apply().says("0 added, 1 changed, 0 destroyed");
    assert_ne!(workspace.current_id(), before);
    assert_eq!(workspace.example(TOKEN)["token_id"], workspace.current_id());
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (2, 0));

    // Removing the date keeps the token.
    workspace.configure(BASIC);
    workspace.plan().exits(0);
}

#[test]
fn a_changed_trigger_regenerates_but_a_first_one_does_not() {
    let workspace = Workspace::new();
    let with_trigger = |value: &str| {
        BASIC.replace(
            "\"my-org-name\"",
            &format!("\"my-org-name\"\n  regenerate_triggers = {{ incident = \"{value}\" }}"),
        )
    };
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.current_id();

    workspace.configure(&with_trigger("1"));
    workspace.apply();
    assert_eq!(workspace.current_id(), before);

    workspace.configure(&with_trigger("2"));
    workspace.apply().says("0 added, 1 changed, 0 destroyed");
    assert_ne!(workspace.current_id(), before);

    let regenerated = workspace.current_id();
    workspace.configure(BASIC);
    workspace.apply();
    assert_eq!(workspace.current_id(), regenerated);
}

/// hashicorp/tfe does not notice (F7).
#[test]
fn a_token_replaced_elsewhere_is_told_and_not_taken_back_without_force() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.current_id();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;

    workspace.plan().exits(2).says(&before).says(&other);
    workspace.try_apply().fails().says(&other);
    assert_eq!(workspace.current_id(), other);
    assert_eq!(workspace.example(TOKEN)["token_id"], before);

    workspace.configure(&BASIC.replace(
        "\"my-org-name\"",
        "\"my-org-name\"\n  force_regenerate = true",
    ));
    workspace.apply();
    assert_eq!(workspace.example(TOKEN)["token_id"], workspace.current_id());
    assert_ne!(workspace.current_id(), other);
}

#[test]
fn a_token_revoked_elsewhere_is_created_anew() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    workspace.simulator.revoke_elsewhere("my-org-name");
    workspace
        .plan()
        .exits(2)
        .says("1 to add, 0 to change, 0 to destroy");
    workspace.apply();
    assert_eq!(workspace.example(TOKEN)["token_id"], workspace.current_id());
}

/// hashicorp/tfe drops the state, and the secret with it (F8).
#[test]
fn a_lost_permission_keeps_the_state() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.read("terraform.tfstate");
    workspace.simulator.hide_organization("my-org-name");
    workspace.plan().fails().says("my-org-name");
    workspace.try_apply().fails();
    assert_eq!(workspace.read("terraform.tfstate"), before);

    workspace.simulator.show_organization("my-org-name");
    workspace.plan().exits(0);
}

/// hashicorp/tfe deletes the successor (F4).
#[test]
fn destroying_leaves_a_token_that_somebody_else_has_made() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.destroy();
    assert_eq!(workspace.current_id(), other);
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
    let before = workspace.current_id();
    workspace
        .terraform(&[
            "apply",
            "-no-color",
            "-auto-approve",
            "-replace=tfe_audit_trail_token.example",
        ])
        .succeeds();
    assert_ne!(workspace.current_id(), before);
    assert_eq!(workspace.example(TOKEN)["token_id"], workspace.current_id());
    workspace.plan().exits(0);
}

#[test]
fn the_organization_comes_from_the_provider_and_another_one_replaces() {
    let workspace = Workspace::new();
    workspace.simulator.add_organization("other-org");
    let of = |organization: &str| {
        format!(
            "provider \"tfe\" {{\n  organization = \"{organization}\"\n}}\n\
             resource \"tfe_audit_trail_token\" \"example\" {{}}\n"
        )
    };
    workspace.configure(&of("my-org-name"));
    workspace.apply();
    assert_eq!(workspace.example(TOKEN)["id"], "my-org-name");

    workspace.configure(&of("other-org"));
    workspace.apply().says("1 added, 0 changed, 1 destroyed");
    assert_eq!(workspace.example(TOKEN)["id"], "other-org");
    assert!(
        workspace
            .simulator
            .audit_trail_token("my-org-name")
            .is_none()
    );
}

#[test]
fn without_an_organization_anywhere_the_plan_fails() {
    let workspace = Workspace::new();
    workspace.configure("resource \"tfe_audit_trail_token\" \"example\" {}\n");
    workspace
        .plan()
        .fails()
        .says("No organization was specified");
}

/// The same address with another source keeps everything.
///
/// Conformance: 60.
#[test]
fn the_state_of_another_source_address_is_read_as_it_is() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.write(
        "providers.tf",
        "terraform {\n  required_providers {\n    tfe = { source = \"hashicorp/tfe\" }\n  }\n}\n",
    );
    workspace.apply();
    let before = workspace.example(TOKEN);

    workspace.configure(BASIC);
    workspace.apply();
    assert_eq!(workspace.example(TOKEN), before);
    assert_eq!(workspace.count("POST"), 1);
}
