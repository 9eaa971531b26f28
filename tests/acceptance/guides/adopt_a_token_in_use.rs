//! Adopt a token that is in use, without an outage.

use super::excerpt::shows;
use super::guide::{self, check_delivered, file, later, with_store};
use crate::workspace::Workspace;
use crate::workspace::checks::TOKEN;

/// Returns a workspace with a token in use, and a configuration that only reads it.
fn in_use() -> Workspace {
    let mut workspace = guide::workspace("adopt-a-token-in-use/look.tf");
    workspace.simulator.regenerate_elsewhere("my-org-name");
    later(&workspace);
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    with_store(&mut workspace);
    workspace
}

#[test]
fn reading_and_importing_a_token_change_nothing() {
    let workspace = in_use();
    let before = workspace.token().id;
    let read = workspace.try_apply().succeeds();
    shows(&read, "adopt-a-token-in-use/look.txt");

    workspace.write("main.tf", &file("adopt-a-token-in-use/import.tf"));
    let imported = workspace.try_apply().succeeds();
    shows(&imported, "adopt-a-token-in-use/import.txt");
    workspace.plan().exits(0);
    assert_eq!(workspace.token().id, before);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (0, 0));
    let object = workspace.example(TOKEN);
    assert_eq!(object["token_id"], before);
    assert!(object["token"].is_null());
}

#[test]
fn regenerating_delivers_the_new_secret_in_the_apply_that_invalidates_the_old_one() {
    let workspace = in_use();
    workspace.write("main.tf", &file("adopt-a-token-in-use/import.tf"));
    workspace.try_apply().succeeds();
    let before = workspace.token().id;
    later(&workspace);

    workspace.write("main.tf", &file("adopt-a-token-in-use/own.tf"));
    let plan = workspace.plan().exits(2);
    shows(&plan, "adopt-a-token-in-use/own.txt");
    assert_eq!(workspace.token().id, before);
    workspace.apply();
    assert_ne!(workspace.token().id, before);
    check_delivered(&workspace);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

/// The guide warns of this.
#[test]
fn a_date_other_than_the_tokens_own_regenerates() {
    let workspace = in_use();
    let dated = file("adopt-a-token-in-use/import.tf").replace(
        "organization = \"my-org-name\"\n}",
        "organization = \"my-org-name\"\n  expired_at   = \"2030-12-31T23:59:59Z\"\n}",
    );
    workspace.write("main.tf", &dated);
    let plan = workspace.plan().exits(2);
    plan.prints("The Audit Trail Token Is Regenerated");
}

#[test]
fn creating_a_token_in_place_of_importing_it_is_refused() {
    let workspace = in_use();
    let import = file("adopt-a-token-in-use/import.tf");
    let (versions, rest) = import.split_once("import {").unwrap();
    let (_, resource) = rest.split_once("# Without").unwrap();
    workspace.write("main.tf", &format!("{versions}# Without{resource}"));
    let before = workspace.token().id;
    workspace
        .try_apply()
        .fails()
        .prints("An audit trail token already exists");
    assert_eq!(workspace.token().id, before);
}
