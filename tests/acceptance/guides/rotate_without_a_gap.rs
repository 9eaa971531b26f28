//! The guide "Rotate without a gap", with the real hashicorp/time where Go can build it.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::Value;

use super::excerpt::shows;
use super::guide::file;
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;
use crate::workspace::plugins;

const MAIN: &str = "rotate-without-a-gap/main.tf";

/// Returns a workspace that was applied some days ago: token and rotation are that old.
fn applied(configuration: &str, days: i64) -> Workspace {
    let then = Utc::now() - Duration::days(days);
    let workspace = Workspace::with(|builder| builder.clock(then).ticking());
    plugins::link_real_time_into(&workspace.path("plugins"));
    let then = then.to_rfc3339_opts(SecondsFormat::Secs, true);
    let dated = format!("rotation_days = 30\n  rfc3339 = \"{then}\"");
    let dated = configuration.replace("rotation_days = 30", &dated);
    workspace.write("main.tf", &dated);
    workspace.try_apply().succeeds();
    workspace.write("main.tf", configuration);
    days_pass(&workspace, days);
    workspace
}

/// Advances the clock of HCP Terraform.
fn days_pass(workspace: &Workspace, days: i64) {
    let seconds = u64::try_from(days * 24 * 3600).unwrap();
    workspace
        .simulator
        .advance(std::time::Duration::from_secs(seconds));
}

/// Reads an instant of a state.
fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// Returns whether the secret can read the audit trail.
fn is_alive(workspace: &Workspace, secret: &Value) -> bool {
    let current = workspace.token();
    let expired = current
        .expired_at
        .is_some_and(|at| at <= workspace.simulator.now());
    current.secret.expose() == secret && !expired
}

#[test]
fn before_the_rotation_the_plan_is_empty() {
    let workspace = applied(&file(MAIN), 29);
    workspace.plan().exits(0);
    assert!(is_alive(&workspace, &workspace.example(TOKEN)["token"]));
}

/// The apply comes twelve days late.
#[test]
fn the_token_outlives_its_rotation_and_the_next_apply_regenerates_it() {
    let workspace = applied(&file(MAIN), 42);
    let first = workspace.example(TOKEN);
    let rotation = workspace.example("time_rotating");
    let expiry = instant(&first["expired_at"]);
    assert_eq!(
        expiry,
        instant(&rotation["rotation_rfc3339"]) + Duration::days(14)
    );
    assert!(
        is_alive(&workspace, &first["token"]),
        "the token is valid until the late apply"
    );

    let plan = workspace.plan().exits(2);
    shows(&plan, "rotate-without-a-gap/plan.txt");
    assert!(
        is_alive(&workspace, &first["token"]),
        "a plan changes nothing"
    );

    let run = workspace.apply();
    shows(&run, "rotate-without-a-gap/apply.txt");
    let second = workspace.example(TOKEN);
    assert_ne!(second["token_id"], first["token_id"]);
    assert!(is_alive(&workspace, &second["token"]));
    assert!(!is_alive(&workspace, &first["token"]));
    assert!(instant(&second["expired_at"]) > Utc::now() + Duration::days(43));
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (2, 0));
}

/// The documentation of hashicorp/tfe shows this form.
#[test]
fn a_token_that_expires_when_it_rotates_leaves_a_gap() {
    let main = file(MAIN);
    let sum = "timeadd(time_rotating.example.rotation_rfc3339, \"336h\")";
    let equal = main.replace(sum, "time_rotating.example.rotation_rfc3339");
    assert_ne!(equal, main);
    let workspace = applied(&equal, 29);
    let token = workspace.example(TOKEN);
    assert!(is_alive(&workspace, &token["token"]));
    days_pass(&workspace, 2);
    assert!(
        !is_alive(&workspace, &token["token"]),
        "no token is valid until the next apply"
    );
}
