//! The data source of audit trail events: its examples, and where its own token appears.

use std::fs;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tfe_simulator::{Event, Token};

use crate::host::host;
use crate::workspace::checks::SEALING_KEY;
use crate::workspace::{Workspace, repository};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// Returns a workspace whose provider uses the organization token, which can read the trail.
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
fn the_example_lists_the_token_changes_of_a_week() {
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
    // The organization token was generated last. The event that is older than a week is left out.
    assert_eq!(changes.len(), 3, "{changes:?}");
    let created = format!("create {} by {}", new.id, new.created_by_id);
    assert!(changes[1].ends_with(&created), "{changes:?}");
    assert!(changes[2].contains(" destroy at-"), "{changes:?}");
}

#[test]
fn the_example_verifies_a_new_token_with_itself_and_stores_no_secret() {
    let mut workspace = workspace();
    workspace.set("TFE_SEALING_KEY", SEALING_KEY);
    let log = workspace.log_everything();
    workspace.configure(&example("new-token.tf"));
    let mut printed = String::new();
    let unchanged = host().exit_code_of_an_empty_plan_behind_an_ephemeral();
    for (arguments, code) in [
        (["plan", "-no-color", "-out=plan"].as_slice(), 0),
        (&["apply", "-no-color", "plan"], 0),
        (&["plan", "-no-color", "-detailed-exitcode"], unchanged),
        (&["show", "-json"], 0),
    ] {
        let run = workspace.terraform(arguments).exits(code);
        printed.push_str(&run.all());
    }
    let object = workspace.object("tfe_audit_trail_events", "data", "siem");
    let token = workspace.token();
    assert_eq!(object["events"][0]["resource"]["id"], json!(token.id));
    assert_eq!(object["token"], Value::Null);
    assert!(token.last_used_at.is_some());

    printed.push_str(&fs::read_to_string(&log).unwrap());
    printed.push_str(&workspace.read("terraform.tfstate"));
    assert!(
        printed.contains("organization/audit-trail"),
        "nothing was logged"
    );
    assert!(!printed.contains(token.secret.expose()));

    // A regenerated token reads the trail in the same apply.
    let regenerated = example("new-token.tf").replace(
        "seal_token   = true",
        "seal_token   = true\n  force_regenerate = true",
    );
    workspace.configure(&regenerated);
    workspace.try_apply().succeeds();
    workspace.plan().exits(unchanged);
    let new = workspace.token();
    assert_ne!(new.id, token.id);
    assert!(new.last_used_at.is_some());
    workspace.destroy();
}

#[test]
fn check_blocks_report_age_use_expiry_and_authors() {
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

    // A token of the first day need not have been used.
    expiring(now - HOUR * 23, now + HOUR * 24 * 31);
    workspace.plan().exits(0).does_not_print(failed);

    expiring(now - HOUR * 25, now + HOUR * 24 * 31);
    workspace
        .plan()
        .exits(0)
        .prints("Nobody has read the audit trail for a week.");
    simulator.use_token("my-org-name", now - HOUR * 24 * 6);
    workspace.plan().exits(0).does_not_print(failed);

    expiring(now - HOUR * 24 * 100, now + HOUR * 24 * 29);
    simulator.use_token("my-org-name", now - HOUR * 24 * 8);
    let impersonated = Event::new("authentication_token", "create").auth_type("Impersonated");
    simulator.add_event("my-org-name", impersonated);
    workspace
        .plan()
        .exits(0)
        .prints("The audit trail token is 90 days old or older.")
        .prints("Nobody has read the audit trail for a week.")
        .prints("The audit trail token expires in less than a month.")
        .prints("Somebody has generated a token in another's name.");
}

#[test]
fn its_token_argument_is_in_the_state_and_in_no_output_or_log() {
    let mut workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.set("TF_VAR_reader", token.secret.expose());
    let log = workspace.log_everything();
    let text = |limit: &str| {
        format!(
            "variable \"reader\" {{\n  type = string\n}}\n\
             data \"tfe_audit_trail_events\" \"example\" {{\n  token = var.reader\n{limit}}}\n"
        )
    };
    workspace.configure(&text(""));
    let mut printed = String::new();
    for arguments in [
        ["apply", "-no-color", "-auto-approve"].as_slice(),
        &["show", "-no-color"],
    ] {
        let run = workspace.terraform(arguments).succeeds();
        printed.push_str(&run.all());
    }
    let state = workspace.read("terraform.tfstate");
    assert_eq!(state.matches(token.secret.expose()).count(), 1);
    // The error about a revoked token does not repeat it.
    workspace.simulator.regenerate_elsewhere("my-org-name");
    let run = workspace.plan().fails();
    run.prints("Unknown or Expired Token for the Audit Trail");
    printed.push_str(&run.all());
    printed.push_str(&fs::read_to_string(&log).unwrap());
    assert!(!printed.contains(token.secret.expose()));
}

/// Returns a workspace for the example of the ephemeral resource.
fn with_reader() -> (Workspace, Token) {
    let mut workspace = Workspace::new();
    let own = workspace
        .simulator
        .regenerate_organization_token("my-org-name");
    workspace.set("TF_VAR_audit_trail_reader", own.secret.expose());
    (workspace, own)
}

fn ephemeral_example() -> String {
    let path = repository("examples/ephemeral-resources/tfe_audit_trail_events");
    fs::read_to_string(path.join("ephemeral-resource.tf")).unwrap()
}

#[test]
fn the_ephemeral_resource_leaves_no_trace() {
    let (workspace, own) = with_reader();
    // Terraform 1.11.4 crashes at `show -json` if an ephemeral resource has a condition.
    let example = ephemeral_example();
    let (before, condition) = example.split_once("  lifecycle {").unwrap();
    let (_, after) = condition.split_once("\n  }\n").unwrap();
    workspace.configure(&format!("{before}{after}"));
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let show = ["show", "-json", "plan"];
    let plan = workspace.terraform(&show).succeeds().stdout;
    workspace
        .terraform(&["apply", "-no-color", "plan"])
        .succeeds();
    let state = workspace.read("terraform.tfstate");
    for trace in [own.secret.expose(), own.id.as_str()] {
        assert!(!plan.contains(trace) && !state.contains(trace), "{trace}");
    }
}

#[test]
fn a_postcondition_of_the_ephemeral_resource_is_an_alarm() {
    let (workspace, _) = with_reader();
    workspace.configure(&ephemeral_example());
    workspace.apply();
    let event = Event::new("authentication_token", "create").field(
        "auth",
        json!({ "accessor_id": "user-1", "type": "Impersonated", "impersonator_id": "user-2" }),
    );
    workspace.simulator.add_event("my-org-name", event);
    workspace
        .plan()
        .fails()
        .prints("Somebody has generated a token in another's name");
}
