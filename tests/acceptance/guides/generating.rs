//! What the generating ephemeral does: the guide's table, row by row.

use serde_json::Value;

use super::{later, shows, token, workspace};

const EVERY_PLAN: &str = "generating-ephemeral/every-plan.tf";
const ONE_RUN: &str = "generating-ephemeral/one-run.tf";

/// How many tokens a command generates, with a state and a saved plan from before, and a token that
/// nobody has used.
#[track_caller]
fn check(path: &str, arguments: &[&str], tokens: usize) {
    let mut workspace = workspace(path);
    workspace.set("TF_VAR_run", "first");
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    later(&workspace);
    let before = workspace.count("POST");
    workspace.terraform(arguments).succeeds();
    assert_eq!(
        workspace.count("POST") - before,
        tokens,
        "{path}: {arguments:?}"
    );
}

#[test]
fn so_many_tokens_are_generated_by_each_command() {
    for (arguments, plain, deferred) in [
        (["validate", "-no-color"].as_slice(), 0, 0),
        (&["plan", "-no-color"], 1, 0),
        (&["apply", "-no-color", "plan"], 1, 1),
        (&["apply", "-no-color", "-auto-approve"], 2, 1),
        (&["destroy", "-no-color", "-auto-approve"], 0, 0),
    ] {
        check(EVERY_PLAN, arguments, plain);
        check(ONE_RUN, arguments, deferred);
    }
}

/// Its token has been used in the apply before.
#[test]
fn the_next_apply_is_refused() {
    let mut workspace = workspace(ONE_RUN);
    workspace.set("TF_VAR_run", "first");
    workspace.try_apply().succeeds();
    assert_ne!(
        workspace.object("tfe_audit_trail_events", "data", "example")["events"],
        Value::Null
    );
    let id = token(&workspace).id;
    workspace.set("TF_VAR_run", "second");
    workspace
        .try_apply()
        .fails()
        .says("The Audit Trail Token Is in Use");
    assert_eq!(token(&workspace).id, id);
    let secret = token(&workspace).secret;
    assert!(
        !workspace
            .read("terraform.tfstate")
            .contains(secret.expose())
    );
}

#[test]
fn a_token_in_use_is_refused_by_name() {
    let workspace = workspace(EVERY_PLAN);
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    let before = token(&workspace).id;
    let plan = workspace.plan().fails();
    shows(&plan, "generating-ephemeral/in-use.txt");
    assert_eq!(token(&workspace).id, before);
}
