//! A plugin in debug mode, which Terraform finds through `TF_REATTACH_PROVIDERS`.

use rustix::process::Signal;

use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;
use crate::workspace::plugins;
use crate::workspace::running_command::RunningCommand;

const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// Returns a workspace that can find no plugin except the running one, because none is installed.
fn workspace() -> (Workspace, RunningCommand) {
    let mut workspace = Workspace::new();
    let services = workspace.services();
    workspace.cli_configuration_without_plugins(&services);
    let plugin = workspace.start_program(plugins::TFE, &["-debug"]);
    plugin.wait_until_it_prints(VARIABLE);
    let printed = plugin.printed_so_far();
    let value = printed
        .lines()
        .find_map(|line| line.strip_prefix(VARIABLE)?.strip_prefix("='"))
        .and_then(|rest| rest.strip_suffix('\''))
        .unwrap_or_else(|| panic!("no assignment: {printed}"));
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
    let (mut workspace, plugin) = workspace();
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
    plugin.finishes().succeeds();
    workspace.left_no_temporary_file();

    // Without the variable Terraform finds no plugin: the process served everything above.
    workspace.unset(VARIABLE);
    workspace
        .plan()
        .exits(1)
        .prints("terraform-provider-tfe/tfe");
}
