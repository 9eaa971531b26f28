//! Ctrl-C while the plugin waits for a rate limit: the wait ends at once and nothing changes.
//!
//! Waits for other reasons, and every request, are tested in `tests/client`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tfe_simulator::{Fault, Method};

use crate::host::{self, host};
use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};
use crate::workspace::running_command::TIMEOUT;

/// For how many seconds the service asks the plugin to wait.
const ASKED: &str = "60";

/// The limit for Terraform to end everything, on a busy machine. A plan waits up to ten seconds for
/// its read by itself.
const AT_ONCE: Duration = Duration::from_secs(8);

/// Interrupts the apply of a saved plan while its first request of the method waits for a rate
/// limit, and expects that it ends at once and that state and token are as before.
#[track_caller]
fn check(before: &str, after: &str, method: Method) {
    let mut workspace = Workspace::new();
    if !before.is_empty() {
        workspace.configure(before);
        workspace.apply();
    }
    workspace.configure(after);
    workspace.terraform(&["plan", "-out=plan"]).succeeds();
    let object = workspace.example(TOKEN);
    let token = workspace.simulator.audit_trail_token("my-org-name");
    let busy = Fault::on(method.clone(), "authentication-token").always();
    let busy = busy.status(429).header("X-RateLimit-Reset", ASKED);
    workspace.simulator.inject(busy);

    workspace.set("TF_LOG_PROVIDER", "WARN");
    let running = workspace.start(&["apply", "-no-color", "plan"]);
    running.wait_until_it_prints("a request failed and will be sent again");
    let pressed = Instant::now();
    running.signal_group(Signal::INT);
    let run = running.finishes().fails();

    assert!(pressed.elapsed() < AT_ONCE, "{:?}", pressed.elapsed());
    run.prints("Interrupt received").prints("429");
    assert_eq!(workspace.example(TOKEN), object);
    let now = workspace.simulator.audit_trail_token("my-org-name");
    assert_eq!(now.map(|now| now.id), token.map(|token| token.id));
    let sent = workspace.simulator.requests();
    let refused = sent.iter().filter(|one| one.method == method.as_str());
    assert_eq!(refused.filter(|one| one.status == Some(429)).count(), 1);
    workspace.left_no_temporary_file();
}

/// Ctrl-C had no effect for as long as the helper waited, up to a minute.
#[test]
fn the_wait_for_a_credentials_helper_stops_at_once() {
    if !host().stops_a_provider_that_it_configures() {
        return host::report_absent("a stop request while a provider is configured");
    }
    let mut workspace = Workspace::new();
    workspace.unset("TFE_TOKEN");
    workspace.set("PATH", "/usr/bin:/bin");
    let blocks = workspace.services() + "credentials_helper \"x\" {}\n";
    workspace.cli_configuration(&blocks);
    let helper = workspace.path("home/.terraform.d/plugins/terraform-credentials-x");
    let started = workspace.path("started");
    assert!(
        Command::new("mkfifo")
            .arg(&started)
            .status()
            .unwrap()
            .success()
    );
    let script = format!(
        "#!/bin/sh\ntrap '' INT\necho > {}\nexec sleep 60\n",
        started.display()
    );
    fs::create_dir_all(helper.parent().unwrap()).unwrap();
    fs::write(&helper, script).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    workspace.configure(BASIC);

    let running = workspace.start(&["plan", "-no-color"]);
    let (sender, helper_runs) = mpsc::channel();
    thread::spawn(move || sender.send(fs::read(started)));
    let _ = helper_runs.recv_timeout(TIMEOUT).expect("the helper runs");
    let pressed = Instant::now();
    running.signal_group(Signal::INT);
    let run = running.finishes().fails();
    assert!(pressed.elapsed() < AT_ONCE, "{:?}", pressed.elapsed());
    run.prints("The Configuration of the Provider Was Interrupted");
    assert_eq!(workspace.simulator.requests().len(), 0);
}

/// Terraform plans again before it applies a saved plan.
#[test]
fn the_read_of_a_plan_that_waits_for_a_rate_limit_stops_at_once() {
    check("", BASIC, Method::GET);
}

/// Conformance: 25.
#[test]
fn a_generation_that_waits_for_a_rate_limit_stops_at_once() {
    check("", BASIC, Method::POST);
}

#[test]
fn a_deletion_that_waits_for_a_rate_limit_stops_at_once() {
    check(BASIC, "", Method::DELETE);
}
