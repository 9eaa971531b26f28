//! Ctrl-C and SIGTERM while a token is being generated (F10).
//!
//! The service has generated the token, and answers only when Terraform and the plugin know of the
//! interrupt.

use rustix::process::Signal;
use serde_json::Value;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};
use crate::workspace::commands::APPLY;
#[cfg(target_os = "linux")]
use crate::workspace::commands::pid_namespaces_are_allowed;
use crate::workspace::running_command::RunningCommand;
use crate::workspace::simulator::wait_for;

/// What the plugin logs when Terraform calls `StopProvider`.
const STOPPED: &str = "waits end now";

fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    workspace.configure(BASIC);
    workspace
}

/// Starts an apply, and returns when its POST was executed and is not answered.
fn apply(
    workspace: &Workspace,
    start: fn(&Workspace, &[&str]) -> RunningCommand,
) -> (RunningCommand, Breakpoint) {
    let hold = Breakpoint::new();
    let post = Fault::on(Method::POST, "authentication-token");
    workspace.simulator.inject(post.pause_response(&hold));
    let running = start(workspace, APPLY);
    wait_for(hold.arrived());
    (running, hold)
}

/// Expects that the secret reaches the state of the interrupted apply, which does nothing else.
#[track_caller]
fn check(running: RunningCommand, hold: &Breakpoint, workspace: &Workspace) {
    running.wait_until_it_prints("Interrupt received");
    running.wait_until_it_prints(STOPPED);
    hold.release_all();

    let run = running.finishes().fails();
    run.prints("Creation complete").prints("execution halted");
    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
    workspace.left_no_temporary_file();
}

/// Conformance: 24, 25.
#[test]
fn after_ctrl_c_the_secret_of_a_token_that_is_being_generated_reaches_the_state() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    running.signal_group(Signal::INT);

    // The plugin is in the process group as well.
    running.wait_until_it_prints("ignored SIGINT");
    check(running, &hold, &workspace);
}

#[test]
fn when_terraform_is_terminated_the_secret_reaches_the_state() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    running.signal(Signal::TERM);

    check(running, &hold, &workspace);
}

/// In a container Terraform may be process 1, and the parent of the plugin: that does not make the
/// plugin an orphan.
#[cfg(target_os = "linux")]
#[test]
fn where_terraform_is_the_first_process_the_secret_reaches_the_state() {
    if !pid_namespaces_are_allowed() {
        return;
    }
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start_as_first_process);

    running.signal_group(Signal::INT);

    check(running, &hold, &workspace);
}

/// Presses Ctrl-C twice, after which Terraform waits for nothing.
#[track_caller]
fn interrupt_twice(running: RunningCommand) {
    running.signal_group(Signal::INT);
    running.wait_until_it_prints("Interrupt received");
    running.signal_group(Signal::INT);
    let run = running.finishes().fails();
    run.prints("Two interrupts received")
        .prints("the process has to end while this is in flight")
        .prints("generating an audit trail token for organization my-org-name")
        .does_not_print("failed to exit gracefully");
}

#[test]
fn after_a_second_ctrl_c_the_log_and_the_next_plan_report_the_new_token() {
    let workspace = workspace();
    let (running, hold) = apply(&workspace, Workspace::start);

    interrupt_twice(running);

    hold.release_all();
    workspace.left_no_temporary_file();
    assert_eq!(workspace.example(TOKEN), Value::Null);
    workspace.protects_an_unmanaged_token();
}

#[test]
fn after_a_second_ctrl_c_during_a_regeneration_the_next_plan_reports_it() {
    let workspace = workspace();
    workspace.apply();
    let before = workspace.example(TOKEN);
    workspace.configure(&BASIC.replace("}", "  expired_at = \"2051-04-11T23:15:59Z\"\n}"));
    let (running, hold) = apply(&workspace, Workspace::start);

    interrupt_twice(running);

    hold.release_all();
    workspace.left_no_temporary_file();
    assert_eq!(workspace.example(TOKEN), before);
    workspace.protects_a_token_that_replaced_its_own();
}
