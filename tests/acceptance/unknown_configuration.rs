//! Provider blocks that are not known at plan: nothing is sent, and the apply is right.

use crate::service::OWNER;
use crate::workspace::Workspace;

const TOKEN: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// A value that only the apply knows.
fn later(value: &str) -> String {
    format!("resource \"terraform_data\" \"later\" {{\n  input = {value:?}\n}}\n")
}

/// The plan works and asks nobody; the apply makes the token, and nothing is left to do.
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
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token_id"], workspace.current_id());
    assert_eq!(workspace.count("POST"), 1);
    workspace.plan().exits(0);
    workspace.destroy();
    let token = workspace.simulator.audit_trail_token("my-org-name");
    assert!(token.is_none(), "the destroyed token lives");
}

#[test]
fn a_token_from_another_resource() {
    let mut workspace = Workspace::new();
    // A guessed account would be this one.
    workspace.set("TFE_TOKEN", "token-of-somebody-else");
    let provider = "provider \"tfe\" {\n  token = terraform_data.later.output\n}\n";
    check(&workspace, &format!("{}{provider}{TOKEN}", later(OWNER)));
}

#[test]
fn a_hostname_from_another_resource() {
    let mut workspace = Workspace::new();
    // A guessed host would be this one, and fail.
    workspace.set("TFE_HOSTNAME", "guessed.example.com");
    let provider = "provider \"tfe\" {\n  hostname = terraform_data.later.output\n}\n";
    check(
        &workspace,
        &format!("{}{provider}{TOKEN}", later("app.terraform.io")),
    );
}

#[test]
fn a_certificate_check_from_another_resource() {
    let workspace = Workspace::new();
    let provider =
        "provider \"tfe\" {\n  ssl_skip_verify = terraform_data.later.output == \"x\"\n}\n";
    check(&workspace, &format!("{}{provider}{TOKEN}", later("y")));
}

#[test]
fn a_token_from_an_ephemeral_resource_of_another_provider() {
    let mut workspace = Workspace::new();
    workspace.set("TFE_TOKEN", "token-of-somebody-else");
    workspace.simulator.add_owner_token("secret of an owner");
    let configuration = r#"
ephemeral "echo_secret" "later" {
  text = terraform_data.later.output
}
provider "tfe" {
  token = ephemeral.echo_secret.later.secret
}
"#;
    check(
        &workspace,
        &format!("{}{configuration}{TOKEN}", later("an owner")),
    );
}

#[test]
fn an_organization_from_another_resource() {
    let workspace = Workspace::new();
    let provider = "provider \"tfe\" {\n  organization = terraform_data.later.output\n}\n";
    let resource = "resource \"tfe_audit_trail_token\" \"example\" {}\n";
    check(
        &workspace,
        &format!("{}{provider}{resource}", later("my-org-name")),
    );
}

#[test]
fn the_resources_own_organization_from_another_resource() {
    let workspace = Workspace::new();
    let resource = "resource \"tfe_audit_trail_token\" \"example\" {\n  \
                    organization = terraform_data.later.output\n}\n";
    check(&workspace, &format!("{}{resource}", later("my-org-name")));
}
