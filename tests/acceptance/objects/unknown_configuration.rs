//! A provider block whose token is known only at apply: the plan sends nothing, the apply is right.

use crate::host::{Product, host};
use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;
use crate::workspace::simulator::OWNER;

/// Returns a workspace in which a provider that guesses uses the account of another user.
fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TFE_TOKEN", "token-of-another-user");
    workspace
}

/// Returns a configuration whose provider block has a token from another resource.
fn with_unknown_token(objects: &str) -> String {
    format!(
        "resource \"terraform_data\" \"token\" {{\n  input = \"{OWNER}\"\n}}\n\
         provider \"tfe\" {{\n  token = terraform_data.token.output\n}}\n{objects}"
    )
}

/// Expects that the plan sends nothing and its apply creates the token, with an empty plan after it.
#[track_caller]
fn check(workspace: &Workspace, configuration: &str) {
    workspace.configure(configuration);
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let sent = workspace.simulator.requests();
    assert!(sent.is_empty(), "the plan sent {sent:?}");
    workspace
        .terraform(&["apply", "-no-color", "plan"])
        .succeeds();
    workspace.holds_the_live_secret();
    assert_eq!(workspace.count("POST"), 1);
    workspace.plan().exits(0);
    workspace.destroy();
    assert!(!workspace.has_a_token());
}

/// hashicorp/tfe sends the plan's requests to a guessed host with a guessed account (F14).
#[test]
fn a_resource_is_planned_with_a_token_from_another_resource() {
    check(&workspace(), &with_unknown_token(BASIC));
}

#[test]
fn a_resource_is_planned_with_a_token_from_an_ephemeral_resource() {
    let workspace = workspace();
    workspace.simulator.add_owner_token("secret of an owner");
    let configuration = r#"
resource "terraform_data" "later" {
  input = "an owner"
}
ephemeral "echo_secret" "later" {
  text = terraform_data.later.output
}
provider "tfe" {
  token = ephemeral.echo_secret.later.secret
}
"#;
    check(&workspace, &format!("{configuration}{BASIC}"));
}

#[test]
fn an_ephemeral_resource_is_opened_by_the_apply() {
    let workspace = workspace();
    workspace.configure(&with_unknown_token(
        r#"
ephemeral "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
resource "echo_value" "example" {
  value_wo = ephemeral.tfe_audit_trail_token.example.token
}
"#,
    ));
    let plan = workspace.plan();
    assert!(workspace.simulator.requests().is_empty());
    if host().product == Product::OpenTofu {
        // OpenTofu accepts no unknown value of an ephemeral resource.
        plan.fails()
            .prints("Provider Configuration Not Known Yet")
            .prints("-target");
        let target = "-target=terraform_data.token";
        workspace
            .terraform(&["apply", "-no-color", "-auto-approve", target])
            .succeeds();
    } else {
        plan.exits(2);
    }
    let before = workspace.count("POST");
    workspace.try_apply().succeeds();
    let openings = match host().product {
        Product::Terraform => 1,
        // The configuration is known by now, so that OpenTofu opens it in the plan as well.
        Product::OpenTofu => 2,
    };
    assert_eq!(workspace.count("POST") - before, openings);
}

#[test]
fn a_data_source_needs_depends_on() {
    let workspace = workspace();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let configuration = with_unknown_token(
        "data \"tfe_audit_trail_token\" \"example\" {\n  organization = \"my-org-name\"\n}\n",
    );
    workspace.configure(&configuration);
    workspace.plan().fails().prints("depends_on");
    assert!(workspace.simulator.requests().is_empty());

    let depending = configuration.replace(
        "\"my-org-name\"",
        "\"my-org-name\"\n  depends_on = [terraform_data.token]",
    );
    workspace.configure(&depending);
    workspace.apply();
}
