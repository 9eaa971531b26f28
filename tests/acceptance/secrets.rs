//! No secret is in any log, error or state but where it belongs.

use std::fs;

use tfe_simulator::{Fault, Method};

use crate::host::{Product, host};
use crate::service::OWNER;
use crate::workspace::Workspace;

const KEY: &str = "cGxhbnRlZCBrZXksIG5ldmVyIHRvIGJlIHNlZW4hISE=";

const CONFIGURATION: &str = r#"
variable "token" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "sealing_key" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "sealed" {
  type = bool
}
provider "tfe" {
  token       = var.token
  sealing_key = var.sealing_key
}
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  seal_token   = var.sealed
}
"#;

/// Conformance: 30.
#[test]
fn no_planted_secret_is_in_any_log_or_output() {
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.set("TF_VAR_token", OWNER);
    workspace.set("TF_VAR_sealing_key", KEY);
    workspace.set("TF_LOG", "TRACE");
    workspace.set("TF_LOG_PATH", &workspace.path("log").display().to_string());
    workspace.configure(CONFIGURATION);

    // Every way that a value can take: success, failure and retry, plain and sealed.
    let mut said = String::new();
    let mut secrets = vec![OWNER.to_owned(), KEY.to_owned()];
    for sealed in ["false", "true"] {
        workspace.set("TF_VAR_sealed", sealed);
        for arguments in [
            ["apply", "-no-color", "-auto-approve"].as_slice(),
            &["plan", "-no-color"],
            &["show", "-no-color"],
        ] {
            let run = workspace.terraform(arguments).succeeds();
            said.push_str(&run.stdout);
            said.push_str(&run.stderr);
        }
        let token = workspace
            .simulator
            .audit_trail_token("my-org-name")
            .unwrap();
        secrets.push(token.secret.expose().to_owned());
    }
    workspace.simulator.inject(
        Fault::on(Method::GET, "authentication-token")
            .times(1)
            .status(500),
    );
    let failing = Fault::on(Method::GET, "authentication-token")
        .always()
        .status(422)
        .body(
            "application/vnd.api+json",
            &format!(
                r#"{{"errors":[{{"status":"422","title":"invalid","detail":"Bearer {OWNER}"}}]}}"#
            ),
        );
    workspace.simulator.inject(failing);
    let run = workspace.plan().fails();
    said.push_str(&run.stdout);
    said.push_str(&run.stderr);
    said.push_str(&fs::read_to_string(workspace.path("log")).unwrap());

    assert!(
        said.contains("terraform-provider-tfe"),
        "nothing was logged"
    );
    for secret in secrets {
        assert!(
            !said.contains(&secret),
            "{} is in:\n{}",
            secret,
            around(&said, &secret)
        );
    }
    let state = workspace.read("terraform.tfstate");
    assert!(!state.contains(OWNER) && !state.contains(KEY));
}

const EPHEMERAL: &str = r#"
provider "tfe" {}
resource "tfe_audit_trail_token" "example" {
  organization        = "my-org-name"
  seal_token          = true
  regenerate_triggers = { rotation = "ROTATION" }
}
ephemeral "tfe_unsealed_audit_trail_token" "example" {
  sealed_token = tfe_audit_trail_token.example.sealed_token
}
resource "echo_value" "example" {
  value_wo         = ephemeral.tfe_unsealed_audit_trail_token.example.token
  value_wo_version = parseint(substr(sha256(tfe_audit_trail_token.example.token_id), 0, 8), 16)
}
ephemeral "tfe_audit_trail_token" "example" {
  organization = "other-org-name"
}
"#;

/// Conformance: 30.
#[test]
fn no_ephemeral_secret_is_in_any_log_plan_or_state() {
    let mut workspace = Workspace::new();
    workspace.simulator.add_organization("other-org-name");
    workspace.set("TFE_SEALING_KEY", KEY);
    workspace.set("TF_LOG", "TRACE");
    workspace.set("TF_LOG_PATH", &workspace.path("log").display().to_string());

    let mut said = String::new();
    let mut secrets = vec![OWNER.to_owned(), KEY.to_owned()];
    for rotation in ["1", "2"] {
        workspace.configure(&EPHEMERAL.replace("ROTATION", rotation));
        for arguments in [
            ["plan", "-no-color", "-out=plan"].as_slice(),
            &["show", "-json", "plan"],
            &["apply", "-no-color", "plan"],
        ] {
            let run = workspace.terraform(arguments).succeeds();
            said.push_str(&run.stdout);
            said.push_str(&run.stderr);
            for organization in ["my-org-name", "other-org-name"] {
                let token = workspace.simulator.audit_trail_token(organization);
                secrets.extend(token.map(|token| token.secret.expose().to_owned()));
            }
        }
    }
    said.push_str(&fs::read_to_string(workspace.path("log")).unwrap());
    for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
        said.push_str(&workspace.read(state));
    }
    // One of each regeneration, and one of each opening.
    secrets.sort();
    secrets.dedup();
    let openings = secrets.len() - 2 - 2;
    match host().product {
        Product::Terraform => assert_eq!(openings, 4),
        // Some of its versions open in no apply what no resource there needs.
        Product::OpenTofu => assert!((2..=4).contains(&openings), "{openings}"),
    }
    for secret in secrets {
        assert!(!said.contains(&secret), "{}", around(&said, &secret));
    }
}

/// The lines in which a text is.
fn around(text: &str, wanted: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| line.contains(wanted)).collect();
    lines.join("\n")
}

#[test]
fn the_state_holds_the_secret_in_token_and_nowhere_else() {
    let workspace = Workspace::new();
    workspace.configure(
        "resource \"tfe_audit_trail_token\" \"example\" {\n  organization = \"my-org-name\"\n}\n",
    );
    workspace.apply();
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let state = workspace.read("terraform.tfstate");
    assert_eq!(state.matches(token.secret.expose()).count(), 1);
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token"], token.secret.expose());
}
