//! Actions: `terraform apply -invoke`, and `action_trigger` in a resource's lifecycle.

use rustix::process::Signal;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::host::{self, Feature};
use crate::run::Run;
use crate::service::within;
use crate::workspace::Workspace;

const INVOKE: &[&str] = &[
    "apply",
    "-no-color",
    "-auto-approve",
    "-invoke=action.tfe_revoke_audit_trail_token.example",
];

fn action(id: &str) -> String {
    format!(
        "action \"tfe_revoke_audit_trail_token\" \"example\" {{\n  config {{\n    \
         organization = \"my-org-name\"\n    token_id     = {id}\n  }}\n}}\n"
    )
}

/// An organization with a token, and a configuration that would revoke it.
fn workspace() -> (Workspace, String) {
    let workspace = Workspace::new();
    let id = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.configure(&action(&format!("{id:?}")));
    (workspace, id)
}

fn invoke(workspace: &Workspace) -> Run {
    workspace.terraform(INVOKE)
}

fn has_token(workspace: &Workspace) -> bool {
    let token = workspace.simulator.audit_trail_token("my-org-name");
    token.is_some()
}

/// Conformance: 70.
#[test]
fn an_invocation_warns_revokes_and_shows_its_progress() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    let planned = workspace.terraform(&[
        "plan",
        "-no-color",
        "-invoke=action.tfe_revoke_audit_trail_token.example",
    ]);
    planned
        .succeeds()
        .says("The Audit Trail Token Will Be Revoked");
    assert_eq!(workspace.current_id(), id);

    let run = invoke(&workspace).succeeds();
    run.says(&format!("Revoking the audit trail token {id}"))
        .says(&format!("the audit trail token {id} is dead"));
    assert!(!has_token(&workspace));
    assert_eq!(workspace.count("DELETE"), 1);

    // Once more does no harm.
    invoke(&workspace).succeeds().says("nothing to revoke");
    assert_eq!(workspace.count("DELETE"), 1);
}

#[test]
fn another_token_survives_and_the_run_fails() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    let run = invoke(&workspace).fails();
    run.says("Another Audit Trail Token Is Live")
        .says(&id)
        .says(&other)
        .says("Nothing was revoked");
    assert_eq!(workspace.current_id(), other);
    assert_eq!(workspace.count("DELETE"), 0);
}

#[test]
fn nothing_else_of_the_configuration_is_applied_and_the_next_apply_makes_a_new_token() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let workspace = Workspace::new();
    let resource = "resource \"tfe_audit_trail_token\" \"example\" {\n  organization = \
                    \"my-org-name\"\n}\n";
    workspace.configure(resource);
    workspace.apply();
    let id = workspace.current_id();
    workspace.configure(&format!("{resource}{}", action(&format!("{id:?}"))));
    invoke(&workspace).succeeds();
    assert!(!has_token(&workspace));
    workspace
        .plan()
        .exits(2)
        .says("The Audit Trail Token Is Gone");
    workspace.apply();
    workspace.holds_the_live_secret();
    assert_ne!(workspace.current_id(), id);
}

#[test]
fn a_trigger_in_a_lifecycle_revokes() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    workspace.configure(&format!(
        "resource \"terraform_data\" \"incident\" {{\n  input = \"ticket\"\n  lifecycle {{\n    \
         action_trigger {{\n      events  = [after_create]\n      actions = \
         [action.tfe_revoke_audit_trail_token.example]\n    }}\n  }}\n}}\n{}",
        action(&format!("{id:?}"))
    ));
    let run = workspace.apply();
    run.says("The Audit Trail Token Will Be Revoked")
        .says(&format!("the audit trail token {id} is dead"));
    assert!(!has_token(&workspace));
}

#[test]
fn a_token_that_is_known_only_at_apply_is_revoked_there() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    workspace.configure(&format!(
        "resource \"terraform_data\" \"incident\" {{\n  input = {id:?}\n  lifecycle {{\n    \
         action_trigger {{\n      events  = [after_create]\n      actions = \
         [action.tfe_revoke_audit_trail_token.example]\n    }}\n  }}\n}}\n{}",
        action("terraform_data.incident.output")
    ));
    workspace.apply();
    assert!(!has_token(&workspace));
}

#[test]
fn a_lost_answer_is_looked_up_and_not_repeated() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    let cut = Fault::on(Method::DELETE, "authentication-token");
    workspace.simulator.inject(cut.after_change().cut());
    let run = invoke(&workspace).succeeds();
    run.says(&format!("the audit trail token {id} is dead"));
    assert_eq!(workspace.count("DELETE"), 1);
}

#[test]
fn an_interrupt_does_not_abandon_what_was_sent() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (mut workspace, id) = workspace();
    // The plugin says when Terraform has told it to stop, and only if a call was in flight: the
    // process of the plan is stopped as well, when it has nothing to do any more.
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    let hold = Breakpoint::new();
    let held = Fault::on(Method::DELETE, "authentication-token").pause_request(&hold);
    workspace.simulator.inject(held);
    let running = workspace.start(INVOKE);
    within(hold.arrived());
    running.signal_group(Signal::INT);
    running.wait_until_it_says("waits end now");
    hold.release();
    let run = running.ends().fails();
    run.says("The Audit Trail Token Was Revoked Despite the Interrupt")
        .says(&id);
    assert!(!has_token(&workspace));
}

#[test]
fn bad_arguments_are_told() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    for (config, words) in [
        ("token_id = \"\"", "Invalid Token ID"),
        ("", "token_id"),
        (
            "token_id = \"at-1\"\n organization = \"a/b\"",
            "Invalid Organization Name",
        ),
        ("token_id = null", "token_id"),
    ] {
        workspace.configure(&format!(
            "action \"tfe_revoke_audit_trail_token\" \"example\" {{\n  config {{\n    {config}\n  \
             }}\n}}\n"
        ));
        invoke(&workspace).fails().says(words);
    }
    // Without a block Terraform asks for nothing that it should hold.
    workspace.configure("action \"tfe_revoke_audit_trail_token\" \"example\" {}\n");
    invoke(&workspace).fails();
    assert_eq!(workspace.current_id(), id);
    assert_eq!(workspace.count("DELETE"), 0);
}
