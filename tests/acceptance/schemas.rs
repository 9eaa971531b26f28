//! What Terraform itself tells of the schemas.

use serde_json::Value;

use crate::workspace::Workspace;

/// Conformance: 35.
#[test]
fn terraform_shows_every_schema_with_its_descriptions() {
    let workspace = Workspace::new();
    workspace.configure("");
    let run = workspace
        .terraform(&["providers", "schema", "-json"])
        .succeeds();
    let schemas: Value = serde_json::from_str(&run.stdout).unwrap();
    // The registry in the address is Terraform's or OpenTofu's own.
    let providers = schemas["provider_schemas"].as_object().unwrap();
    let ours = |address: &&String| address.ends_with("/terraform-provider-tfe/tfe");
    let provider = &schemas["provider_schemas"][providers.keys().find(ours).unwrap()];
    check(&provider["provider"]);
    check(&provider["resource_schemas"]["tfe_audit_trail_token"]);
    check(&provider["ephemeral_resource_schemas"]["tfe_audit_trail_token"]);
    check(&provider["ephemeral_resource_schemas"]["tfe_unsealed_audit_trail_token"]);
    check(&provider["data_source_schemas"]["tfe_audit_trail_token"]);

    let attributes = &provider["resource_schemas"]["tfe_audit_trail_token"]["block"]["attributes"];
    assert_eq!(attributes["token"]["sensitive"], true);
    assert_eq!(
        provider["provider"]["block"]["attributes"]["token"]["sensitive"],
        true
    );
}

#[track_caller]
fn check(schema: &Value) {
    assert_eq!(schema["version"], 0);
    let attributes = schema["block"]["attributes"].as_object().unwrap();
    assert!(!attributes.is_empty());
    for (name, attribute) in attributes {
        assert!(attribute["description"].is_string(), "{name}");
        assert_eq!(attribute["description_kind"], "markdown", "{name}");
    }
}
