//! One configured provider generates at most once for an organization.

use serde_json::json;
use tfe_simulator::{Fault, Method};
use tfplugin::server::proto::{self, provider_server};

use super::{EXAMPLE, LATER, ORGANIZATION, Scene, TYPE, block, details};
use tfplugin_testing::Walk;
use tfplugin_testing::rpc::{config_value, decode_value, encode_value, to_json};

const SECOND: &str = "tfe_audit_trail_token.second";
const ALREADY: &str = "An Audit Trail Token Was Generated Already";

#[tokio::test]
async fn of_two_resources_in_one_apply_the_second_errors_and_the_token_lives() {
    let mut scene = Scene::new().await;
    let forced = || block(json!({ "force_regenerate": true }));
    let first = scene
        .core
        .plan(EXAMPLE, forced())
        .await
        .expect_no_diagnostics();
    let second = scene
        .core
        .plan(SECOND, forced())
        .await
        .expect_no_diagnostics();
    scene.sent();
    let applied = scene.core.apply_together([first, second]).await;
    details(
        applied.expect_error(ALREADY),
        &[ORGANIZATION, "Two objects"],
    );
    let posts = scene
        .sent()
        .iter()
        .filter(|one| *one == "POST token")
        .count();
    assert_eq!(posts, 1);
    scene.check_alive();
    assert!(scene.core.state(SECOND).is_none());
}

#[tokio::test]
async fn of_two_ephemerals_in_one_walk_the_second_errors_and_the_token_lives() {
    let scene = Scene::new().await;
    let schema = &scene.core.schemas().ephemeral_resources[TYPE];
    let forced = config_value(schema, block(json!({ "force_regenerate": true })));
    let process = scene.core.process(Walk::Apply).await;
    let mut opened = Vec::new();
    for _ in 0..2 {
        let request = proto::open_ephemeral_resource::Request {
            type_name: TYPE.to_owned(),
            config: encode_value(&forced, &schema.ty),
            ..Default::default()
        };
        let reply: proto::open_ephemeral_resource::Response = process
            .call(request, provider_server::Provider::open_ephemeral_resource)
            .await
            .unwrap();
        opened.push(reply);
    }
    assert!(opened[0].diagnostics.is_empty());
    let first = to_json(&decode_value(opened[0].result.take(), &schema.ty).unwrap());
    assert_eq!(first["token"], scene.token().secret.expose());
    assert_eq!(opened[1].diagnostics[0].summary, ALREADY);
}

#[tokio::test]
async fn two_spellings_of_one_name_are_one_organization() {
    let mut scene = Scene::new().await;
    scene.simulator.add_organization("My-Org-Name");
    let named = |organization| block(json!({ "organization": organization }));
    let first = scene.core.plan(EXAMPLE, named(ORGANIZATION)).await;
    let second = scene.core.plan(SECOND, named("My-Org-Name")).await;
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    let applied = scene.core.apply_together(plans).await;
    applied.expect_error(ALREADY);
    scene.check_alive();
}

#[tokio::test]
async fn two_organizations_do_not_stand_in_each_others_way() {
    let mut scene = Scene::new().await;
    scene.simulator.add_organization("other-org-name");
    let other = block(json!({ "organization": "other-org-name" }));
    let first = scene.core.plan(EXAMPLE, block(json!({}))).await;
    let second = scene.core.plan(SECOND, other).await;
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    scene
        .core
        .apply_together(plans)
        .await
        .expect_no_diagnostics();
    scene.check_alive();
    assert!(scene.core.state(SECOND).is_some());
}

#[tokio::test]
async fn a_second_regeneration_errors_and_leaves_its_state_as_it_was() {
    let mut scene = Scene::created(json!({})).await;
    let twin = scene.state().clone();
    scene.core.set_state(SECOND, twin.clone());
    let changed = || block(json!({ "expired_at": LATER, "force_regenerate": true }));
    let first = scene.core.plan(EXAMPLE, changed()).await.expect_ok();
    let second = scene.core.plan(SECOND, changed()).await.expect_ok();
    let applied = scene.core.apply_together([first, second]).await;
    applied.expect_error(ALREADY);
    scene.check_alive();
    assert_eq!(scene.core.state(SECOND).unwrap().json(), twin.json());
}

#[tokio::test]
async fn a_generation_that_changed_nothing_does_not_count() {
    let mut scene = Scene::new().await;
    let first = scene.core.plan(EXAMPLE, block(json!({}))).await;
    let second = scene.core.plan(SECOND, block(json!({}))).await;
    let refused = Fault::on(Method::POST, "authentication-token").status(422);
    scene.simulator.inject(refused);
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    let applied = scene.core.apply_together(plans).await;
    applied.expect_error("Unable to create organization audit trail token");
    assert!(scene.core.state(EXAMPLE).is_none());
    assert!(scene.core.state(SECOND).is_some());
}
