//! Terraform destroys one object and creates another of the same organization at the same time: a
//! resource that was renamed without a `moved` block.

use tfe_simulator::{Breakpoint, Fault, Method};

use crate::service::within;
use crate::workspace::{APPLY, Workspace};

fn block(name: &str) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" \"{name}\" {{\n  organization     = \"my-org-name\"\n  \
         force_regenerate = true\n}}\n"
    )
}

/// Which of the two acts first is Terraform's and the machine's to say: whichever does waits with its
/// request in flight until the other wants to act too. (Every order is tried in `tests/protocol`.)
#[test]
fn an_object_that_goes_and_one_that_comes_take_turns() {
    let mut workspace = Workspace::new();
    workspace.configure(&block("before"));
    workspace.apply();

    let hold = Breakpoint::new();
    for method in [Method::DELETE, Method::POST] {
        let slow = Fault::on(method, "authentication-token");
        workspace.simulator.inject(slow.pause_request(&hold));
    }
    workspace.configure(&block("example"));
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    let running = workspace.start(APPLY);
    within(hold.arrived());
    running.wait_until_it_says("waits for its turn");
    hold.release_all();
    running.ends().succeeds();

    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
}
