//! Two applies at once for one organization, each with a state of its own.
//!
//! The API has no conditional POST: an apply that looked before the other's POST kills the other's
//! token. What each state says is true as of its last look, and the next plan tells the rest. Every
//! order of the requests is tried in `tests/protocol/races`; here, the telling ones with a real
//! Terraform.

use tfe_simulator::{Breakpoint, Fault, Method};

use crate::service::within;
use crate::workspace::{APPLY, Workspace};

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// The secret of whoever owns the second state.
const OTHER: &str = "owner-token-of-somebody-else";

/// Two workspaces for one organization.
fn two() -> (Workspace, Workspace) {
    let first = Workspace::new();
    first.simulator.add_owner_token(OTHER);
    let mut second = Workspace::beside(first.simulator.clone());
    second.set("TFE_TOKEN", OTHER);
    first.configure(BASIC);
    second.configure(BASIC);
    (first, second)
}

#[test]
fn both_look_before_either_generates_and_one_state_says_that_its_token_is_dead() {
    let (first, second) = two();
    let hold = Breakpoint::new();
    let posts = Fault::on(Method::POST, "authentication-token").times(2);
    first.simulator.inject(posts.pause_request(&hold));
    let (one, other) = (first.start(APPLY), second.start(APPLY));
    within(hold.arrived());
    within(hold.arrived());

    hold.release_all();
    one.ends().succeeds();
    other.ends().succeeds();

    let live = first.current_id();
    let (winner, loser) = if first.example(TOKEN)["token_id"] == live {
        (first, second)
    } else {
        (second, first)
    };
    winner.holds_the_live_secret();
    winner.plan().exits(0);
    loser.is_told_of_a_replaced_token();
}

#[test]
fn one_generates_between_the_others_look_and_post_and_is_told_by_its_next_plan() {
    let (first, second) = two();
    let hold = Breakpoint::new();
    let post = Fault::on(Method::POST, "authentication-token").by(OTHER);
    first.simulator.inject(post.pause_request(&hold));
    let late = second.start(APPLY);
    within(hold.arrived());

    first.apply();
    first.holds_the_live_secret();
    hold.release_all();

    late.ends().succeeds();
    second.holds_the_live_secret();
    second.plan().exits(0);
    first.is_told_of_a_replaced_token();
}

#[test]
fn a_confirming_look_that_shows_the_others_token_is_told_at_once() {
    let (first, second) = two();
    let (post, confirm) = (Breakpoint::new(), Breakpoint::new());
    let on = |method| Fault::on(method, "authentication-token").by(OTHER);
    first
        .simulator
        .inject(on(Method::POST).pause_response(&post));
    let overtaken = second.start(APPLY);
    within(post.arrived());
    first
        .simulator
        .inject(on(Method::GET).pause_request(&confirm));
    post.release_all();
    within(confirm.arrived());

    // The other one looks, sees a token, and is allowed to replace it.
    first.configure(&BASIC.replace("}", "  force_regenerate = true\n}"));
    first.apply();
    confirm.release_all();

    let told = overtaken.ends().succeeds();
    told.says("The New Audit Trail Token Was Replaced at Once")
        .says(&first.current_id());
    assert_eq!(second.example(TOKEN)["status"], "replaced");
    first.holds_the_live_secret();
    second.is_told_of_a_replaced_token();
}

#[test]
fn a_create_after_the_others_refuses() {
    let (first, second) = two();
    first.apply();

    second
        .try_apply()
        .fails()
        .says("An audit trail token already exists");

    first.holds_the_live_secret();
    first.plan().exits(0);
}
