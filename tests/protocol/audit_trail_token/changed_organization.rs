//! A changed `organization`: the token of the previous one is deleted.

use serde_json::{Value as Json, json};
use tfe_simulator::{Access, Fault};
use tfplugin::Path;

use super::{DAY, EXAMPLE, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const OTHER: &str = "other-org-name";
const FOR_NOTHING: &str = "The Audit Trail Token Would Be Destroyed for Nothing";
const IN_USE: &str = "An Audit Trail Token in Use Is Deleted";

/// Returns a setup whose token is in use.
async fn in_use() -> Setup {
    let mut setup = Setup::created(json!({})).await;
    let used = setup.simulator.now();
    setup.simulator.use_token(ORGANIZATION, used);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup
}

fn to(organization: &str) -> Json {
    json!({ "organization": organization })
}

#[tokio::test]
async fn a_plan_names_the_token_in_use_that_it_deletes() {
    let mut setup = in_use().await;
    let ours = setup.token();
    setup.simulator.add_organization(OTHER);
    let planned = setup.plan(to(OTHER)).await;
    details(
        sole_warning(&planned.diagnostics, IN_USE),
        &[&ours.id, ORGANIZATION, "last used 2026-01-01T00:00:00Z"],
    );
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
    setup.core.apply(plan).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(OTHER).is_some());
}

#[tokio::test]
async fn a_token_is_not_destroyed_if_the_creation_of_the_next_one_will_fail() {
    let setup = in_use().await;
    setup.simulator.add_organization("taken-org-name");
    let theirs = setup.simulator.regenerate_elsewhere("taken-org-name");
    setup.simulator.add_organization("foreign-org-name");
    setup
        .simulator
        .set_access(super::OWNER, "foreign-org-name", Access::Views);
    for (organization, says) in [
        ("taken-org-name", theirs.id.as_str()),
        (
            "foreign-org-name",
            "does not say that the provider's API token may manage",
        ),
        ("mistyped-org-name", "Check the name"),
    ] {
        let planned = setup.plan(to(organization)).await;
        let error = planned.expect_error(FOR_NOTHING);
        assert_eq!(error.path(), Some(&Path::of("organization")));
        details(error, &[ORGANIZATION, organization, says]);
    }
    setup.check_current();
}

#[tokio::test]
async fn with_force_regenerate_the_token_of_the_other_organization_may_be_replaced() {
    let mut setup = Setup::unused().await;
    setup.simulator.add_organization(OTHER);
    let theirs = setup.simulator.regenerate_elsewhere(OTHER);
    let forced = json!({ "organization": OTHER, "force_regenerate": true });
    let planned = setup.plan(forced).await;
    let warning = "An Existing Audit Trail Token Is Invalidated";
    details(sole_warning(&planned.diagnostics, warning), &[&theirs.id]);
    setup.core.apply(planned.expect_ok()).await.expect_ok();
    assert_ne!(
        setup.simulator.audit_trail_token(OTHER).unwrap().id,
        theirs.id
    );
}

#[tokio::test]
async fn a_read_without_an_answer_does_not_prevent_the_replacement() {
    let setup = Setup::unused().await;
    setup.simulator.add_organization(OTHER);
    setup
        .simulator
        .inject(Fault::on_any(OTHER).always().status(503));
    let planned = setup.plan(to(OTHER)).await;
    let warning = "Unable to Look for an Existing Audit Trail Token";
    details(sole_warning(&planned.diagnostics, warning), &[OTHER, "503"]);
    assert_eq!(planned.expect_ok().action, ResourceAction::DeleteThenCreate);
}

#[tokio::test]
async fn an_unknown_organization_warns_that_the_token_may_be_destroyed() {
    let setup = Setup::created(json!({})).await;
    let planned = setup.plan(to(UNKNOWN)).await;
    let warning = sole_warning(
        &planned.diagnostics,
        "The Audit Trail Token May Be Destroyed",
    );
    details(warning, &[&setup.token().id, ORGANIZATION, "-target"]);
    planned.expect_ok();
}

#[tokio::test]
async fn the_plan_of_a_destroy_warns_of_a_token_in_use() {
    let setup = in_use().await;
    let planned = setup.core.plan_destroy(EXAMPLE).await;
    details(
        sole_warning(&planned.diagnostics, IN_USE),
        &[&setup.token().id, "last used 2026-01-01T00:00:00Z"],
    );
    planned.expect_ok();
}

#[tokio::test]
async fn the_plan_of_a_destroy_does_not_warn_of_an_unused_token() {
    let mut setup = in_use().await;
    setup.simulator.advance(DAY * 15);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup
        .core
        .plan_destroy(EXAMPLE)
        .await
        .expect_no_diagnostics();
}
