//! `terraform query`: which tokens exist, and the configuration that imports them.

use serde_json::Value;

use crate::host::{self, Feature};
use crate::workspace::{Workspace, repository};

const QUERY: &[&str] = &["query", "-no-color"];

const ALL: &str = r#"
list "tfe_audit_trail_token" "all" {
  provider = tfe
}
"#;

/// Returns a workspace with three organizations, of which `my-org-name` has no token.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    for name in ["one-org-name", "two-org-name"] {
        workspace.simulator.add_organization(name);
        workspace.simulator.regenerate_elsewhere(name);
    }
    workspace.configure("");
    workspace.write("tokens.tfquery.hcl", ALL);
    workspace
}

/// Conformance: 69.
#[test]
fn a_query_shows_every_token_by_its_identity() {
    if host::lacks(Feature::Query) {
        return;
    }
    let workspace = workspace();
    let run = workspace.terraform(QUERY).succeeds();
    for name in ["one-org-name", "two-org-name"] {
        let token = workspace.simulator.audit_trail_token(name).unwrap();
        run.prints(&format!("hostname=app.terraform.io,organization={name}"))
            .prints(&token.id)
            .does_not_print(token.secret.expose());
    }
    run.does_not_print("my-org-name");
}

#[test]
fn the_generated_configuration_imports_every_token_without_a_change() {
    if host::lacks(Feature::Query) {
        return;
    }
    let workspace = workspace();
    workspace
        .terraform(&["query", "-no-color", "-generate-config-out=generated.tf"])
        .succeeds();
    let generated = workspace.read("generated.tf");
    assert_eq!(generated.matches("import {").count(), 2, "{generated}");
    assert!(!sets(&generated, "expired_at"), "{generated}");

    workspace.try_apply().succeeds().prints("2 imported");
    let state = workspace.state();
    for resource in state["resources"].as_array().unwrap() {
        let object = &resource["instances"][0]["attributes"];
        let name = object["organization"].as_str().unwrap();
        let token = workspace.simulator.audit_trail_token(name).unwrap();
        assert_eq!(object["token_id"], token.id);
        assert_eq!(object["token"], Value::Null);
    }
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST") + workspace.count("DELETE"), 0);
}

/// Returns whether a configuration sets an argument to another value than null.
fn sets(configuration: &str, argument: &str) -> bool {
    let mut lines = configuration.lines().map(str::trim);
    lines.any(|line| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        name.trim() == argument && !value.trim().starts_with("null")
    })
}

#[test]
fn a_query_that_fails_reports_why() {
    if host::lacks(Feature::Query) {
        return;
    }
    let mut workspace = workspace();
    workspace.set("TFE_TOKEN", "nobody's");
    let run = workspace.terraform(QUERY).fails();
    run.prints("Error Listing Audit Trail Tokens");
}

/// The other commands ignore query files, so that `examples` does not test these.
#[test]
fn every_example_is_a_valid_query() {
    if host::lacks(Feature::Query) {
        return;
    }
    let workspace = workspace();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    for (example, list) in [("list-resource", "all"), ("organization", "example")] {
        let path = format!("examples/list-resources/tfe_audit_trail_token/{example}.tfquery.hcl");
        let text = std::fs::read_to_string(repository(&path)).unwrap();
        workspace.write("tokens.tfquery.hcl", &text);
        workspace
            .terraform(&["validate", "-no-color", "-query"])
            .succeeds();
        let run = workspace.terraform(QUERY).succeeds();
        run.prints(&format!("list.tfe_audit_trail_token.{list}"));
    }
}
