//! A token that somebody else has generated: what the plan says of it, and that the apply leaves it alone.

use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};

const DATED: &str = r#"
import {
  to = tfe_audit_trail_token.example
  id = "my-org-name"
}
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
  expired_at   = "2051-04-11T23:15:59Z"
}
"#;

/// A colleague regenerated the imported token with another date: the next apply invalidated it, without a change of the
/// configuration.
#[test]
fn a_followed_token_is_not_regenerated_by_its_date() {
    let workspace = Workspace::new();
    let simulator = &workspace.simulator;
    let date = "2051-04-11T23:15:59Z".parse().unwrap();
    simulator.regenerate_elsewhere_until("my-org-name", date);
    workspace.configure(DATED);
    workspace.apply().prints("1 imported, 0 added, 0 changed");

    let later = date + chrono::Duration::days(1);
    let theirs = simulator.regenerate_elsewhere_until("my-org-name", later);
    let keeps = "A Followed Audit Trail Token Keeps Its Date";
    workspace.plan().exits(2).prints(keeps).prints(&theirs.id);
    workspace.apply();
    assert_eq!(workspace.token_id(), theirs.id);
    assert_eq!(workspace.example(TOKEN)["token_id"], theirs.id);
    assert_eq!(workspace.count("POST") + workspace.count("DELETE"), 0);

    let destroyed = workspace.destroy();
    destroyed.prints("The Audit Trail Token Is Left Alone");
    assert_eq!(workspace.token_id(), theirs.id);
}

/// The plan said "will be destroyed" and nothing else; only the apply said that the token was left alone.
#[test]
fn the_plan_of_destroying_a_replaced_token_says_that_it_is_left_alone() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let other = workspace.simulator.regenerate_elsewhere("my-org-name").id;
    let left_alone = "The Audit Trail Token Is Left Alone";
    let plan = workspace.terraform(&["plan", "-no-color", "-destroy"]);
    plan.succeeds().prints(left_alone).prints(&other);
    workspace.destroy().prints(&other);
    assert_eq!(workspace.token_id(), other);
}
