//! Changes that Terraform makes at the same time: in one apply, or in two applies with a state each.
//!
//! Every order of the requests is tested in process, in `tests/protocol`.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tfe_simulator::{Breakpoint, Fault, Method};

use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};
use crate::workspace::commands::APPLY;
use crate::workspace::simulator::wait_for;

/// An API token of another user who owns every organization.
const OTHER_OWNER: &str = "owner-token-of-another-user";

const ORGANIZATIONS: usize = 10;

/// Requests that the service answers in a second.
const RATE: u32 = 25;

/// Terraform's default `-parallelism`.
const PARALLELISM: usize = 10;

/// The API has no conditional POST: an apply that reads before the other's POST invalidates the
/// other's token. Each state is right as of its last read, and the next plan reports the rest.
#[test]
fn of_two_applies_with_a_state_each_one_token_survives_and_the_other_state_reports_it() {
    let first = Workspace::new();
    first.simulator.add_owner_token(OTHER_OWNER);
    let mut second = Workspace::beside(first.simulator.clone());
    second.set("TFE_TOKEN", OTHER_OWNER);
    first.configure(BASIC);
    second.configure(BASIC);
    let hold = Breakpoint::new();
    let posts = Fault::on(Method::POST, "authentication-token").times(2);
    first.simulator.inject(posts.pause_request(&hold));
    let (one, other) = (first.start(APPLY), second.start(APPLY));
    wait_for(hold.arrived());
    wait_for(hold.arrived());

    hold.release_all();
    one.finishes().succeeds();
    other.finishes().succeeds();

    let live = first.token_id();
    let (winner, loser) = if first.example(TOKEN)["token_id"] == live {
        (first, second)
    } else {
        (second, first)
    };
    winner.holds_the_live_secret();
    winner.plan().exits(0);
    loser.protects_a_token_that_replaced_its_own();
}

/// A resource that was renamed without a `moved` block. Terraform decides which of the two acts
/// first: that one waits with its request in flight until the other wants to act.
#[test]
fn an_object_that_is_destroyed_and_one_that_is_created_take_turns() {
    let block = |name: &str| {
        BASIC
            .replace("\"example\"", &format!("{name:?}"))
            .replace("}", "  force_regenerate = true\n}")
    };
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
    wait_for(hold.arrived());
    running.wait_until_it_prints("waits for its turn");
    hold.release_all();
    running.finishes().succeeds();

    workspace.holds_the_live_secret();
    workspace.plan().exits(0);
}

/// When each request was answered, and with which status.
type Answers = Arc<Mutex<Vec<(Instant, Option<u16>)>>>;

#[test]
fn ten_organizations_share_a_client_and_keep_to_the_rate_limit() {
    let answers = Answers::default();
    let seen = Arc::clone(&answers);
    let workspace = Workspace::with(|builder| {
        builder
            .settings(|settings| settings.rate_limit = Some(RATE))
            .on_request(move |request| {
                let answer = (Instant::now(), request.status);
                seen.lock().unwrap().push(answer);
            })
    });
    let names: Vec<_> = (0..ORGANIZATIONS).map(|i| format!("org-{i}")).collect();
    for name in &names {
        workspace.simulator.add_organization(name.as_str());
    }
    workspace.configure(&format!(
        "resource \"tfe_audit_trail_token\" \"example\" {{\n  for_each     = toset({names:?})\n  \
         organization = each.key\n}}\n"
    ));

    workspace
        .terraform(APPLY)
        .succeeds()
        .prints("10 added, 0 changed, 0 destroyed");

    every_instance_holds_its_live_secret(&workspace);
    // Two processes send requests: one plans, one applies.
    let connections = workspace.simulator.connections();
    let requests = workspace.simulator.requests().len();
    assert!(
        connections <= 4 * PARALLELISM && 2 * connections < requests,
        "{connections} connections for {requests} requests"
    );
    nobody_retries_before_the_limit_resets(&answers.lock().unwrap());
}

#[track_caller]
fn every_instance_holds_its_live_secret(workspace: &Workspace) {
    let state = workspace.state();
    let instances = state["resources"][0]["instances"].as_array().unwrap();
    assert_eq!(instances.len(), ORGANIZATIONS);
    for instance in instances {
        let object = &instance["attributes"];
        let name = object["organization"].as_str().unwrap();
        let token = workspace.simulator.audit_trail_token(name).unwrap();
        assert_eq!(object["token"], token.secret.expose(), "{name}");
        assert_eq!(object["status"], "current", "{name}");
        assert_eq!(instance["status"], Value::Null, "{name} is not tainted");
    }
}

/// The service refused requests, and none of the callers asked twice within half a second.
#[track_caller]
fn nobody_retries_before_the_limit_resets(answers: &[(Instant, Option<u16>)]) {
    let refused: Vec<Instant> = answers
        .iter()
        .filter(|(_, status)| *status == Some(429))
        .map(|(at, _)| *at)
        .collect();
    assert!(!refused.is_empty(), "the limit was never reached");
    for start in &refused {
        let end = *start + Duration::from_millis(500);
        let burst = refused.iter().filter(|at| (*start..end).contains(*at));
        let burst = burst.count();
        assert!(
            burst <= PARALLELISM,
            "{burst} refusals within half a second"
        );
    }
}
