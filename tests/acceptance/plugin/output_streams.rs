//! What Terraform reads from a plugin besides its gRPC answers: stdout and stderr.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::host::{Product, host};
use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;
use crate::workspace::plugins;

/// go-plugin buffers what follows the handshake line and reads no more when the buffer is full, so
/// that nothing may follow.
#[test]
fn c07_each_process_of_an_apply_at_trace_prints_one_line_to_stdout() {
    let mut workspace = Workspace::new();
    let stdout = workspace.path("stdout");
    let plugin = workspace.path("plugins").join("terraform-provider-tfe");
    fs::remove_file(&plugin).unwrap();
    let script = format!(
        "#!/bin/sh\n'{}' | tee -a '{}'\n",
        plugins::TFE,
        stdout.display()
    );
    fs::write(&plugin, script).unwrap();
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    workspace.log_everything();
    workspace.configure(BASIC);

    workspace.try_apply().succeeds();

    let printed = fs::read_to_string(stdout).unwrap();
    assert!(printed.lines().count() >= 2, "{printed}");
    for line in printed.lines() {
        assert!(line.starts_with("1|6|unix|"), "{line}");
        assert_eq!(line.split('|').count(), 6, "{line}");
    }
}

#[test]
fn c29_a_panic_is_an_error_and_terraform_shows_a_crash_report() {
    let workspace = Workspace::new();
    workspace.configure("resource \"echo_value\" \"example\" {\n  script = \"create: panic\"\n}\n");

    let run = workspace.try_apply().exits(1);

    run.prints("Provider Bug");
    // OpenTofu 1.11 and 1.12 show nothing that a plugin prints to stderr.
    if host().product == Product::Terraform {
        run.prints("Stack trace from the terraform-provider-echo plugin");
        run.prints("panic: the script of create asks for a panic");
    }
    run.does_not_print("Plugin did not respond");
}
