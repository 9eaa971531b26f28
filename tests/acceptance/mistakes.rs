//! Mistakes in a configuration: Terraform shows the line, and nothing is changed.
//!
//! Which values are mistakes is tested in process, in `tests/protocol`.

use crate::workspace::Workspace;
use crate::workspace::checks::BASIC;

/// Expects that plan and apply fail at this line with these words, and change nothing.
#[track_caller]
fn check(workspace: &Workspace, configuration: &str, line: &str, words: &str) {
    let state = workspace.read("terraform.tfstate");
    let token = workspace.token_id();
    workspace.configure(configuration);
    for run in [workspace.plan(), workspace.try_apply()] {
        run.fails().prints(line).prints(words);
    }
    assert_eq!(workspace.read("terraform.tfstate"), state);
    assert_eq!(workspace.token_id(), token);
}

#[test]
fn a_mistake_is_shown_at_its_line_and_changes_nothing() {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();

    let line = "expired_at = \"tomorrow\"";
    let resource = BASIC.replace("}", &format!("  {line}\n}}"));
    check(&workspace, &resource, line, "Invalid RFC3339 String Value");

    let line = "hostname = \"https://app.terraform.io\"";
    let provider = format!("provider \"tfe\" {{\n  {line}\n}}\n{BASIC}");
    check(&workspace, &provider, line, "need just a hostname");

    workspace.configure(BASIC);
    workspace.plan().exits(0);
}
