//! Authenticate.

use super::{TOKEN, file, shows, workspace};
use crate::service::OWNER;

const MAIN: &str = "authenticate/main.tf";

#[test]
fn a_variable_gives_the_token_and_it_reaches_no_state() {
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
fn the_environment_is_enough() {
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
fn without_a_token_the_error_lists_every_place() {
    let mut workspace = workspace(MAIN);
    workspace.write(
        "main.tf",
        &file(MAIN).replace("  token        = var.tfe_token\n", ""),
    );
    workspace.set("TF_VAR_tfe_token", "unused");
    workspace.unset("TFE_TOKEN");
    shows(&workspace.plan().fails(), "authenticate/no-token.txt");
}
