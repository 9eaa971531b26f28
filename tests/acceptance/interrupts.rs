//! Ctrl-C while a token is being generated: its secret reaches the state (F10).

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use terraform_provider_tfe::simulator::{Fault, Method};

use crate::workspace::Workspace;

#[test]
fn the_secret_of_a_token_that_is_being_generated_reaches_the_state() {
    let workspace = Workspace::new();
    workspace.configure(
        "resource \"tfe_audit_trail_token\" \"example\" {\n  organization = \"my-org-name\"\n}\n",
    );
    let group = Arc::new(AtomicI32::new(0));

    // The service has generated the token; before it answers, the practitioner presses Ctrl-C.
    let terraform = Arc::clone(&group);
    let interrupt = move |_: &_| {
        let group = Pid::from_raw(terraform.load(Ordering::SeqCst)).unwrap();
        kill_process_group(group, Signal::INT).unwrap();
    };
    let late = Fault::on(Method::POST, "authentication-token");
    workspace
        .simulator
        .inject(late.meanwhile(interrupt).delay(Duration::from_secs(1)));

    let run = workspace.terraform_in_group(&["apply", "-no-color", "-auto-approve"], |id| {
        group.store(id, Ordering::SeqCst)
    });
    run.says("Interrupt received");
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token"], token.secret.expose());
    workspace.plan().exits(0);
    assert_eq!(workspace.count("POST"), 1);
}
