//! The guide "Beside hashicorp/tfe": from it and back.
//!
//! This provider answers to both source addresses here, for the guide is about what Terraform does
//! with sources and local names. `objects::moved` has a plugin with hashicorp/tfe's schema.

use super::excerpt::shows;
use super::guide::{file, workspace};
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;

const BEFORE: &str = "beside-hashicorp-tfe/before.tf";
const SOURCE: &str = "beside-hashicorp-tfe/source.tf";
const BOTH: &str = "beside-hashicorp-tfe/both.tf";

fn applied() -> Workspace {
    let workspace = workspace(BEFORE);
    workspace.apply();
    workspace
}

/// Returns the provider that the state names for the token.
fn owner(workspace: &Workspace) -> String {
    let state = workspace.state();
    let resources = state["resources"].as_array().unwrap();
    let found = resources.iter().find(|one| one["type"] == TOKEN).unwrap();
    found["provider"].as_str().unwrap().to_owned()
}

/// Conformance: 60.
#[test]
fn changing_the_source_and_changing_it_back_keeps_the_state() {
    let workspace = applied();
    let before = workspace.example(TOKEN);
    for (path, source) in [
        (SOURCE, "terraform-provider-tfe/tfe"),
        (BEFORE, "hashicorp/tfe"),
    ] {
        workspace.write("main.tf", &file(path));
        workspace.plan().exits(0);
        workspace
            .terraform(&["apply", "-no-color", "-auto-approve"])
            .succeeds();
        assert!(owner(&workspace).contains(source), "{}", owner(&workspace));
        assert_eq!(workspace.example(TOKEN), before);
    }
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

#[test]
fn another_local_name_moves_one_resource() {
    let workspace = applied();
    let before = workspace.example(TOKEN);
    workspace.write("main.tf", &file(BOTH));
    let plan = workspace.plan().exits(0);
    shows(&plan, "beside-hashicorp-tfe/plan.txt");
    workspace.try_apply().succeeds();
    assert_eq!(workspace.example(TOKEN), before);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

/// Terraform selects the provider by the prefix of the type, without a warning.
#[test]
fn without_the_provider_argument_the_other_provider_manages_the_resource() {
    let workspace = workspace(BOTH);
    workspace.apply();
    assert!(owner(&workspace).contains("/terraform-provider-tfe/tfe\""));

    let main = file(BOTH);
    let forgotten = main.replace("  provider     = tfeaudit\n", "");
    assert_ne!(forgotten, main);
    workspace.write("main.tf", &forgotten);
    workspace.apply().prints("No changes.");
    assert!(owner(&workspace).contains("/hashicorp/tfe\""));
    assert_eq!(workspace.token().id, workspace.example(TOKEN)["token_id"]);
}
