//! The guide "Respond to an incident".

use super::excerpt::shows;
use super::guide::{file, later, workspace};
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;

const MAIN: &str = "respond-to-an-incident/main.tf";

fn applied() -> Workspace {
    let workspace = workspace(MAIN);
    workspace.apply();
    later(&workspace);
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    workspace
}

fn respond(workspace: &Workspace) {
    let main = file(MAIN);
    let changed = main.replace("\"none\"", "\"2030-05-17, laptop lost\"");
    assert_ne!(changed, main);
    workspace.write("main.tf", &changed);
}

#[test]
fn a_changed_trigger_invalidates_the_leaked_token() {
    let workspace = applied();
    let leaked = workspace.token();
    respond(&workspace);
    let plan = workspace.plan().exits(2);
    shows(&plan, "respond-to-an-incident/plan.txt");
    workspace.apply();
    assert_ne!(workspace.token().secret.expose(), leaked.secret.expose());
    workspace.holds_the_live_secret();
}

#[test]
fn the_audit_trail_shows_who_generated_and_revoked_tokens() {
    let mut workspace = applied();
    let own = workspace
        .simulator
        .regenerate_organization_token("my-org-name");
    workspace.set("TF_VAR_organization_token", own.secret.expose());
    respond(&workspace);
    workspace.try_apply().succeeds();
    workspace.write("events.tf", &file("respond-to-an-incident/events.tf"));
    let run = workspace.apply();
    shows(&run, "respond-to-an-incident/events.txt");
    run.prints(&workspace.token().id);
    assert!(
        !workspace
            .read("terraform.tfstate")
            .contains(own.secret.expose())
    );
}

#[test]
fn destroying_the_token_leaves_none_until_the_next_apply() {
    let workspace = applied();
    let target = format!("-target={TOKEN}.example");
    let destroy = ["destroy", "-no-color", "-auto-approve", &target];
    let run = workspace.terraform(&destroy).succeeds();
    shows(&run, "respond-to-an-incident/destroy.txt");
    assert!(!workspace.has_a_token());
    workspace.apply();
    workspace.holds_the_live_secret();
}

#[test]
fn a_token_that_another_user_generated_is_reported_and_replaced_only_by_force() {
    let workspace = applied();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    let plan = workspace.plan().exits(2);
    shows(&plan, "respond-to-an-incident/replaced.txt");
    workspace.try_apply().fails();
    assert_eq!(workspace.token().id, other);
    assert_eq!(workspace.example(TOKEN)["status"], "replaced");

    let forced = file(MAIN).replace("  expired_at ", "  force_regenerate = true\n  expired_at ");
    later(&workspace);
    workspace.write("main.tf", &forced);
    workspace.apply();
    assert_ne!(workspace.token().id, other);
    workspace.holds_the_live_secret();
}
