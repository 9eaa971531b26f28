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
    assert_eq!(run.stderr, "");
    let mut problems = Vec::new();
    let mut objects = 0;
    for (kind, schemas) in provider.as_object().unwrap() {
        match kind.strip_suffix("_schemas") {
            Some(_) => {
                for (name, schema) in schemas.as_object().unwrap() {
                    objects += 1;
                    demand(&format!("{kind} {name}"), schema, &mut problems);
                }
            }
            None => demand(kind, schemas, &mut problems),
        }
    }
    assert!(objects >= 5, "{objects} objects");
    assert!(problems.is_empty(), "{problems:#?}");

    let attributes = &provider["resource_schemas"]["tfe_audit_trail_token"]["block"]["attributes"];
    assert_eq!(attributes["token"]["sensitive"], true);
    assert_eq!(
        provider["provider"]["block"]["attributes"]["token"]["sensitive"],
        true
    );
}

/// Every object, attribute and block at any depth has a description in Markdown, and none is
/// deprecated. An identity's attributes have a description, for which Terraform knows no kind.
fn demand(place: &str, schema: &Value, problems: &mut Vec<String>) {
    if schema["version"]
        .as_i64()
        .is_some_and(|version| version != 0)
    {
        problems.push(format!("{place}: has a version"));
    }
    match schema.get("block") {
        Some(block) => {
            described(place, block, problems);
            within(place, block, problems);
        }
        None => {
            let attributes = schema["attributes"].as_object();
            let nameless = attributes
                .into_iter()
                .flatten()
                .filter(|(_, one)| !has_text(one));
            problems
                .extend(nameless.map(|(name, _)| format!("{place}.{name}: has no description")));
        }
    }
}

fn within(place: &str, parent: &Value, problems: &mut Vec<String>) {
    for (name, attribute) in parent["attributes"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        described(&place, attribute, problems);
        if attribute["deprecated"] == true {
            problems.push(format!("{place}: is deprecated"));
        }
        if attribute["type"].to_string().contains("\"object\"") {
            problems.push(format!(
                "{place}: is an object whose attributes have no descriptions"
            ));
        }
        within(&place, &attribute["nested_type"], problems);
    }
    for (name, block) in parent["block_types"].as_object().into_iter().flatten() {
        let place = format!("{place}.{name}");
        described(&place, &block["block"], problems);
        within(&place, &block["block"], problems);
    }
}

fn described(place: &str, one: &Value, problems: &mut Vec<String>) {
    if !has_text(one) || one["description_kind"] != "markdown" {
        problems.push(format!("{place}: has no description in Markdown"));
    }
}

fn has_text(one: &Value) -> bool {
    one["description"]
        .as_str()
        .is_some_and(|text| !text.trim().is_empty())
}
