//! `terraform taint` and `-replace`: the private data that Terraform hands over, and the warnings that it shows.
//!
//! Every order of a provider's calls is tested in process, in `tests/protocol/audit_trail_token`.

use tfe_simulator::{Fault, Method};

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;
use crate::workspace::commands::APPLY;

const ADDRESS: &str = "tfe_audit_trail_token.example";
const FORCED: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization     = "my-org-name"
  force_regenerate = true
}
"#;
const REPLACE: &[&str] = &[
    "apply",
    "-no-color",
    "-auto-approve",
    "-replace=tfe_audit_trail_token.example",
];

/// Returns a workspace whose imported object follows a token that somebody else has generated.
fn following() -> Workspace {
    let workspace = Workspace::new();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.configure(BASIC);
    workspace
        .terraform(&["import", "-no-color", ADDRESS, "my-org-name"])
        .succeeds();
    workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace
        .terraform(&["apply", "-no-color", "-auto-approve", "-refresh-only"])
        .succeeds();
    workspace
}

/// The plan said "Creating this resource will fail" of the object's own token.
#[test]
fn a_tainted_token_is_replaced_without_a_warning_of_itself() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let before = workspace.token_id();
    workspace
        .terraform(&["taint", "-no-color", ADDRESS])
        .succeeds();

    workspace
        .plan()
        .exits(2)
        .does_not_print("Exists Already")
        .does_not_print("will fail")
        .does_not_print("Two Resources");
    workspace.apply().prints("1 added, 0 changed, 1 destroyed");
    assert_ne!(workspace.token_id(), before);
    workspace.holds_the_live_secret();
}

/// `prevent_destroy` blocks every plan of the tainted object.
#[test]
fn a_lost_secret_under_prevent_destroy_is_regenerated_after_the_untaint_that_the_error_names() {
    let workspace = Workspace::new();
    workspace.configure(&BASIC.replace(
        "\"my-org-name\"",
        "\"my-org-name\"\n  lifecycle { prevent_destroy = true }",
    ));
    let lost = Fault::on(Method::POST, "authentication-token").always();
    workspace.simulator.inject(lost.after_change().status(502));
    workspace.try_apply().fails().prints("terraform untaint");
    workspace.simulator.clear_faults();
    workspace.plan().exits(1);

    workspace
        .terraform(&["untaint", "-no-color", ADDRESS])
        .succeeds();
    workspace.apply().prints("0 added, 1 changed, 0 destroyed");
    workspace.holds_the_live_secret();
}

/// Deleting left the token alone, creating was refused, and the object was out of the state.
#[test]
fn replacing_a_followed_token_without_force_is_refused_while_planning() {
    let workspace = following();
    let (token, state) = (workspace.token_id(), workspace.state());
    workspace
        .terraform(REPLACE)
        .fails()
        .prints("Replacing This Resource Will Fail")
        .prints(&token);
    assert_eq!(workspace.state()["resources"], state["resources"]);

    workspace
        .terraform(&["taint", "-no-color", ADDRESS])
        .succeeds();
    workspace
        .try_apply()
        .fails()
        .prints("terraform untaint")
        .prints(&token);
    workspace
        .terraform(&["untaint", "-no-color", ADDRESS])
        .succeeds();
    assert_eq!(workspace.state()["resources"], state["resources"]);
    assert_eq!(workspace.token_id(), token);
}

/// The plan said that the apply is refused, and the apply said "Left Alone" beside "Is Invalidated".
#[test]
fn replacing_with_force_never_says_the_opposite_of_what_happens() {
    let replaced = Workspace::new();
    replaced.configure(FORCED);
    replaced.apply();
    replaced.simulator.regenerate_elsewhere("my-org-name");
    let followed = following();
    followed.configure(FORCED);

    for workspace in [replaced, followed] {
        let other = workspace.token_id();
        workspace
            .terraform(REPLACE)
            .succeeds()
            .prints(&other)
            .prints("Is Invalidated")
            .does_not_print("Will Be Refused")
            .does_not_print("Left Alone")
            .does_not_print("not deleted");
        assert_ne!(workspace.token_id(), other);
        workspace.holds_the_live_secret();
        workspace.plan().exits(0);
    }
}

#[test]
fn creating_before_destroying_reports_no_token_as_left_alone_or_deleted() {
    let workspace = Workspace::new();
    workspace.configure(&FORCED.replace(
        "= true\n",
        "= true\n  lifecycle { create_before_destroy = true }\n",
    ));
    workspace.terraform(APPLY).succeeds();
    workspace
        .terraform(REPLACE)
        .succeeds()
        .does_not_print("Left Alone")
        .does_not_print("Will Be Deleted");
    workspace.holds_the_live_secret();
}
