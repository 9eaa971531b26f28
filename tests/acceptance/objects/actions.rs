//! Actions: `terraform apply -invoke`, and `action_trigger` in a resource's lifecycle.

use rustix::process::Signal;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::host::{self, Feature};
use crate::workspace::checks::BASIC;
use crate::workspace::command_output::CommandOutput;
use crate::workspace::simulator::wait_for;
use crate::workspace::{Workspace, repository};

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

/// A resource whose creation triggers the action.
const TRIGGER: &str = r#"
resource "terraform_data" "incident" {
  input = "INPUT"
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.tfe_revoke_audit_trail_token.example]
    }
  }
}
"#;

/// Returns a workspace whose organization has a token and whose configuration can revoke it.
fn workspace() -> (Workspace, String) {
    let workspace = Workspace::new();
    let id = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace.configure(&action(&format!("{id:?}")));
    (workspace, id)
}

fn invoke(workspace: &Workspace) -> CommandOutput {
    workspace.terraform(INVOKE)
}

/// Conformance: 70.
#[test]
fn invoking_it_warns_revokes_and_shows_progress() {
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
        .prints("The Audit Trail Token Will Be Revoked");
    assert_eq!(workspace.token_id(), id);

    let run = invoke(&workspace).succeeds();
    run.prints(&format!("Revoking the audit trail token {id}"))
        .prints(&format!("the audit trail token {id} is dead"));
    assert!(!workspace.has_a_token());
    assert_eq!(workspace.count("DELETE"), 1);

    // A second invocation finds nothing to revoke.
    invoke(&workspace).succeeds().prints("nothing to revoke");
    assert_eq!(workspace.count("DELETE"), 1);
}

#[test]
fn invoking_it_applies_nothing_else_and_the_next_apply_creates_a_new_token() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let id = workspace.token_id();
    workspace.configure(&format!("{BASIC}{}", action(&format!("{id:?}"))));
    invoke(&workspace).succeeds();
    assert!(!workspace.has_a_token());
    workspace
        .plan()
        .exits(2)
        .prints("The Audit Trail Token Is Gone");
    workspace.apply();
    workspace.holds_the_live_secret();
    assert_ne!(workspace.token_id(), id);
}

#[test]
fn a_trigger_in_a_lifecycle_revokes_the_token() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    workspace.configure(&format!("{TRIGGER}{}", action(&format!("{id:?}"))));
    let run = workspace.apply();
    run.prints("The Audit Trail Token Will Be Revoked")
        .prints(&format!("the audit trail token {id} is dead"));
    assert!(!workspace.has_a_token());
}

#[test]
fn a_trigger_revokes_a_token_whose_id_is_known_only_at_apply() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (workspace, id) = workspace();
    let trigger = TRIGGER.replace("INPUT", &id);
    let action = action("terraform_data.incident.output");
    workspace.configure(&format!("{trigger}{action}"));
    workspace.apply();
    assert!(!workspace.has_a_token());
}

#[test]
fn an_interrupt_does_not_abandon_a_revocation_in_flight() {
    if host::lacks(Feature::Actions) {
        return;
    }
    let (mut workspace, id) = workspace();
    // Terraform stops the plugin's process of the plan as well. Only the process with a call in
    // flight logs this text.
    workspace.set("TF_LOG_PROVIDER", "DEBUG");
    let hold = Breakpoint::new();
    let held = Fault::on(Method::DELETE, "authentication-token").pause_request(&hold);
    workspace.simulator.inject(held);
    let running = workspace.start(INVOKE);
    wait_for(hold.arrived());
    running.signal_group(Signal::INT);
    running.wait_until_it_prints("waits end now");
    hold.release();
    let run = running.finishes().fails();
    run.prints("The Audit Trail Token Was Revoked Despite the Interrupt")
        .prints(&id);
    assert!(!workspace.has_a_token());
}

/// An object whose destruction triggers the action, which is told the ID by the object.
const BEFORE_DESTROY: &str = r#"
resource "terraform_data" "collector" {
  input = "INPUT"
  lifecycle {
    action_trigger {
      events     = [before_destroy]
      actions    = [action.tfe_revoke_audit_trail_token.example]
      on_failure = HALT
    }
  }
}
"#;

/// Returns a workspace whose collector has the token of `my-org-name`.
fn with_collector(on_failure: &str) -> (Workspace, String) {
    let (workspace, id) = workspace();
    let collector = BEFORE_DESTROY
        .replace("INPUT", &id)
        .replace("HALT", on_failure);
    workspace.configure(&format!("{collector}{}", action("caller.output")));
    workspace.apply();
    (workspace, id)
}

#[test]
fn a_token_is_revoked_before_its_collector_is_destroyed() {
    if host::lacks(Feature::ActionsBeforeDestroy) {
        return;
    }
    let (workspace, id) = with_collector("halt");
    workspace
        .destroy()
        .prints("The Audit Trail Token Will Be Revoked")
        .prints(&format!("the audit trail token {id} is dead"));
    assert!(!workspace.has_a_token());
}

/// `terraform destroy` never stops because of an action (Terraform Core: `invokeDestroyActions`). A replacement does, unless
/// `on_failure` is `continue`.
#[test]
fn a_revocation_that_fails_stops_a_replacement_but_no_destruction() {
    if host::lacks(Feature::ActionsBeforeDestroy) {
        return;
    }
    let replace = "-replace=terraform_data.collector";
    for (on_failure, arguments, is_stopped) in [
        ("halt", ["apply", replace].as_slice(), true),
        ("continue", &["apply", replace], false),
        ("halt", &["apply", "-destroy"], false),
    ] {
        let (workspace, id) = with_collector(on_failure);
        let before = workspace.state();
        let refused = Fault::on(Method::DELETE, "authentication-token").status(403);
        workspace.simulator.inject(refused.always());
        let run = workspace.terraform(&[arguments, &["-no-color", "-auto-approve"]].concat());
        run.prints("Error Revoking Audit Trail Token").prints(&id);
        assert!(
            run.exited_with(i32::from(is_stopped)),
            "{on_failure} {arguments:?}\n{run}"
        );
        let stays = workspace.state()["resources"] == before["resources"];
        assert_eq!(stays, is_stopped, "{on_failure} {arguments:?}");
        assert_eq!(workspace.token_id(), id);
    }
}

/// Destroying the object leaves a token alone that it only follows.
#[test]
fn a_followed_token_is_revoked_before_its_object_is_destroyed() {
    if host::lacks(Feature::ActionsBeforeDestroy) {
        return;
    }
    let (workspace, _) = workspace();
    let import = "import {\n  to = tfe_audit_trail_token.example\n  id = \"my-org-name\"\n}\n";
    let example = "examples/actions/tfe_revoke_audit_trail_token/before-destroy.tf";
    let example = std::fs::read_to_string(repository(example)).unwrap();
    workspace.configure(&format!("{import}{example}"));
    workspace.apply();
    let theirs = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    workspace
        .destroy()
        .prints(&format!("the audit trail token {theirs} is dead"));
    assert!(!workspace.has_a_token());
}
