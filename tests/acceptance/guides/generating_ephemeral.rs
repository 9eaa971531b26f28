//! The guide about the ephemeral resource that generates a token: its table, row by row.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::excerpt::shows;
use super::guide::{later, workspace};
use crate::host::host;
use crate::workspace::Workspace;

const EVERY_PLAN: &str = "generating-ephemeral/every-plan.tf";
const ONE_RUN: &str = "generating-ephemeral/one-run.tf";

/// Returns a workspace with a program that writes the secret that it gets to a file.
fn with_program(path: &str) -> Workspace {
    let mut workspace = workspace(path);
    workspace.set("TF_VAR_run", "first");
    workspace.write(
        "read-audit-trail",
        "#!/bin/sh\nprintf %s \"$TOKEN\" >seen\n",
    );
    let program = workspace.path("configuration").join("read-audit-trail");
    fs::set_permissions(program, Permissions::from_mode(0o755)).unwrap();
    workspace
}

/// Expects how many tokens a command generates, after a saved plan, with a token that is not in use.
#[track_caller]
fn check(path: &str, arguments: &[&str], tokens: usize) {
    let workspace = with_program(path);
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
fn each_command_generates_as_many_tokens_as_the_table_says() {
    let (saved, at_once) = match host().opens_unused_ephemerals() {
        true => (1, 2),
        false => (0, 1),
    };
    for (arguments, plain, deferred) in [
        (["validate", "-no-color"].as_slice(), 0, 0),
        (&["plan", "-no-color"], 1, 0),
        (&["apply", "-no-color", "plan"], saved, 1),
        (&["apply", "-no-color", "-auto-approve"], at_once, 1),
        (&["destroy", "-no-color", "-auto-approve"], 0, 0),
    ] {
        check(EVERY_PLAN, arguments, plain);
        check(ONE_RUN, arguments, deferred);
    }
}

#[test]
fn the_secret_reaches_a_program_of_the_same_apply_and_no_state() {
    let mut workspace = with_program(ONE_RUN);
    workspace.try_apply().succeeds();
    let before = workspace.token();
    assert_eq!(workspace.read("seen"), before.secret.expose());
    assert!(
        !workspace
            .read("terraform.tfstate")
            .contains(before.secret.expose())
    );

    // The program has used the token: the next apply refuses to replace it.
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    workspace.set("TF_VAR_run", "second");
    workspace.plan().exits(2);
    workspace
        .try_apply()
        .fails()
        .prints("The Audit Trail Token Is in Use");
    workspace
        .terraform(&["destroy", "-no-color", "-auto-approve"])
        .succeeds();
    assert_eq!(workspace.token().id, before.id);
}

#[test]
fn a_token_in_use_is_not_replaced_and_the_error_names_it() {
    let workspace = workspace(EVERY_PLAN);
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    let before = workspace.token().id;
    let plan = workspace.plan().fails();
    shows(&plan, "generating-ephemeral/in-use.txt");
    assert_eq!(workspace.token().id, before);
}
