//! The guide "Authenticate".

use super::excerpt::shows;
use super::guide::{file, workspace};
use crate::workspace::checks::TOKEN;
use crate::workspace::simulator::OWNER;

const MAIN: &str = "authenticate/main.tf";

#[test]
fn a_token_from_a_variable_is_in_neither_plan_nor_state() {
    let mut workspace = workspace(MAIN);
    workspace.unset("TFE_TOKEN");
    workspace.set("TF_VAR_tfe_token", OWNER);
    workspace
        .terraform(&["plan", "-no-color", "-out=plan"])
        .succeeds();
    let plan = workspace
        .terraform(&["show", "-json", "plan"])
        .succeeds()
        .stdout;
    assert!(!plan.contains(OWNER));
    workspace.try_apply().succeeds();
    assert!(!workspace.read("terraform.tfstate").contains(OWNER));
    assert_eq!(workspace.example(TOKEN)["organization"], "my-org-name");
}

#[test]
fn a_token_from_the_environment_needs_no_argument() {
    for name in ["TFE_TOKEN", "TF_TOKEN_app_terraform_io"] {
        let mut workspace = workspace(MAIN);
        workspace.write(
            "main.tf",
            &file(MAIN).replace("  token        = var.tfe_token\n", ""),
        );
        workspace.set("TF_VAR_tfe_token", "unused");
        workspace.unset("TFE_TOKEN");
        workspace.set(name, OWNER);
        workspace.apply();
    }
}

#[test]
fn without_a_token_the_error_lists_where_the_provider_searched() {
    let mut workspace = workspace(MAIN);
    workspace.write(
        "main.tf",
        &file(MAIN).replace("  token        = var.tfe_token\n", ""),
    );
    workspace.set("TF_VAR_tfe_token", "unused");
    workspace.unset("TFE_TOKEN");
    shows(&workspace.plan().fails(), "authenticate/no-token.txt");
}
