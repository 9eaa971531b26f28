//! Two blocks for one organization, and a block whose label was changed: Terraform plans both at the same time.
//!
//! Every order of a provider's calls is tested in process, in `tests/protocol/audit_trail_token`.

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;

const TWO: &str = "Two Resources Have the Same Organization";
const RENAMED: &str = "The Resource Will Be Destroyed and Created Under Another Name";

fn block(label: &str, force_regenerate: bool) -> String {
    format!(
        "resource \"tfe_audit_trail_token\" {label:?} {{\n  organization     = \"my-org-name\"\n  \
         force_regenerate = {force_regenerate}\n}}\n"
    )
}

/// The plan and the apply said "already exists", and advised `force_regenerate`.
#[test]
fn a_second_block_without_force_is_reported() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let first = workspace.token_id();
    workspace.configure(&format!("{BASIC}{}", block("second", false)));
    workspace.plan().exits(2).prints(TWO).prints(&first);
    workspace.try_apply().fails().prints(TWO);
    assert_eq!(workspace.token_id(), first);
    workspace.holds_the_live_secret();
}

/// The second block invalidated the token of the first, and nothing said so until the next plan.
#[test]
fn a_second_block_with_force_is_reported_before_and_after_its_apply() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    let first = workspace.token_id();
    workspace.configure(&format!("{BASIC}{}", block("second", true)));
    workspace
        .plan()
        .exits(2)
        .prints(TWO)
        .prints(&first)
        .prints("invalidates");
    workspace.try_apply().succeeds().prints(TWO);
    let second = workspace.token_id();
    assert_ne!(second, first);
    workspace
        .plan()
        .exits(2)
        .prints("have the same organization")
        .prints(&second);
}

#[test]
fn two_blocks_that_are_created_together_are_reported_and_one_token_survives() {
    let workspace = Workspace::new();
    workspace.configure(&[block("example", false), block("second", false)].concat());
    workspace.plan().exits(2).prints(TWO);
    workspace
        .try_apply()
        .fails()
        .prints("An Audit Trail Token Was Generated Already")
        .does_not_print("set force_regenerate");
    assert_eq!(workspace.count("POST"), 1);
}

/// Whichever Terraform plans first, the plan names `moved`, and following it keeps the token.
#[test]
fn a_renamed_label_is_reported_and_moved_keeps_the_token() {
    for force in [false, true] {
        let workspace = Workspace::new();
        workspace.configure(&block("before", force));
        workspace.apply();
        let token = workspace.token_id();
        workspace.configure(&block("example", force));
        workspace
            .plan()
            .exits(2)
            .prints(RENAMED)
            .prints("moved {")
            .prints(&token)
            .does_not_print(TWO);

        let moved = "moved {\n  from = tfe_audit_trail_token.before\n  to   = \
                     tfe_audit_trail_token.example\n}\n";
        workspace.configure(&format!("{}{moved}", block("example", force)));
        workspace
            .apply()
            .does_not_print(RENAMED)
            .does_not_print(TWO);
        assert_eq!(workspace.token_id(), token);
        workspace.holds_the_live_secret();
    }
}
