//! Another organization: the token of the one before goes.

use serde_json::{Value as Json, json};
use tfe_simulator::{Access, Fault};
use tfplugin::Path;

use super::{DAY, EXAMPLE, ORGANIZATION, Scene, details, sole_warning};
use tfplugin_testing::{Action, UNKNOWN};

const OTHER: &str = "other-org-name";
const FOR_NOTHING: &str = "The Audit Trail Token Would Be Destroyed for Nothing";
const IN_USE: &str = "An Audit Trail Token in Use Will Be Deleted";

/// A resource whose token is in use.
async fn in_use() -> Scene {
    let mut scene = Scene::created(json!({})).await;
    let used = scene.simulator.now();
    scene.simulator.use_token(ORGANIZATION, used);
    scene.core.refresh(EXAMPLE).await.expect_ok();
    scene
}

fn to(organization: &str) -> Json {
    json!({ "organization": organization })
}

#[tokio::test]
async fn a_plan_names_the_token_in_use_that_goes() {
    let mut scene = in_use().await;
    let ours = scene.token();
    scene.simulator.add_organization(OTHER);
    let planned = scene.plan(to(OTHER)).await;
    details(
        sole_warning(&planned.diagnostics, IN_USE),
        &[&ours.id, ORGANIZATION, "last used 2026-01-01T00:00:00Z"],
    );
    let plan = planned.expect_ok();
    assert_eq!(plan.action, Action::DeleteThenCreate);
    scene.core.apply(plan).await.expect_no_diagnostics();
    assert!(scene.simulator.audit_trail_token(OTHER).is_some());
}

#[tokio::test]
async fn a_token_is_not_destroyed_where_creating_another_will_fail() {
    let scene = in_use().await;
    scene.simulator.add_organization("taken-org-name");
    let theirs = scene.simulator.regenerate_elsewhere("taken-org-name");
    scene.simulator.add_organization("foreign-org-name");
    scene
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
        let planned = scene.plan(to(organization)).await;
        let error = planned.expect_error(FOR_NOTHING);
        assert_eq!(error.path(), Some(&Path::of("organization")));
        details(error, &[ORGANIZATION, organization, says]);
    }
    scene.check_alive();
}

#[tokio::test]
async fn with_force_regenerate_the_token_of_the_other_organization_may_be_replaced() {
    let mut scene = Scene::created(json!({})).await;
    scene.simulator.add_organization(OTHER);
    let theirs = scene.simulator.regenerate_elsewhere(OTHER);
    let forced = json!({ "organization": OTHER, "force_regenerate": true });
    let planned = scene.plan(forced).await;
    let warning = "An Existing Audit Trail Token Will Be Invalidated";
    details(sole_warning(&planned.diagnostics, warning), &[&theirs.id]);
    scene.core.apply(planned.expect_ok()).await.expect_ok();
    assert_ne!(
        scene.simulator.audit_trail_token(OTHER).unwrap().id,
        theirs.id
    );
}

#[tokio::test]
async fn a_look_that_has_no_answer_does_not_keep_the_resource_from_moving() {
    let scene = Scene::created(json!({})).await;
    scene.simulator.add_organization(OTHER);
    scene
        .simulator
        .inject(Fault::on_any(OTHER).always().status(503));
    let planned = scene.plan(to(OTHER)).await;
    let warning = "Unable to Look for an Existing Audit Trail Token";
    details(sole_warning(&planned.diagnostics, warning), &[OTHER, "503"]);
    assert_eq!(planned.expect_ok().action, Action::DeleteThenCreate);
}

#[tokio::test]
async fn an_organization_that_is_not_known_yet_is_told_to_replace() {
    let scene = Scene::created(json!({})).await;
    let planned = scene.plan(to(UNKNOWN)).await;
    let warning = sole_warning(
        &planned.diagnostics,
        "The Audit Trail Token May Be Destroyed",
    );
    details(warning, &[&scene.token().id, ORGANIZATION, "-target"]);
    planned.expect_ok();
}

#[tokio::test]
async fn destroying_a_token_in_use_is_told_by_its_plan() {
    let scene = in_use().await;
    let planned = scene.core.plan_destroy(EXAMPLE).await;
    details(
        sole_warning(&planned.diagnostics, IN_USE),
        &[&scene.token().id, "last used 2026-01-01T00:00:00Z"],
    );
    planned.expect_ok();
}

#[tokio::test]
async fn destroying_a_token_that_nobody_uses_needs_no_warning() {
    let mut scene = in_use().await;
    scene.simulator.advance(DAY * 15);
    scene.core.refresh(EXAMPLE).await.expect_ok();
    scene
        .core
        .plan_destroy(EXAMPLE)
        .await
        .expect_no_diagnostics();
}
