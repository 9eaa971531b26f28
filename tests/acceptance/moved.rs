//! A token that goes from hashicorp/tfe to this provider and back. A plugin with hashicorp/tfe's schema stands for it.

use std::fs;

use crate::host::host;
use crate::workspace::{Workspace, repository};
use tfplugin_testing::built_example;

const TOKEN: &str = "tfe_audit_trail_token";

const BOTH: &str = r#"terraform {
  required_providers {
    tfe      = { source = "hashicorp/tfe" }
    tfeaudit = { source = "terraform-provider-tfe/tfe" }
  }
}
"#;

const THEIRS: &str =
    "terraform {\n  required_providers {\n    tfe = { source = \"hashicorp/tfe\" }\n  }\n}\n";
const OURS: &str = "terraform {\n  required_providers {\n    tfe = { source = \"terraform-provider-tfe/tfe\" }\n  }\n}\n";

fn block(name: &str) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" \"{name}\" {{\n  organization = \"my-org-name\"\n}}\n"
    )
}

/// `my-org-name` has a token, which hashicorp/tfe keeps in the state under this name.
fn theirs(name: &str) -> Workspace {
    let mut workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.set("STAND_IN_SECRET", token.secret.expose());

    let folder = workspace.path("hashicorp");
    fs::create_dir(&folder).unwrap();
    let plugin = folder.join("terraform-provider-tfe");
    std::os::unix::fs::symlink(built_example("terraform-provider-tfe", "stand-in"), plugin)
        .unwrap();
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

/// The token that there was is the one that is kept, with its secret, and nothing was generated.
#[track_caller]
fn has_kept_its_token(workspace: &Workspace) {
    workspace.holds_the_live_secret();
    assert_eq!(workspace.count("POST"), 0);
    assert_eq!(workspace.count("DELETE"), 0);
}

#[test]
fn a_moved_block_takes_it_along_to_another_address() {
    let workspace = theirs("before");
    let example = repository("examples/resources/tfe_audit_trail_token/moved.tf");
    workspace.write("main.tf", &fs::read_to_string(example).unwrap());
    workspace.plan().says("has moved to");
    workspace.apply();
    has_kept_its_token(&workspace);
    workspace.destroy();
    assert!(
        workspace
            .simulator
            .audit_trail_token("my-org-name")
            .is_none()
    );
}

#[test]
fn what_cannot_be_taken_over_is_told_what_to_do() {
    let workspace = theirs("example");
    let moved =
        "moved {\n  from = time_rotating.before\n  to   = tfe_audit_trail_token.example\n}\n";
    let time = "resource \"time_rotating\" \"before\" {\n  rotation_days = 1\n}\n";
    workspace.write("main.tf", &format!("{THEIRS}{time}"));
    workspace.try_apply().succeeds();
    workspace.write("main.tf", &format!("{OURS}{}{moved}", block("example")));
    let run = workspace.plan().exits(1);
    run.says("Unable To Move Resource State")
        .says("time_rotating");
}

#[test]
fn a_changed_source_at_the_same_address_is_enough() {
    let workspace = theirs("example");
    workspace.write("main.tf", &format!("{OURS}{}", block("example")));
    workspace.plan().exits(0);
    workspace.apply();
    has_kept_its_token(&workspace);
}

#[test]
fn so_is_a_provider_that_is_named_on_the_resource() {
    let workspace = theirs("example");
    let given = block("example").replace("organization", "provider     = tfeaudit\n  organization");
    workspace.write("main.tf", &format!("{BOTH}{given}"));
    workspace.plan().exits(0);
    workspace.apply();
    has_kept_its_token(&workspace);
}

/// As the guide says, for the hosts that need it.
fn take_the_identity_out(workspace: &Workspace) {
    let mut state = workspace.state();
    let instance = state["resources"][0]["instances"][0].as_object_mut();
    let instance = instance.expect("an object in the state");
    for name in ["identity", "identity_schema_version"] {
        assert!(instance.remove(name).is_some(), "{name} is in the state");
    }
    workspace.write("terraform.tfstate", &state.to_string());
}

/// Private data and attributes of ours are then in a state that hashicorp/tfe reads. (An identity is, too, which
/// Terraform 1.12 and 1.13 cannot read without its schema: the guide says what to do.)
#[test]
fn the_way_back_is_a_changed_source_as_well() {
    let workspace = theirs("example");
    workspace.write("main.tf", &format!("{OURS}{}", block("example")));
    workspace.apply();
    let ours = workspace.example(TOKEN);
    workspace.write("main.tf", &format!("{THEIRS}{}", block("example")));
    if host().cannot_drop_an_identity() {
        workspace.plan().exits(1).says("failed to decode identity");
        take_the_identity_out(&workspace);
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
