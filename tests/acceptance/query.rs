//! `terraform query`: which tokens there are, and the configuration that imports them.

use serde_json::Value;

use crate::host::{self, Feature};
use crate::workspace::Workspace;

const QUERY: &[&str] = &["query", "-no-color"];

const ALL: &str = r#"
list "tfe_audit_trail_token" "all" {
  provider = tfe
}
"#;

/// `my-org-name`, `one-org-name` and `two-org-name`, the first without a token.
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
        run.says(&format!("hostname=app.terraform.io,organization={name}"))
            .says(&token.id)
            .does_not_say(token.secret.expose());
    }
    run.does_not_say("my-org-name");
}

/// Conformance: 69.
#[test]
fn a_query_of_one_organization_with_a_limit_asks_for_no_more() {
    if host::lacks(Feature::Query) {
        return;
    }
    let workspace = workspace();
    workspace.write(
        "tokens.tfquery.hcl",
        "list \"tfe_audit_trail_token\" \"one\" {\n  provider = tfe\n  config {\n    \
         organization = \"one-org-name\"\n  }\n}\n",
    );
    let run = workspace.terraform(QUERY).succeeds();
    run.says("one-org-name").does_not_say("two-org-name");
    assert_eq!(workspace.count("GET"), 1);

    workspace.simulator.clear_requests();
    let limited = ALL.replace("provider = tfe", "provider = tfe\n  limit    = 1");
    workspace.write("tokens.tfquery.hcl", &limited);
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let run = workspace.terraform(QUERY).succeeds();
    run.says("my-org-name").does_not_say("one-org-name");
    assert_eq!(workspace.count("GET"), 1);
}

#[test]
fn generated_configuration_imports_all_tokens_and_plans_clean() {
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

    workspace.try_apply().succeeds().says("2 imported");
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

/// Whether a configuration gives an argument another value than null.
fn sets(configuration: &str, argument: &str) -> bool {
    let mut lines = configuration.lines().map(str::trim);
    lines.any(|line| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        name.trim() == argument && !value.trim().starts_with("null")
    })
}

#[test]
fn a_query_that_fails_says_why() {
    if host::lacks(Feature::Query) {
        return;
    }
    let mut workspace = workspace();
    workspace.set("TFE_TOKEN", "nobody's");
    let run = workspace.terraform(QUERY).fails();
    run.says("Error Listing Audit Trail Tokens");
}

/// Elsewhere `terraform validate` takes no notice of query files: see `examples`.
#[test]
fn every_example_is_a_query() {
    if host::lacks(Feature::Query) {
        return;
    }
    let workspace = workspace();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    for (example, list) in [("list-resource", "all"), ("organization", "example")] {
        let path = format!("examples/list-resources/tfe_audit_trail_token/{example}.tfquery.hcl");
        let text = std::fs::read_to_string(crate::workspace::repository(&path)).unwrap();
        workspace.write("tokens.tfquery.hcl", &text);
        workspace
            .terraform(&["validate", "-no-color", "-query"])
            .succeeds();
        let run = workspace.terraform(QUERY).succeeds();
        run.says(&format!("list.tfe_audit_trail_token.{list}"));
    }
}
