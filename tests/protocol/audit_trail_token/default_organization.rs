//! The default organization of the provider block or the environment.

use serde_json::json;
use tfplugin::Path;

use super::{DATE, EXAMPLE, ORGANIZATION, Setup, UNUSED};
use tfplugin_testing::{Outcome, Plan, ResourceAction, UNKNOWN};

const NONE: &str = "No organization was specified on the resource or provider";

/// Returns a resource block without an organization.
fn without() -> serde_json::Value {
    json!({ "organization": null })
}

/// Returns a setup whose resource was created in the provider's default organization.
async fn setup() -> Setup {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    setup.apply(without()).await.expect_no_diagnostics();
    setup
}

async fn plan_under(setup: &mut Setup, provider: serde_json::Value) -> Outcome<Plan> {
    setup.core.provider_config(provider);
    setup.plan(without()).await
}

#[tokio::test]
async fn a_resource_without_an_organization_plans_the_default() {
    let setup = setup().await;
    assert_eq!(setup.get("organization"), ORGANIZATION);
    assert_eq!(setup.get("id"), ORGANIZATION);
    setup.check_current();
}

#[tokio::test]
async fn the_environment_sets_the_default_organization() {
    let mut setup =
        Setup::with(|environment| environment.variable("TFE_ORGANIZATION", " my-org-name ")).await;
    setup.apply(without()).await.expect_no_diagnostics();
    setup.check_current();
}

#[tokio::test]
async fn the_organization_of_the_resource_overrides_the_default() {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "organization": "other-org-name" }));
    setup.apply(json!({})).await.expect_no_diagnostics();
    assert_eq!(setup.get("organization"), ORGANIZATION);
}

/// Conformance: 52.
#[tokio::test]
async fn a_changed_default_organization_replaces_the_resource() {
    let mut setup = setup().await;
    setup.simulator.advance(UNUSED);
    setup.simulator.add_organization("other-org-name");
    let planned = plan_under(&mut setup, json!({ "organization": "other-org-name" })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
    assert_eq!(plan.replace_paths, [Path::of("organization")]);
    assert_eq!(plan.get("organization"), "other-org-name");
    assert_eq!(plan.get("id"), "other-org-name");
    setup.core.apply(plan).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    let new = setup.simulator.audit_trail_token("other-org-name").unwrap();
    assert_eq!(setup.get("token"), new.secret.expose());
    let next = setup.plan(without()).await.expect_no_diagnostics();
    assert_eq!(next.action, ResourceAction::NoOp);
}

#[tokio::test]
async fn no_organization_anywhere_is_an_error() {
    let mut setup = setup().await;
    setup.simulator.advance(UNUSED);
    for provider in [json!({}), json!({ "organization": "" })] {
        let planned = plan_under(&mut setup, provider).await;
        let error = planned.expect_error(NONE);
        assert_eq!(error.path(), Some(&Path::of("organization")));
    }
    setup.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    let planned = plan_under(&mut setup, json!({})).await;
    planned.expect_error(NONE);
    // An object in the state has its organization.
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn an_unknown_default_organization_plans_no_replacement() {
    let mut setup = setup().await;
    let planned = plan_under(&mut setup, json!({ "organization": UNKNOWN })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.get("organization"), ORGANIZATION);
    assert_eq!(plan.get("expired_at"), DATE);
}

#[tokio::test]
async fn a_creation_waits_for_an_unknown_default_organization() {
    let mut setup = Setup::new().await;
    let planned = plan_under(&mut setup, json!({ "organization": UNKNOWN })).await;
    let plan = planned.expect_no_diagnostics();
    assert_eq!(plan.get("organization"), UNKNOWN);
    assert_eq!(plan.get("id"), UNKNOWN);
    assert_eq!(setup.sent(), Vec::<String>::new());
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    setup.core.apply(plan).await.expect_no_diagnostics();
    setup.check_current();
}
