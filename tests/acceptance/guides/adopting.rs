//! Adopt a token that is in use, without an outage.

use super::{TOKEN, check_delivered, file, later, shows, token, with_store};
use crate::workspace::Workspace;

/// An organization whose token somebody uses, and a configuration that looks at it.
fn in_use() -> Workspace {
    let mut workspace = super::workspace("adopt-a-token-in-use/look.tf");
    workspace.simulator.regenerate_elsewhere("my-org-name");
    later(&workspace);
    workspace
        .simulator
        .use_token("my-org-name", workspace.simulator.now());
    with_store(&mut workspace);
    workspace
}

#[test]
fn looking_and_importing_change_nothing() {
    let workspace = in_use();
    let before = token(&workspace).id;
    let looked = workspace.try_apply().succeeds();
    shows(&looked, "adopt-a-token-in-use/look.txt");

    workspace.write("main.tf", &file("adopt-a-token-in-use/import.tf"));
    let imported = workspace.try_apply().succeeds();
    shows(&imported, "adopt-a-token-in-use/import.txt");
    workspace.plan().exits(0);
    assert_eq!(token(&workspace).id, before);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (0, 0));
    let object = workspace.example(TOKEN);
    assert_eq!(object["token_id"], before);
    assert!(object["token"].is_null());
}

#[test]
fn owning_delivers_the_new_secret_in_the_apply_that_kills_the_old() {
    let workspace = in_use();
    workspace.write("main.tf", &file("adopt-a-token-in-use/import.tf"));
    workspace.try_apply().succeeds();
    let before = token(&workspace).id;
    later(&workspace);

    workspace.write("main.tf", &file("adopt-a-token-in-use/own.tf"));
    let plan = workspace.plan().exits(2);
    shows(&plan, "adopt-a-token-in-use/own.txt");
    assert_eq!(token(&workspace).id, before);
    workspace.apply();
    assert_ne!(token(&workspace).id, before);
    check_delivered(&workspace);
    assert_eq!((workspace.count("POST"), workspace.count("DELETE")), (1, 0));
}

/// The trap that the guide warns of.
#[test]
fn another_date_than_the_tokens_own_would_regenerate() {
    let workspace = in_use();
    let dated = file("adopt-a-token-in-use/import.tf").replace(
        "organization = \"my-org-name\"\n}",
        "organization = \"my-org-name\"\n  expired_at   = \"2030-12-31T23:59:59Z\"\n}",
    );
    workspace.write("main.tf", &dated);
    let plan = workspace.plan().exits(2);
    plan.says("The Audit Trail Token Will Be Regenerated");
}

#[test]
fn creating_instead_is_refused() {
    let workspace = in_use();
    let import = file("adopt-a-token-in-use/import.tf");
    let (versions, rest) = import.split_once("import {").unwrap();
    let (_, resource) = rest.split_once("# Without").unwrap();
    workspace.write("main.tf", &format!("{versions}# Without{resource}"));
    let before = token(&workspace).id;
    workspace
        .try_apply()
        .fails()
        .says("An audit trail token already exists");
    assert_eq!(token(&workspace).id, before);
}
