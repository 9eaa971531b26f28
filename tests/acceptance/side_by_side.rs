//! Terraform destroys one object and creates another of the same organization at the same time: a
//! resource that was renamed without a `moved` block.

use terraform_provider_tfe::simulator::{Fault, Hold, Method};

use crate::service::within;
use crate::workspace::{APPLY, Workspace};

fn block(name: &str) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" \"{name}\" {{\n  organization     = \"my-org-name\"\n  \
         force_regenerate = true\n}}\n"
    )
}

/// The slower of the two requests waits until the other object wants to act too.
fn renamed(slow: Method) {
    let mut workspace = Workspace::new();
    workspace.configure(&block("before"));
    workspace.apply();

    let (slow, hold) = (Fault::on(slow, "authentication-token"), Hold::new());
    workspace.simulator.inject(slow.hold(&hold));
    workspace.configure(&block("example"));
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    let running = workspace.start(APPLY);
    within(hold.arrived());
    running.wait_until_it_says("waits for its turn");
    hold.open();
    running.ends().succeeds();

    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
}

#[test]
fn a_slow_deletion_does_not_hit_the_successor() {
    renamed(Method::DELETE);
}

#[test]
fn a_slow_generation_is_not_undone() {
    renamed(Method::POST);
}
