//! Beside hashicorp/tfe, from it and back. In these tests, our own provider answers to both sources:
//! what Terraform does about sources and local names is its own.

use super::{TOKEN, file, shows, token, workspace};
use crate::workspace::Workspace;

const BEFORE: &str = "beside-hashicorp-tfe/before.tf";
const SOURCE: &str = "beside-hashicorp-tfe/source.tf";
const BOTH: &str = "beside-hashicorp-tfe/both.tf";

fn applied() -> Workspace {
    let workspace = workspace(BEFORE);
    workspace.apply();
    workspace
}

/// Which provider Terraform's state names for the token.
fn owner(workspace: &Workspace) -> String {
    let state = workspace.state();
    let resources = state["resources"].as_array().unwrap();
    let found = resources.iter().find(|one| one["type"] == TOKEN).unwrap();
    found["provider"].as_str().unwrap().to_owned()
}

#[test]
fn another_source_takes_the_state_over_and_the_way_back_gives_it_back() {
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
fn another_local_name_takes_one_resource_over() {
    let workspace = applied();
    let before = workspace.example(TOKEN);
    workspace.write("main.tf", &file(BOTH));
    let plan = workspace.plan().exits(0);
    shows(&plan, "beside-hashicorp-tfe/plan.txt");
    workspace.try_apply().succeeds();
    assert_eq!(workspace.example(TOKEN), before);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

/// Terraform chooses by the prefix of the type: the other provider gets the resource, in silence.
#[test]
fn a_forgotten_provider_argument_is_the_other_provider() {
    let workspace = workspace(BOTH);
    workspace.apply();
    assert!(owner(&workspace).contains("/terraform-provider-tfe/tfe\""));

    let main = file(BOTH);
    let forgotten = main.replace("  provider     = tfeaudit\n", "");
    assert_ne!(forgotten, main);
    workspace.write("main.tf", &forgotten);
    workspace.apply().says("No changes.");
    assert!(owner(&workspace).contains("/hashicorp/tfe\""));
    assert_eq!(token(&workspace).id, workspace.example(TOKEN)["token_id"]);
}
