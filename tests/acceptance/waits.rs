//! Ctrl-C while the plugin waits for a rate limit, or to try again: nobody waits any longer.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tfe_simulator::{Fault, Method};

use crate::workspace::Workspace;

const TOKEN: &str = "tfe_audit_trail_token";

const BASIC: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

/// How long the service asks to be left alone.
const ASKED: &str = "60";

/// For Terraform to end everything, on a machine that is busy. Less than the ten seconds for which the
/// look of a plan may last.
const AT_ONCE: Duration = Duration::from_secs(8);

/// An apply, of a plan that was made before, meets this status after so many requests of the method
/// and is interrupted while it waits. It ends at once; state and token are as they were.
#[track_caller]
fn check(before: &str, after: &str, method: Method, passed: usize, status: u16) {
    let mut workspace = Workspace::new();
    if !before.is_empty() {
        workspace.configure(before);
        workspace.apply();
    }
    workspace.configure(after);
    workspace.terraform(&["plan", "-out=plan"]).succeeds();
    let object = workspace.example(TOKEN);
    let token = workspace.simulator.audit_trail_token("my-org-name");
    let busy = Fault::on(method.clone(), "authentication-token");
    let busy = busy.skip(passed).always();
    let busy = match status {
        429 => busy.status(status).header("X-RateLimit-Reset", ASKED),
        _ => busy.status(status).header("Retry-After", ASKED),
    };
    workspace.simulator.inject(busy);

    workspace.set("TF_LOG_PROVIDER", "WARN");
    let running = workspace.start(&["apply", "-no-color", "plan"]);
    running.wait_until_it_says("a request failed and will be sent again");
    let pressed = Instant::now();
    running.signal_group(Signal::INT);
    let run = running.ends().fails();

    assert!(pressed.elapsed() < AT_ONCE, "{:?}", pressed.elapsed());
    run.says("Interrupt received").says(&status.to_string());
    assert_eq!(workspace.example(TOKEN), object);
    let now = workspace.simulator.audit_trail_token("my-org-name");
    assert_eq!(now.map(|now| now.id), token.map(|token| token.id));
    let sent = workspace.simulator.requests();
    let refused = sent.iter().filter(|one| one.method == method.as_str());
    assert_eq!(refused.filter(|one| one.status == Some(status)).count(), 1);
    workspace.left_nothing();
}

/// Terraform plans again before it applies.
#[test]
fn the_look_of_a_plan_that_waits_for_a_rate_limit_stops_at_once() {
    check("", BASIC, Method::GET, 0, 429);
}

#[test]
fn a_look_that_waits_for_a_rate_limit_stops_at_once() {
    check("", BASIC, Method::GET, 1, 429);
}

#[test]
fn a_look_that_is_to_be_tried_again_stops_at_once() {
    check("", BASIC, Method::GET, 1, 503);
}

/// Conformance: 25.
#[test]
fn a_generation_that_waits_for_a_rate_limit_stops_at_once() {
    check("", BASIC, Method::POST, 0, 429);
}

#[test]
fn a_regeneration_that_waits_for_a_rate_limit_stops_at_once() {
    let dated = BASIC.replace("}", "  expired_at = \"2051-04-11T23:15:59Z\"\n}");
    check(BASIC, &dated, Method::POST, 0, 429);
}

#[test]
fn a_deletion_that_waits_for_a_rate_limit_stops_at_once() {
    check(BASIC, "", Method::DELETE, 0, 429);
}
