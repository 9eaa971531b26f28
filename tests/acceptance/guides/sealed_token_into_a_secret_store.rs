//! The guide "Sealed token into a secret store".

use super::excerpt::shows;
use super::guide::{KEY, OTHER_KEY, check_delivered, file, later, stored, with_store, workspace};
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;

const MAIN: &str = "sealed-token-into-a-secret-store/main.tf";

fn sealed() -> Workspace {
    let mut workspace = workspace(MAIN);
    with_store(&mut workspace);
    workspace
}

fn regenerated() -> String {
    let main = file(MAIN);
    let changed = main.replace("number = 1", "number = 2");
    assert_ne!(changed, main);
    changed
}

#[test]
fn the_store_gets_the_secret_and_the_state_does_not() {
    let workspace = sealed();
    workspace.apply();
    check_delivered(&workspace);
    let shown = workspace.terraform(&[
        "state",
        "show",
        "-no-color",
        "tfe_audit_trail_token.example",
    ]);
    shows(&shown, "sealed-token-into-a-secret-store/state.txt");

    later(&workspace);
    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);
}

/// A secret that is stored nowhere would be lost here.
#[test]
fn a_store_that_could_not_be_reached_gets_the_secret_in_the_next_apply() {
    let mut workspace = sealed();
    workspace.set("STAND_IN_VAULT", "out/of/reach");
    workspace.try_apply().fails();
    let generated = workspace.token().id;

    with_store(&mut workspace);
    let run = workspace.apply();
    shows(&run, "sealed-token-into-a-secret-store/retry.txt");
    assert_eq!(workspace.token().id, generated);
    check_delivered(&workspace);
}

#[test]
fn another_sealing_key_needs_another_token() {
    let mut workspace = sealed();
    workspace.apply();
    workspace.set("TFE_SEALING_KEY", OTHER_KEY);
    let plan = workspace.plan().fails();
    shows(&plan, "sealed-token-into-a-secret-store/other-key.txt");

    later(&workspace);
    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);

    workspace.set("TFE_SEALING_KEY", KEY);
    let destroy = ["destroy", "-no-color", "-auto-approve", "-refresh=false"];
    workspace.terraform(&destroy).succeeds();
    assert!(!workspace.has_a_token());
}

#[test]
fn sealing_a_plain_token_needs_another_token() {
    let workspace = sealed();
    let main = file(MAIN);
    let (plain, _) = main.split_once("  seal_token   = true\n").unwrap();
    workspace.write(
        "main.tf",
        &format!("{plain}\n  regenerate_triggers = {{ number = 1 }}\n}}\n"),
    );
    workspace.apply();
    let before = workspace.token().secret;
    later(&workspace);

    workspace.write("main.tf", &regenerated());
    workspace.apply();
    check_delivered(&workspace);
    assert_ne!(stored(&workspace), before.expose());
    assert!(workspace.example(TOKEN)["token"].is_null());
}
