//! Reading the audit trail, and watching over the token.

use std::fs;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tfe_simulator::{Event, EventSeries};

use crate::host::host;
use crate::service::OWNER;
use crate::workspace::{Workspace, repository};

const KEY: &str = "YWNjZXB0YW5jZSB0ZXN0cywga2V5IG51bWJlciBvbmU=";
const HOUR: TimeDelta = TimeDelta::hours(1);

/// One whose provider works with the organization's own token.
fn workspace() -> Workspace {
    let mut workspace = Workspace::new();
    let own = workspace
        .simulator
        .regenerate_organization_token("my-org-name");
    workspace.set("TFE_TOKEN", own.secret.expose());
    workspace
}

fn example(name: &str) -> String {
    let path = repository("examples/data-sources/tfe_audit_trail_events").join(name);
    fs::read_to_string(path).unwrap()
}

#[track_caller]
fn output(workspace: &Workspace, name: &str) -> Value {
    workspace.state()["outputs"][name]["value"].clone()
}

#[test]
fn lists_the_last_regenerations_of_tokens() {
    let workspace = workspace();
    workspace.configure(&example("data-source.tf"));
    let simulator = &workspace.simulator;
    let now = simulator.now();
    simulator.set_clock(now - HOUR * 24 * 8);
    simulator.regenerate_elsewhere("my-org-name");
    simulator.set_clock(now - HOUR);
    let new = simulator.regenerate_elsewhere("my-org-name");
    simulator.set_clock(now);
    simulator.add_event("my-org-name", Event::new("run", "create"));
    workspace.apply();
    let changes = output(&workspace, "token_changes");
    let changes: Vec<_> = changes
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    // The organization's own token was generated last, the one that is older than a week is left out.
    assert_eq!(changes.len(), 3, "{changes:?}");
    let created = format!("create {} by {}", new.id, new.created_by_id);
    assert!(changes[1].ends_with(&created), "{changes:?}");
    assert!(changes[2].contains(" destroy at-"), "{changes:?}");
}

#[test]
fn a_new_token_is_verified_with_itself_and_leaves_no_trace() {
    let mut workspace = workspace();
    workspace.set("TFE_SEALING_KEY", KEY);
    workspace.set("TF_LOG", "TRACE");
    workspace.set("TF_LOG_PATH", &workspace.path("log").display().to_string());
    workspace.configure(&example("new-token.tf"));
    let mut said = String::new();
    let unchanged = host().plans_no_change_behind_an_ephemeral();
    for (arguments, code) in [
        (["plan", "-no-color", "-out=plan"].as_slice(), 0),
        (&["apply", "-no-color", "plan"], 0),
        (&["plan", "-no-color", "-detailed-exitcode"], unchanged),
        (&["show", "-json"], 0),
    ] {
        let run = workspace.terraform(arguments).exits(code);
        said.push_str(&run.stdout);
        said.push_str(&run.stderr);
    }
    let object = workspace.object("tfe_audit_trail_events", "data", "siem");
    let token = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    assert_eq!(object["events"][0]["resource"]["id"], json!(token.id));
    assert_eq!(object["token"], Value::Null);
    assert!(token.last_used_at.is_some());

    said.push_str(&fs::read_to_string(workspace.path("log")).unwrap());
    said.push_str(&workspace.read("terraform.tfstate"));
    assert!(
        said.contains("organization/audit-trail"),
        "nothing was logged"
    );
    assert!(!said.contains(token.secret.expose()));

    // Another one is read with as soon as it is there.
    let regenerated = example("new-token.tf").replace(
        "seal_token   = true",
        "seal_token   = true\n  force_regenerate = true",
    );
    workspace.configure(&regenerated);
    workspace.try_apply().succeeds();
    workspace.plan().exits(unchanged);
    let new = workspace
        .simulator
        .audit_trail_token("my-org-name")
        .unwrap();
    assert_ne!(new.id, token.id);
    assert!(new.last_used_at.is_some());
    workspace.destroy();
}

