//! Ctrl-C and its kin, pressed while a token is being generated (F10).
//!
//! The service has generated the token and holds its answer back until Terraform and the plugin know
//! of the interrupt.

use rustix::process::Signal;
use serde_json::Value;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::running::Running;
use crate::service::within;
use crate::workspace::{APPLY, Workspace};

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// What the plugin says when Terraform has told it to stop.
const STOPPED: &str = "waits end now";

fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    workspace.configure(BASIC);
    workspace
}

/// An apply whose POST was executed and is not answered.
fn apply(
    workspace: &Workspace,
    start: fn(&Workspace, &[&str]) -> Running,
) -> (Running, Breakpoint) {
    let hold = Breakpoint::new();
    let post = Fault::on(Method::POST, "authentication-token");
    workspace.simulator.inject(post.pause_response(&hold));
    let running = start(workspace, APPLY);
    within(hold.arrived());
    (running, hold)
}

/// The secret reaches the state although Terraform was interrupted, and nothing else is done.
#[track_caller]
fn check(running: Running, hold: &Breakpoint, workspace: &Workspace) {
    running.wait_until_it_says("Interrupt received");
    running.wait_until_it_says(STOPPED);
    hold.release_all();

    let run = running.ends().fails();
    run.says("Creation complete").says("execution halted");
    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
    workspace.left_nothing();
}

/// Conformance: 24, 25.
#[test]
fn the_secret_of_a_token_that_is_being_generated_reaches_the_state() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    running.signal_group(Signal::INT);

    // The plugin is in the group.
    running.wait_until_it_says("ignored SIGINT");
    check(running, &hold, &workspace);
}

#[test]
fn it_reaches_the_state_as_well_when_terraform_is_terminated() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    running.signal(Signal::TERM);

    check(running, &hold, &workspace);
}

/// In a container, where Terraform may be process 1 and the plugin's parent too: nobody is an orphan.
#[cfg(target_os = "linux")]
#[test]
fn it_reaches_the_state_as_well_where_terraform_is_the_first_process() {
    if !Workspace::can_be_first() {
        return;
    }
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start_as_first);

    running.signal_group(Signal::INT);

    check(running, &hold, &workspace);
}

/// Presses Ctrl-C twice: Terraform waits no longer.
#[track_caller]
fn interrupt_twice(running: Running) {
    running.signal_group(Signal::INT);
    running.wait_until_it_says("Interrupt received");
    running.signal_group(Signal::INT);
    let run = running.ends().fails();
    run.says("Two interrupts received")
        .says("the process has to end while this is in flight")
        .says("generating an audit trail token for organization my-org-name")
        .does_not_say("failed to exit gracefully");
}

#[test]
fn after_a_second_ctrl_c_the_log_and_the_next_plan_tell_of_the_new_token() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    interrupt_twice(running);

    hold.release_all();
    workspace.left_nothing();
    assert_eq!(workspace.example(TOKEN), Value::Null);
    workspace.is_told_of_a_token_that_nobody_manages();
}

#[test]
fn after_a_second_ctrl_c_during_a_regeneration_the_next_plan_tells_of_it() {
    let workspace = workspace();
    workspace.apply();
    let before = workspace.example(TOKEN);
    workspace.configure(&until("2051-04-11T23:15:59Z"));
    let (running, hold) = apply(&workspace, Workspace::start);

    interrupt_twice(running);

    hold.release_all();
    workspace.left_nothing();
    assert_eq!(workspace.example(TOKEN), before);
    workspace.is_told_of_a_replaced_token();
}

fn until(date: &str) -> String {
    BASIC.replace(
        "\"my-org-name\"",
        &format!("\"my-org-name\"\n  expired_at = {date:?}"),
    )
}
