//! Import: by ID, by block, with generated configuration.

use serde_json::Value;

use crate::host::{Feature, host};
use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

fn import(workspace: &Workspace, id: &str) -> crate::run::Run {
    workspace.terraform(&["import", "-no-color", "tfe_audit_trail_token.example", id])
}

/// Conformance: 59.
#[test]
fn an_import_brings_everything_but_the_secret() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let mut created = workspace.example(TOKEN);

    let elsewhere = Workspace::beside(workspace.simulator.clone());
    elsewhere.configure(BASIC);
    import(&elsewhere, "my-org-name").succeeds();
    created["token"] = Value::Null;
    assert_eq!(elsewhere.example(TOKEN), created);

    // The plan has nothing to do, and says what is missing.
    elsewhere.plan().exits(0).says("force_regenerate = true");
}

#[test]
fn the_id_is_trimmed_and_checked() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.simulator.regenerate_elsewhere("my-org-name");
    for id in ["a/b", "my org", "https://app.terraform.io/app/my-org-name"] {
        import(&workspace, id).fails();
    }
    import(&workspace, "no-such-org")
        .fails()
        .says("no-such-org");
    assert_eq!(workspace.state(), Value::Null);
    import(&workspace, " my-org-name ").succeeds();
    assert_eq!(workspace.example(TOKEN)["id"], "my-org-name");
}

#[test]
fn an_organization_without_a_token_has_nothing_to_import() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    import(&workspace, "my-org-name")
        .fails()
        .says("Error importing organization audit trail token");
}

/// hashicorp/tfe replaces the token that it has just imported.
#[test]
fn an_import_together_with_force_owns_a_secret_in_place() {
    let workspace = Workspace::new();
    let before = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.configure(
        r#"
import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}
resource "tfe_audit_trail_token" "example" {
  organization     = "my-org-name"
  force_regenerate = true
  lifecycle {
    postcondition {
      condition     = self.token != null
      error_message = "The secret is not known."
    }
  }
}
"#,
    );
    workspace
        .apply()
        .says("1 imported, 0 added, 1 changed, 0 destroyed");
    assert_ne!(workspace.current_id(), before);
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    assert_eq!(workspace.example(TOKEN)["token"], token.secret.expose());
}

#[test]
fn generated_configuration_fits() {
    let workspace = Workspace::new();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace
        .configure("import {\n  to = tfe_audit_trail_token.example\n  id = \"my-org-name\"\n}\n");
    workspace
        .terraform(&["plan", "-no-color", "-generate-config-out=generated.tf"])
        .succeeds();
    let generated = workspace.read("generated.tf");
    assert!(generated.contains("my-org-name"), "{generated}");
    // From 1.14 on the provider writes it.
    let ours = host().has(Feature::Query);
    let names_a_date = generated.contains("expired_at       = \"")
        || generated.contains("expired_at          = \"");
    assert_eq!(names_a_date, !ours, "{generated}");
    workspace
        .plan()
        .exits(2)
        .says("1 to import, 0 to add, 0 to change");
    workspace.apply().says("1 imported, 0 added, 0 changed");
    assert_eq!(workspace.count("POST"), 0);
}

#[test]
fn an_imported_token_that_is_replaced_elsewhere_is_followed() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.simulator.regenerate_elsewhere("my-org-name");
    import(&workspace, "my-org-name").succeeds();
    let next = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.apply();
    assert_eq!(workspace.example(TOKEN)["token_id"], next);
}
