//! The guide about the ephemeral resource that generates a token: its table, row by row.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use rustix::process::Signal;
use tfe_simulator::{Fault, Method};

use super::excerpt::shows;
use super::guide::{later, workspace};
use crate::host::host;
use crate::workspace::Workspace;
use crate::workspace::commands::APPLY;

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

/// Returns the secrets of all tokens that were generated.
fn generated(workspace: &Workspace) -> Vec<String> {
    let changes = workspace.simulator.token_changes();
    let tokens = changes.iter().filter_map(|change| change.after.as_ref());
    tokens.map(|one| one.secret.expose().to_owned()).collect()
}

#[test]
fn the_secret_reaches_a_program_of_the_same_apply_and_does_not_outlive_it() {
    let mut workspace = with_program(ONE_RUN);
    for run in ["first", "second"] {
        workspace.set("TF_VAR_run", run);
        workspace.try_apply().succeeds();
        assert!(!workspace.has_a_token(), "the token of the {run} run works");
        let seen = workspace.read("seen");
        assert_eq!(generated(&workspace).last(), Some(&seen));
        assert!(!workspace.read("terraform.tfstate").contains(&seen));
        later(&workspace);
    }
    assert_eq!(generated(&workspace).len(), 2);
    workspace
        .terraform(&["destroy", "-no-color", "-auto-approve"])
        .succeeds();
}

#[test]
fn the_token_of_a_failed_apply_is_revoked() {
    let workspace = with_program(ONE_RUN);
    workspace.write("read-audit-trail", "#!/bin/sh\nexit 1\n");
    workspace.try_apply().fails();
    assert_eq!(generated(&workspace).len(), 1);
    assert!(!workspace.has_a_token());
}

#[test]
fn the_token_of_an_interrupted_apply_is_revoked() {
    let workspace = with_program(ONE_RUN);
    // It says that it runs, and then waits for somebody who never comes.
    workspace.write(
        "read-audit-trail",
        "#!/bin/sh\necho runs >started\nread line <gate\n",
    );
    for name in ["started", "gate"] {
        let path = workspace.path("configuration").join(name);
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }
    let running = workspace.start(APPLY);
    assert_eq!(workspace.read("started"), "runs\n");
    assert!(workspace.has_a_token());
    running.signal_group(Signal::INT);
    running.finishes().fails().prints("Interrupt received");
    assert_eq!(generated(&workspace).len(), 1);
    assert!(!workspace.has_a_token());
}

#[test]
fn a_token_that_could_not_be_revoked_is_named() {
    let workspace = with_program(ONE_RUN);
    let refused = Fault::on(Method::DELETE, "authentication-token").status(403);
    workspace.simulator.inject(refused.always());
    workspace
        .try_apply()
        .succeeds()
        .prints("The Audit Trail Token of This Run May Still Work")
        .prints(&workspace.token_id());
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
