//! A plugin in debug mode, found through `TF_REATTACH_PROVIDERS`.

use rustix::process::Signal;

use crate::plugins;
use crate::running::Running;
use crate::workspace::Workspace;

const VARIABLE: &str = "TF_REATTACH_PROVIDERS";
const TOKEN: &str = "tfe_audit_trail_token";

/// A workspace that finds no plugin but the one that runs: nothing is installed.
fn workspace() -> (Workspace, Running) {
    let mut workspace = Workspace::new();
    let url = workspace.simulator.api_url();
    workspace.write_cli_configuration(&format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{url}\" }}\n}}\n"
    ));
    let plugin = workspace.start_program(plugins::TFE, &["-debug"]);
    plugin.wait_until_it_says(VARIABLE);
    let said = plugin.said();
    let value = said
        .lines()
        .find_map(|line| line.strip_prefix(VARIABLE)?.strip_prefix("='"))
        .and_then(|rest| rest.strip_suffix('\''))
        .unwrap_or_else(|| panic!("no assignment: {said}"));
    workspace.set(VARIABLE, value);
    (workspace, plugin)
}

fn configuration(organization: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    \
         tfe = {{ source = \"terraform-provider-tfe/tfe\" }}\n  }}\n}}\n\
         provider \"tfe\" {{\n  organization = \"{organization}\"\n}}\n\
         resource \"{TOKEN}\" \"example\" {{}}\n"
    )
}

#[test]
fn c33_one_process_serves_plans_and_applies_of_one_configuration_after_another() {
    let (workspace, plugin) = workspace();
    workspace.simulator.add_organization("other-org");
    for organization in ["my-org-name", "other-org"] {
        workspace.write("main.tf", &configuration(organization));
        workspace.plan().exits(2);
        workspace.apply();
        let token = workspace.simulator.audit_trail_token(organization);
        assert_eq!(workspace.example(TOKEN)["token_id"], token.unwrap().id);
    }
    workspace.destroy();

    plugin.signal(Signal::INT);
    plugin.ends().succeeds();
    workspace.left_nothing();
}

#[test]
fn without_the_process_the_host_says_that_nothing_is_installed() {
    let (mut workspace, plugin) = workspace();
    plugin.signal(Signal::INT);
    plugin.ends().succeeds();
    workspace.unset(VARIABLE);
    workspace.write("main.tf", &configuration("my-org-name"));

    workspace.plan().exits(1).says("terraform-provider-tfe/tfe");
}
