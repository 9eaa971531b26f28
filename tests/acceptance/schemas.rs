//! The schemas as Terraform shows them.

use serde_json::Value;

use crate::workspace::Workspace;

/// Tools that read schemas get the descriptions from Terraform, in Markdown.
///
/// Conformance: 35.
#[test]
fn terraform_shows_every_schema_with_its_descriptions() {
    let workspace = Workspace::new();
    workspace.configure("");
    let run = workspace
        .terraform(&["providers", "schema", "-json"])
        .succeeds();
    assert_eq!(run.stderr, "");
    let schemas: Value = serde_json::from_str(&run.stdout).unwrap();
    // The address begins with the registry of Terraform or of OpenTofu.
    let providers = schemas["provider_schemas"].as_object().unwrap();
    let ours = |address: &&String| address.ends_with("/terraform-provider-tfe/tfe");
    let provider = &schemas["provider_schemas"][providers.keys().find(ours).unwrap()];

    check_block("provider", &provider["provider"]["block"]);
    let mut objects = 0;
    for (kind, schemas) in provider.as_object().unwrap() {
        for (name, schema) in schemas.as_object().unwrap() {
            if schema.get("block").is_some() {
                objects += 1;
                // hashicorp/tfe has version 0 as well: states need no upgrade in either direction. Actions have no version.
                let version = schema.get("version").and_then(Value::as_i64);
                assert_eq!(version.unwrap_or_default(), 0, "{kind} {name}");
                check_block(&format!("{kind} {name}"), &schema["block"]);
            }
        }
    }
    assert!(objects >= 5, "{objects} objects");

    let attributes = &provider["resource_schemas"]["tfe_audit_trail_token"]["block"]["attributes"];
    assert_eq!(attributes["token"]["sensitive"], true);
    assert_eq!(
        provider["provider"]["block"]["attributes"]["token"]["sensitive"],
        true
    );
}

/// Expects a description in Markdown of the block, and of its attributes and nested attributes.
#[track_caller]
fn check_block(place: &str, block: &Value) {
    let description = block["description"].as_str().unwrap_or_default().trim();
    assert!(!description.is_empty(), "{place}: no description");
    assert_eq!(block["description_kind"], "markdown", "{place}");
    for attributes in [&block["attributes"], &block["nested_type"]["attributes"]] {
        for (name, attribute) in attributes.as_object().into_iter().flatten() {
            check_block(&format!("{place}.{name}"), attribute);
        }
    }
}
