//! An apply invalidates the token that its plan named, where the host says what that was.

use crate::host::host;
use crate::workspace::Workspace;

const FORCED: &str = r#"
resource "tfe_audit_trail_token" "example" {
  organization     = "my-org-name"
  expired_at       = "2051-04-11T23:15:59Z"
  force_regenerate = true
}
"#;

#[test]
fn a_saved_plan_does_not_invalidate_a_token_that_was_generated_after_it() {
    let workspace = Workspace::new();
    let created = FORCED.replace("= true", "= false");
    workspace.configure(&created);
    workspace.apply();
    workspace.configure(FORCED);
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let elsewhere = workspace.simulator.regenerate_elsewhere("my-org-name");

    let applied = workspace.terraform(&["apply", "-no-color", "plan"]);
    if !host().binds_an_apply_to_its_plan() {
        applied
            .succeeds()
            .prints("Another Audit Trail Token Was Invalidated")
            .prints(&elsewhere.id);
        return;
    }
    applied
        .fails()
        .prints("The Plan Named Another Audit Trail Token")
        .prints(&elsewhere.id);
    assert_eq!(workspace.token_id(), elsewhere.id);

    // The next plan names it.
    workspace.apply().prints(&elsewhere.id);
    assert_ne!(workspace.token_id(), elsewhere.id);
}
