//! State that hashicorp/tfe has written: without the attributes that only this provider has.

use serde_json::Value;

use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// Applied, with a state that looks as if hashicorp/tfe had written it.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let mut state = workspace.state();
    let instance = &mut state["resources"][0]["instances"][0];
    let ours = [
        "created_at",
        "regenerate_triggers",
        "seal_token",
        "sealed_token",
        "status",
        "token_id",
    ];
    let attributes = instance["attributes"].as_object_mut().unwrap();
    attributes.retain(|name, _| !ours.contains(&name.as_str()));
    assert_eq!(attributes.len(), 5);
    for ours in ["private", "identity", "identity_schema_version"] {
        instance.as_object_mut().unwrap().remove(ours);
    }
    workspace.write("terraform.tfstate", &state.to_string());
    workspace
}

#[test]
fn is_taken_over_with_its_secret() {
    let workspace = workspace();
    let before = workspace.example(TOKEN);
    workspace.plan().exits(0);
    workspace.apply();
    let object = workspace.example(TOKEN);
    assert_eq!(object["token"], before["token"]);
    assert_eq!(object["token_id"], workspace.current_id());
    assert_eq!(object["status"], "current");
    assert_eq!(workspace.count("POST"), 1);
}

#[test]
fn whose_secret_is_dead_is_not_said_to_be_alive() {
    let workspace = workspace();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.plan().exits(2).says(&other);
    workspace.try_apply().fails();
    assert_eq!(workspace.current_id(), other);
    assert_ne!(workspace.example(TOKEN)["token"], Value::Null);
}

#[test]
fn whose_token_somebody_else_has_replaced_is_destroyed_without_that_one() {
    let workspace = workspace();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.destroy();
    assert_eq!(workspace.current_id(), other);
}

/// As the provider's page shows it: both providers in one configuration.
#[test]
fn stays_when_the_resource_is_given_to_this_provider_beside_the_other() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.write(
        "providers.tf",
        "terraform {\n  required_providers {\n    tfe = { source = \"hashicorp/tfe\" }\n  }\n}\n",
    );
    workspace.apply();
    let before = workspace.example(TOKEN);

    workspace.write(
        "providers.tf",
        "terraform {\n  required_providers {\n    tfe = { source = \"hashicorp/tfe\" }\n    \
         tfeaudit = { source = \"terraform-provider-tfe/tfe\" }\n  }\n}\n",
    );
    let given = BASIC.replace("organization", "provider     = tfeaudit\n  organization");
    workspace.write("main.tf", &given);
    workspace.apply();
    assert_eq!(workspace.example(TOKEN), before);
    assert_eq!(workspace.count("POST"), 1);
}
