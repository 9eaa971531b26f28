//! Terraform destroys one object and creates another of the same organization at the same time: a
//! resource that was renamed without a `moved` block.

use std::time::Duration;

use terraform_provider_tfe::simulator::{Fault, Method};

use crate::workspace::Workspace;

fn block(name: &str) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" \"{name}\" {{\n  organization     = \"my-org-name\"\n  \
         force_regenerate = true\n}}\n"
    )
}

/// The slower of the two requests waits until the other object has looked.
fn renamed(slow: Method) {
    let workspace = Workspace::new();
    workspace.configure(&block("before"));
    workspace.apply();

    let slow = Fault::on(slow, "authentication-token");
    workspace
        .simulator
        .inject(slow.delay_change(Duration::from_secs(1)));
    workspace.configure(&block("example"));
    workspace.try_apply().succeeds();

    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .expect("the new token lives");
    let object = workspace.example("tfe_audit_trail_token");
    assert_eq!(object["token"], token.secret.expose());
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
