//! [`Core`](tfplugin_testing::Core) refuses replies that break Terraform's rules.

use serde_json::json;

use crate::echo::World;
use tfplugin_testing::{HostProfile, UNKNOWN, Walk};

const EXAMPLE: &str = "echo_value.example";

#[tokio::test]
async fn a_plan_that_changes_what_is_configured_is_refused() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": "a", "script": "plan: other" });
    core.plan(EXAMPLE, config.clone())
        .await
        .expect_error("Provider produced invalid plan");
    core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
    core.plan(EXAMPLE, config)
        .await
        .expect_error("Provider produced invalid plan");
}

#[tokio::test]
async fn a_replacement_because_of_a_missing_attribute_is_refused() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({})).await;
    core.plan(EXAMPLE, json!({ "script": "plan: replace by nothing" }))
        .await
        .expect_error("Provider produced invalid plan");
}

#[tokio::test]
async fn a_plan_that_differs_at_apply_is_refused() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "script": "plan: never the same" });
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    core.apply(plan)
        .await
        .expect_error("Provider produced inconsistent final plan");
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn a_result_that_was_not_planned_is_refused_and_kept() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": "a", "script": "create: other" });
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    core.apply(plan)
        .await
        .expect_error("Provider produced inconsistent result after apply");
    let object = core.state(EXAMPLE).expect("it was created");
    assert!(object.tainted);
    assert_eq!(object.get("plain"), "something else");
}

#[tokio::test]
async fn an_argument_that_an_ephemeral_resource_changes_is_refused() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "text": "a", "script": "open: other" });
    core.open_ephemeral(Walk::Plan, "echo_secret", config)
        .await
        .expect_error("Provider produced invalid ephemeral resource instance");
}

#[tokio::test]
async fn a_configuration_that_terraform_refuses_does_not_reach_the_provider() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    for (config, summary) in [
        (
            json!({ "id": "mine" }),
            "Value for unconfigurable attribute",
        ),
        (json!({ "colour": "red" }), "Unsupported argument"),
    ] {
        core.validate(EXAMPLE, config).await.expect_error(summary);
    }
    core.open_ephemeral(Walk::Plan, "echo_secret", json!({}))
        .await
        .expect_error("Missing required argument");
}

#[tokio::test]
async fn a_configuration_that_is_unknown_at_apply_is_refused() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await.on(HostProfile::OPENTOFU_1_11);
    let plan = core.plan(EXAMPLE, json!({ "plain": UNKNOWN })).await;
    core.apply(plan.expect_no_diagnostics())
        .await
        .expect_error("Configuration contains unknown value");
}
