//! The organization that the provider's block or the environment names.

use serde_json::json;
use tfplugin::Path;

use super::{DATE, EXAMPLE, ORGANIZATION, Scene};
use tfplugin_testing::{Action, Outcome, Plan, UNKNOWN};

const NONE: &str = "No organization was specified on the resource or provider";

/// A block that leaves the organization to the provider.
fn without() -> serde_json::Value {
    json!({ "organization": null })
}

/// A provider whose default organization has made the token.
async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    scene
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    scene.apply(without()).await.expect_no_diagnostics();
    scene
}

async fn plan_under(scene: &mut Scene, provider: serde_json::Value) -> Outcome<Plan> {
    scene.core.provider_config(provider);
    scene.plan(without()).await
}

#[tokio::test]
async fn it_is_planned_where_the_resource_names_none() {
    let scene = scene().await;
    assert_eq!(scene.get("organization"), ORGANIZATION);
    assert_eq!(scene.get("id"), ORGANIZATION);
    scene.check_alive();
}

#[tokio::test]
async fn the_environment_can_name_it() {
    let mut scene =
        Scene::with(|environment| environment.variable("TFE_ORGANIZATION", " my-org-name ")).await;
    scene.apply(without()).await.expect_no_diagnostics();
    scene.check_alive();
}

#[tokio::test]
async fn the_resources_own_organization_wins() {
    let mut scene = Scene::new().await;
    scene
        .core
        .provider_config(json!({ "organization": "other-org-name" }));
    scene.apply(json!({})).await.expect_no_diagnostics();
    assert_eq!(scene.get("organization"), ORGANIZATION);
}

/// Conformance: 52.
#[tokio::test]
async fn another_default_organization_replaces() {
    let mut scene = scene().await;
    scene.simulator.add_organization("other-org-name");
    let planned = plan_under(&mut scene, json!({ "organization": "other-org-name" })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.action, Action::DeleteThenCreate);
    assert_eq!(plan.replace_paths, [Path::of("organization")]);
    assert_eq!(plan.get("organization"), "other-org-name");
    assert_eq!(plan.get("id"), "other-org-name");
    scene.core.apply(plan).await.expect_no_diagnostics();
    assert!(scene.simulator.audit_trail_token(ORGANIZATION).is_none());
    let new = scene.simulator.audit_trail_token("other-org-name").unwrap();
    assert_eq!(scene.get("token"), new.secret.expose());
    let next = scene.plan(without()).await.expect_no_diagnostics();
    assert_eq!(next.action, Action::NoOp);
}

#[tokio::test]
async fn no_organization_anywhere_is_an_error() {
    let mut scene = scene().await;
    for provider in [json!({}), json!({ "organization": "" })] {
        let planned = plan_under(&mut scene, provider).await;
        let error = planned.expect_error(NONE);
        assert_eq!(error.path(), Some(&Path::of("organization")));
    }
    scene.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    let planned = plan_under(&mut scene, json!({})).await;
    planned.expect_error(NONE);
    // What is in the state needs none.
    assert!(scene.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn nothing_follows_a_default_that_is_not_known_yet() {
    let mut scene = scene().await;
    let planned = plan_under(&mut scene, json!({ "organization": UNKNOWN })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(plan.get("organization"), ORGANIZATION);
    assert_eq!(plan.get("expired_at"), DATE);
}

#[tokio::test]
async fn a_creation_waits_for_a_default_that_is_not_known_yet() {
    let mut scene = Scene::new().await;
    let planned = plan_under(&mut scene, json!({ "organization": UNKNOWN })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.get("organization"), UNKNOWN);
    assert_eq!(plan.get("id"), UNKNOWN);
    assert_eq!(scene.sent(), Vec::<String>::new());
    scene
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    scene.core.apply(plan).await.expect_no_diagnostics();
    scene.check_alive();
}
