//! A token that moves from hashicorp/tfe to this provider and back.
//!
//! A plugin with hashicorp/tfe's schema stands in for hashicorp/tfe.

use std::fs;

use crate::host::host;
use crate::workspace::checks::TOKEN;
use crate::workspace::plugins::stand_in;
use crate::workspace::{Workspace, repository};

const THEIRS: &str =
    "terraform {\n  required_providers {\n    tfe = { source = \"hashicorp/tfe\" }\n  }\n}\n";
const OURS: &str = "terraform {\n  required_providers {\n    tfe = { source = \"terraform-provider-tfe/tfe\" }\n  }\n}\n";

fn block(name: &str) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" \"{name}\" {{\n  organization = \"my-org-name\"\n}}\n"
    )
}

/// Returns a workspace in which hashicorp/tfe manages the token of `my-org-name` under this name.
fn managed_by_hashicorp_tfe(name: &str) -> Workspace {
    let mut workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.set("STAND_IN_SECRET", token.secret.expose());

    let folder = workspace.path("hashicorp");
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(stand_in(), folder.join("terraform-provider-tfe")).unwrap();
    let path = workspace.path("terraform.rc");
    let text = fs::read_to_string(&path).unwrap();
    let plugins = format!("\"hashicorp/tfe\" = {:?}", workspace.path("plugins"));
    assert!(text.contains(&plugins), "{text}");
    let text = text.replace(&plugins, &format!("\"hashicorp/tfe\" = {folder:?}"));
    fs::write(&path, text).unwrap();

    workspace.write("main.tf", &format!("{THEIRS}{}", block(name)));
    workspace.try_apply().succeeds();
    let state = workspace.object(TOKEN, "managed", name);
    assert_eq!(state["token"], token.secret.expose());
    assert!(state.get("token_id").is_none());
    workspace
}

/// Expects that the state has the original token with its secret, and that nothing was generated.
#[track_caller]
fn has_kept_its_token(workspace: &Workspace) {
    workspace.holds_the_live_secret();
    assert_eq!(workspace.count("POST"), 0);
    assert_eq!(workspace.count("DELETE"), 0);
}

#[test]
fn a_moved_block_moves_the_token_to_another_address() {
    let workspace = managed_by_hashicorp_tfe("before");
    let example = repository("examples/resources/tfe_audit_trail_token/moved.tf");
    workspace.write("main.tf", &fs::read_to_string(example).unwrap());
    workspace.plan().prints("has moved to");
    workspace.apply();
    has_kept_its_token(&workspace);
    workspace.destroy();
    assert!(!workspace.has_a_token());
}

/// As the guide says, for the hosts that need it.
fn remove_the_identity(workspace: &Workspace) {
    let mut state = workspace.state();
    let instance = state["resources"][0]["instances"][0].as_object_mut();
    let instance = instance.expect("an object in the state");
    for name in ["identity", "identity_schema_version"] {
        assert!(instance.remove(name).is_some(), "{name} is in the state");
    }
    workspace.write("terraform.tfstate", &state.to_string());
}

/// On the way back hashicorp/tfe reads a state with this provider's attributes and private data, and
/// an identity, which Terraform 1.12 and 1.13 cannot read without its schema.
#[test]
fn changing_the_source_moves_the_token_here_and_back() {
    let workspace = managed_by_hashicorp_tfe("example");
    workspace.write("main.tf", &format!("{OURS}{}", block("example")));
    workspace.plan().exits(0);
    workspace.apply();
    has_kept_its_token(&workspace);
    let ours = workspace.example(TOKEN);

    workspace.write("main.tf", &format!("{THEIRS}{}", block("example")));
    if host().fails_on_an_identity_without_a_schema() {
        workspace
            .plan()
            .exits(1)
            .prints("failed to decode identity");
        remove_the_identity(&workspace);
    }
    workspace.plan().exits(0);
    workspace
        .terraform(&["apply", "-no-color", "-auto-approve", "-refresh-only"])
        .succeeds();
    assert_eq!(workspace.example(TOKEN)["token"], ours["token"]);

    workspace.write("main.tf", &format!("{OURS}{}", block("example")));
    workspace.plan().exits(0);
    workspace.apply();
    has_kept_its_token(&workspace);
}