#[test]
fn check_blocks_watch_over_age_use_expiry_and_authors() {
    let workspace = workspace();
    let simulator = &workspace.simulator;
    workspace.configure(&example("checks.tf"));
    let now = simulator.now();
    let failed = "Check block assertion failed";
    let expiring = |at, until| {
        simulator.set_clock(at);
        simulator.regenerate_elsewhere_until("my-org-name", until);
        simulator.set_clock(now);
    };

    // On its first day nobody need have read with it.
    expiring(now - HOUR * 23, now + HOUR * 24 * 31);
    workspace.plan().exits(0).does_not_say(failed);

    expiring(now - HOUR * 25, now + HOUR * 24 * 31);
    workspace
        .plan()
        .exits(0)
        .says("Nobody has read the audit trail for a week.");
    simulator.use_token("my-org-name", now - HOUR * 24 * 6);
    workspace.plan().exits(0).does_not_say(failed);

    expiring(now - HOUR * 24 * 100, now + HOUR * 24 * 29);
    simulator.use_token("my-org-name", now - HOUR * 24 * 8);
    let impersonated = Event::new("authentication_token", "create").auth_type("Impersonated");
    simulator.add_event("my-org-name", impersonated);
    workspace
        .plan()
        .exits(0)
        .says("The audit trail token is 90 days old or older.")
        .says("Nobody has read the audit trail for a week.")
        .says("The audit trail token expires in less than a month.")
        .says("Somebody has generated a token in another's name.");
}

#[test]
fn its_own_token_is_hidden_and_in_the_state_alone() {
    let mut workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.set("TF_VAR_reader", token.secret.expose());
    workspace.set("TF_LOG", "TRACE");
    workspace.set("TF_LOG_PATH", &workspace.path("log").display().to_string());
    let text = |limit: &str| {
        format!(
            "variable \"reader\" {{\n  type = string\n}}\n\
             data \"tfe_audit_trail_events\" \"example\" {{\n  token = var.reader\n{limit}}}\n"
        )
    };
    workspace.configure(&text(""));
    let mut said = String::new();
    for arguments in [
        ["apply", "-no-color", "-auto-approve"].as_slice(),
        &["show", "-no-color"],
    ] {
        let run = workspace.terraform(arguments).succeeds();
        said.push_str(&run.stdout);
        said.push_str(&run.stderr);
    }
    let state = workspace.read("terraform.tfstate");
    assert_eq!(state.matches(token.secret.expose()).count(), 1);
    // The next one is dead: an error is no place for a secret either.
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let run = workspace.plan().fails();
    run.says("Unknown or Expired Token for the Audit Trail");
    said.push_str(&run.stdout);
    said.push_str(&run.stderr);
    said.push_str(&fs::read_to_string(workspace.path("log")).unwrap());
    assert!(!said.contains(token.secret.expose()));
}

#[test]
fn a_users_token_is_told_to_be_of_the_wrong_kind() {
    let workspace = Workspace::new();
    workspace.configure("data \"tfe_audit_trail_events\" \"example\" {}\n");
    let run = workspace.plan().fails();
    run.says("Wrong Kind of Token for the Audit Trail");
    run.does_not_say(OWNER);
}

#[test]
fn bad_input_is_told_at_its_line() {
    let workspace = workspace();
    for (argument, words) in [
        ("limit = 0", "from 1 to 50000, not 0"),
        ("limit = 1000000000", "not 1000000000"),
        ("since = \"yesterday\"", "\"yesterday\" is not a date"),
        ("until = \"2026-13-01T00:00:00Z\"", "is not a date"),
        (
            "since = \"2026-01-02T00:00:00Z\"\n  until = \"2026-01-01T00:00:00Z\"",
            "no event can be in between",
        ),
    ] {
        workspace.configure(&format!(
            "data \"tfe_audit_trail_events\" \"example\" {{\n  {argument}\n}}\n"
        ));
        let run = workspace.validate().fails();
        run.says(words);
        run.says("on main.tf line 2, in data \"tfe_audit_trail_events\" \"example\"");
    }
    assert!(workspace.simulator.requests().is_empty());
}

#[test]
fn thousands_of_events_reach_a_configuration() {
    let workspace = workspace();
    let first = workspace.simulator.now() - HOUR;
    let series = EventSeries::new(3000, first, Duration::from_secs(1));
    workspace.simulator.set_event_series("my-org-name", series);
    workspace.configure(
        "data \"tfe_audit_trail_events\" \"example\" {\n  limit = 5000\n}\n\
         output \"found\" {\n  value = {\n    \
         events    = length(data.tfe_audit_trail_events.example.events)\n    \
         total     = data.tfe_audit_trail_events.example.total_count\n    \
         truncated = data.tfe_audit_trail_events.example.truncated\n  }\n}\n",
    );
    workspace.apply();
    let expected = json!({ "events": 3001, "total": 3001, "truncated": false });
    assert_eq!(output(&workspace, "found"), expected);
}
