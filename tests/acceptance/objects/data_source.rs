//! The data source of the current token.

use crate::workspace::{Workspace, repository};

const DATA: &str = r#"
data "tfe_audit_trail_token" "example" {
  organization = "my-org-name"
}
"#;

#[test]
fn it_returns_everything_but_the_secret() {
    let workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.configure(DATA);
    workspace.try_apply().succeeds();
    let object = workspace.object("tfe_audit_trail_token", "data", "example");
    assert_eq!(object["token_id"], token.id);
    assert_eq!(object["created_by_type"], token.created_by_type);
    assert_eq!(object["created_by_id"], token.created_by_id);
    assert!(object["last_used_at"].is_null());
    assert!(object["created_at"].is_string() && object["expired_at"].is_string());
    assert!(
        !workspace
            .read("terraform.tfstate")
            .contains(token.secret.expose())
    );
}

#[test]
fn check_blocks_report_age_use_and_expiry() {
    let path = repository("examples/data-sources/tfe_audit_trail_token/checks.tf");
    let checks = std::fs::read_to_string(path).unwrap();
    let workspace = Workspace::new();
    let simulator = &workspace.simulator;
    workspace.configure(&checks);

    let now = simulator.now();
    simulator.regenerate_elsewhere("my-org-name");
    simulator.use_token("my-org-name", now);
    workspace
        .plan()
        .exits(0)
        .does_not_print("Check block assertion failed");

    simulator.set_clock(now - chrono::Duration::days(100));
    simulator.regenerate_elsewhere_until("my-org-name", now + chrono::Duration::days(3));
    simulator.set_clock(now);
    workspace
        .plan()
        .exits(0)
        .prints("The audit trail token is older than 90 days.")
        .prints("Nobody has read the audit trail for a day.")
        .prints("The audit trail token expires in less than two weeks.");
}
