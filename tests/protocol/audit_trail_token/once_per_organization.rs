//! One configured provider generates at most once for an organization.

use serde_json::json;
use tfe_simulator::{Fault, Method};
use tfplugin::server::proto::{self, provider_server};

use super::{EXAMPLE, LATER, ORGANIZATION, Setup, TYPE, block, details};
use tfplugin_testing::Walk;
use tfplugin_testing::rpc::{config_value, decode_value, encode_value, to_json};

const SECOND: &str = "tfe_audit_trail_token.second";
const ALREADY: &str = "An Audit Trail Token Was Generated Already";

#[tokio::test]
async fn the_second_of_two_resources_in_one_apply_fails_and_the_token_stays_valid() {
    let mut setup = Setup::new().await;
    let forced = || block(json!({ "force_regenerate": true }));
    let first = setup
        .core
        .plan(EXAMPLE, forced())
        .await
        .expect_no_diagnostics();
    let second = setup
        .core
        .plan(SECOND, forced())
        .await
        .expect_no_diagnostics();
    setup.sent();
    let applied = setup.core.apply_together([first, second]).await;
    details(
        applied.expect_error(ALREADY),
        &[ORGANIZATION, "Two objects"],
    );
    let posts = setup
        .sent()
        .iter()
        .filter(|one| *one == "POST token")
        .count();
    assert_eq!(posts, 1);
    setup.check_current();
    assert!(setup.core.state(SECOND).is_none());
}

/// The second one said "already exists" and advised `force_regenerate`, which invalidates the token of the first.
#[tokio::test]
async fn without_force_the_second_of_two_resources_learns_that_there_are_two() {
    let mut setup = Setup::new().await;
    let first = setup.core.plan(EXAMPLE, block(json!({}))).await.expect_ok();
    let second = setup.core.plan(SECOND, block(json!({}))).await.expect_ok();
    let applied = setup.core.apply_together([first, second]).await;
    let error = applied.expect_error(ALREADY);
    details(error, &[ORGANIZATION, &setup.token().id, "Two objects"]);
    assert!(!error.detail().contains("force_regenerate"), "{error}");
    setup.check_current();
}

#[tokio::test]
async fn an_update_after_the_creation_of_a_second_resource_learns_that_there_are_two() {
    let mut setup = Setup::created(json!({})).await;
    setup.core.set_state(SECOND, setup.state().clone());
    setup.core.forget(EXAMPLE);
    let forced = block(json!({ "force_regenerate": true }));
    let first = setup.core.plan(EXAMPLE, forced).await.expect_ok();
    let later = block(json!({ "expired_at": LATER }));
    let second = setup.core.plan(SECOND, later).await.expect_ok();
    let applied = setup.core.apply_together([first, second]).await;
    let error = applied.expect_error(ALREADY);
    details(error, &[&setup.token().id, "Two objects"]);
    setup.check_current();
}

#[tokio::test]
async fn the_second_of_two_ephemeral_resources_in_one_walk_fails_and_the_token_stays_valid() {
    let setup = Setup::new().await;
    let schema = &setup.core.schemas().ephemeral_resources[TYPE];
    let forced = config_value(schema, block(json!({ "force_regenerate": true })));
    let process = setup.core.process(Walk::Apply).await;
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
    assert_eq!(first["token"], setup.token().secret.expose());
    assert_eq!(opened[1].diagnostics[0].summary, ALREADY);
}

#[tokio::test]
async fn two_spellings_of_one_name_are_one_organization() {
    let mut setup = Setup::new().await;
    setup.simulator.add_organization("My-Org-Name");
    let named = |organization| block(json!({ "organization": organization }));
    let first = setup.core.plan(EXAMPLE, named(ORGANIZATION)).await;
    let second = setup.core.plan(SECOND, named("My-Org-Name")).await;
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    let applied = setup.core.apply_together(plans).await;
    applied.expect_error(ALREADY);
    setup.check_current();
}

#[tokio::test]
async fn two_organizations_do_not_affect_each_other() {
    let mut setup = Setup::new().await;
    setup.simulator.add_organization("other-org-name");
    let other = block(json!({ "organization": "other-org-name" }));
    let first = setup.core.plan(EXAMPLE, block(json!({}))).await;
    let second = setup.core.plan(SECOND, other).await;
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    setup
        .core
        .apply_together(plans)
        .await
        .expect_no_diagnostics();
    setup.check_current();
    assert!(setup.core.state(SECOND).is_some());
}

#[tokio::test]
async fn a_second_regeneration_fails_and_keeps_its_state() {
    let mut setup = Setup::created(json!({})).await;
    let twin = setup.state().clone();
    setup.core.set_state(SECOND, twin.clone());
    let changed = || block(json!({ "expired_at": LATER, "force_regenerate": true }));
    let first = setup.core.plan(EXAMPLE, changed()).await.expect_ok();
    let second = setup.core.plan(SECOND, changed()).await.expect_ok();
    let applied = setup.core.apply_together([first, second]).await;
    applied.expect_error(ALREADY);
    setup.check_current();
    assert_eq!(setup.core.state(SECOND).unwrap().json(), twin.json());
}

#[tokio::test]
async fn a_generation_that_changed_nothing_does_not_count() {
    let mut setup = Setup::new().await;
    let first = setup.core.plan(EXAMPLE, block(json!({}))).await;
    let second = setup.core.plan(SECOND, block(json!({}))).await;
    let refused = Fault::on(Method::POST, "authentication-token").status(422);
    setup.simulator.inject(refused);
    let plans = [
        first.expect_no_diagnostics(),
        second.expect_no_diagnostics(),
    ];
    let applied = setup.core.apply_together(plans).await;
    applied.expect_error("Unable to create organization audit trail token");
    assert!(setup.core.state(EXAMPLE).is_none());
    assert!(setup.core.state(SECOND).is_some());
}
