//! A plan whose apply is bound to fail exits with 1. Those that only may fail exit with 2, and warn.

use tfe_simulator::ServiceKind;

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;

/// Expects that the plan of a creation fails with this text.
#[track_caller]
fn check(workspace: &Workspace, error: &str) {
    workspace.configure(BASIC);
    workspace.plan().fails().prints(error);
    assert_eq!(workspace.count("POST"), 0);
}

/// The plan exited with 2, and its apply failed.
#[test]
fn a_plan_with_an_invalid_api_token_fails() {
    let mut workspace = Workspace::new();
    workspace.set("TFE_TOKEN", "nobody's");
    check(&workspace, "401");
}

#[test]
fn a_plan_whose_host_cannot_be_reached_fails() {
    let mut workspace = Workspace::new();
    let unreachable = "host \"app.terraform.io\" {\n  services = { \"tfe.v2.2\" = \"http://127.0.0.1:1/api/v2/\" }\n}\n";
    workspace.cli_configuration(unreachable);
    check(&workspace, "127.0.0.1:1");
}

#[test]
fn a_plan_for_a_service_that_is_not_hcp_terraform_fails() {
    let workspace = Workspace::with(|builder| builder.kind(ServiceKind::Imitation));
    check(&workspace, "TFE_AUDIT_TRAILS_ASSUME_SUPPORTED");
}

#[test]
fn a_plan_for_an_organization_that_is_not_there_warns() {
    let workspace = Workspace::new();
    workspace.configure(&BASIC.replace("my-org-name", "other-org-name"));
    workspace.plan().exits(2).prints("other-org-name");
}
