//! What a real Terraform reads from a plugin besides its answers: stdout and stderr.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::host::{Product, host};
use crate::workspace::{APPLY, Workspace};
use tfplugin_testing::built_example;

/// Go-plugin reads and forgets what comes after the line, until its buffer is full: nothing may come.
#[test]
fn c07_a_whole_apply_at_trace_says_one_line_a_process_on_stdout() {
    let mut workspace = Workspace::new();
    let log = workspace.path("stdout");
    let plugin = workspace.path("plugins").join("terraform-provider-tfe");
    fs::remove_file(&plugin).unwrap();
    let script = format!(
        "#!/bin/sh\n'{}' | tee -a '{}'\n",
        env!("CARGO_BIN_EXE_terraform-provider-tfe"),
        log.display()
    );
    fs::write(&plugin, script).unwrap();
    fs::set_permissions(&plugin, fs::Permissions::from_mode(0o755)).unwrap();
    workspace.set("TF_LOG", "TRACE");
    workspace.set("TF_LOG_PATH", &workspace.path("log").display().to_string());
    workspace.configure(
        "provider \"tfe\" {}\nresource \"tfe_audit_trail_token\" \"example\" {\n  organization = \"my-org-name\"\n}\n",
    );

    workspace.terraform(APPLY).succeeds();

    let said = fs::read_to_string(log).unwrap();
    assert!(said.lines().count() >= 2, "{said}");
    for line in said.lines() {
        assert!(line.starts_with("1|6|unix|"), "{line}");
        assert_eq!(line.split('|').count(), 6, "{line}");
    }
}

#[test]
fn c29_a_panic_is_told_and_shown_as_a_crash_report() {
    let workspace = Workspace::new();
    assert!(built_example("tfplugin-rs", "terraform-provider-echo").is_file());
    workspace.configure("resource \"echo_value\" \"example\" {\n  script = \"create: panic\"\n}\n");

    let run = workspace.terraform(APPLY).exits(1);

    run.says("Provider Bug");
    // OpenTofu shows nothing of what a plugin printed (1.11 and 1.12).
    if host().product == Product::Terraform {
        run.says("Stack trace from the terraform-provider-echo plugin");
        run.says("panic: the script of create asks for a panic");
    }
    run.does_not_say("Plugin did not respond");
}
