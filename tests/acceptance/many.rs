//! Many organizations in one configuration: one client, one rate limit.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tfe_simulator::Simulator;

use crate::workspace::{APPLY, Workspace};

const ORGANIZATIONS: usize = 10;

/// Requests that the service answers within a second.
const RATE: u32 = 25;

/// As many as Terraform lets work side by side.
const PARALLEL: usize = 10;

fn names() -> Vec<String> {
    (0..ORGANIZATIONS).map(|i| format!("org-{i}")).collect()
}

/// When each request was answered, and how.
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
    for name in names() {
        workspace.simulator.add_organization(name.as_str());
    }
    workspace.configure(&format!(
        "resource \"tfe_audit_trail_token\" \"example\" {{\n  for_each     = toset({:?})\n  \
         organization = each.key\n}}\n",
        names()
    ));

    workspace
        .terraform(APPLY)
        .succeeds()
        .says("10 added, 0 changed, 0 destroyed");

    check_states(&workspace, &workspace.simulator);
    // Two processes talk: one plans, one applies.
    let connections = workspace.simulator.connections();
    let requests = workspace.simulator.requests().len();
    assert!(
        connections <= 4 * PARALLEL && 2 * connections < requests,
        "{connections} connections for {requests} requests"
    );
    check_answers(&answers.lock().unwrap());
}

/// Every state has the secret of its organization's token.
fn check_states(workspace: &Workspace, simulator: &Simulator) {
    let state = workspace.state();
    let instances = state["resources"][0]["instances"].as_array().unwrap();
    assert_eq!(instances.len(), ORGANIZATIONS);
    for instance in instances {
        let object = &instance["attributes"];
        let name = object["organization"].as_str().unwrap();
        let token = simulator.audit_trail_token(name).unwrap();
        assert_eq!(object["token"], token.secret.expose(), "{name}");
        assert_eq!(object["status"], "current", "{name}");
        assert_eq!(instance["status"], Value::Null, "{name} is not tainted");
    }
}

/// The limit was met, and whoever met it waited: none asked twice within one window.
fn check_answers(answers: &[(Instant, Option<u16>)]) {
    let refused: Vec<Instant> = answers
        .iter()
        .filter(|(_, status)| *status == Some(429))
        .map(|(at, _)| *at)
        .collect();
    assert!(!refused.is_empty(), "the limit was never met");
    for start in &refused {
        let end = *start + Duration::from_millis(500);
        let burst = refused.iter().filter(|at| (*start..end).contains(*at));
        let burst = burst.count();
        assert!(burst <= PARALLEL, "{burst} refusals within half a second");
    }
}
