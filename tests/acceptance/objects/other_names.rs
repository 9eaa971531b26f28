//! The same token under another name: the organization respelled or renamed, another host, an import.
//!
//! Every order of a provider's calls is tested in process, in `tests/protocol/audit_trail_token`.

use std::fmt::Write as _;

use crate::host::{Feature, host};
use crate::workspace::Workspace;
use crate::workspace::checks::{BASIC, TOKEN};
use crate::workspace::simulator;

const REFRESH: &[&str] = &["apply", "-no-color", "-auto-approve", "-refresh-only"];

/// Returns a workspace that manages a token.
fn applied() -> Workspace {
    let workspace = Workspace::new();
    workspace.configure(BASIC);
    workspace.apply();
    workspace
}

/// Expects that no request has changed a token since the first one was generated.
#[track_caller]
fn has_changed_nothing(workspace: &Workspace) {
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

/// One capital letter replaced the token, or failed with advice that led there.
#[test]
fn another_spelling_of_the_organization_changes_nothing() {
    let workspace = applied();
    let before = workspace.state();
    let spelled = BASIC.replace("my-org-name", "My-Org-Name");
    let by_default = "provider \"tfe\" {\n  organization = \"MY-ORG-NAME\"\n}\n\
                      resource \"tfe_audit_trail_token\" \"example\" {}\n";
    for configuration in [spelled.as_str(), by_default] {
        workspace.configure(configuration);
        workspace.apply();
        assert_eq!(workspace.state()["resources"], before["resources"]);
    }
    has_changed_nothing(&workspace);
}

/// The state had to be edited by hand after a rename.
#[test]
fn a_renamed_organization_is_followed_and_the_next_plan_is_empty() {
    let workspace = applied();
    let secret = workspace.token().secret;
    workspace
        .simulator
        .rename_organization("my-org-name", "new-org-name");
    let renamed = BASIC.replace("my-org-name", "new-org-name");
    workspace.configure(&renamed);
    workspace
        .plan()
        .exits(0)
        .prints("The Organization Was Renamed");
    workspace.terraform(REFRESH).succeeds();
    let plan = workspace.plan().exits(0);
    plan.does_not_print("The Organization Was Renamed");

    let object = workspace.example(TOKEN);
    assert_eq!(object["organization"], "new-org-name");
    assert_eq!(object["token"], secret.expose());
    if host().has(Feature::ImportByIdentity) {
        let instance = &workspace.state()["resources"][0]["instances"][0];
        assert_eq!(instance["identity"]["organization"], "new-org-name");
    }
    workspace.destroy();
    let left = workspace.simulator.audit_trail_token("new-org-name");
    assert!(left.is_none());
}

/// The object with its only secret left the state, and another token was generated on the other host.
#[test]
fn a_token_on_another_host_stays_in_the_state() {
    let mut workspace = applied();
    let before = workspace.state();
    let there = simulator::start(|builder| builder);
    let mut hosts = workspace.services();
    let url = there.api_url();
    let block = "host \"app.eu.terraform.io\" {\n  services = { \"tfe.v2.2\"";
    writeln!(hosts, "{block} = \"{url}\" }}\n}}").unwrap();
    workspace.cli_configuration(&hosts);

    workspace.set("TFE_HOSTNAME", "app.eu.terraform.io");
    for run in [
        workspace.plan(),
        workspace.try_apply(),
        workspace.terraform(&["destroy", "-no-color", "-auto-approve"]),
    ] {
        run.fails()
            .prints("The Audit Trail Token Is on Another Host");
    }
    assert_eq!(workspace.state(), before);
    assert!(there.requests().is_empty());

    workspace.unset("TFE_HOSTNAME");
    workspace.plan().exits(0);
    has_changed_nothing(&workspace);
}

/// The plan advised a `moved` block.
#[test]
fn an_import_that_names_another_organization_than_its_block_is_refused() {
    let workspace = Workspace::new();
    workspace.simulator.add_organization("other-org-name");
    workspace.simulator.regenerate_elsewhere("other-org-name");
    let import = "import {\n  to = tfe_audit_trail_token.example\n  id = \"other-org-name\"\n}\n";
    workspace.configure(&format!("{import}{BASIC}"));
    let plan = workspace.plan().fails();
    plan.prints("The Import Names Another Organization")
        .prints("other-org-name")
        .prints("my-org-name")
        .does_not_print("moved");
    assert_eq!(workspace.count("POST") + workspace.count("DELETE"), 0);
}
