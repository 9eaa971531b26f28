//! Creating, updating and deleting managed resources: items 54 to 56 of the conformance checklist.

use serde_json::json;
use tfplugin::Path;
use tfplugin::server::proto::{self, provider_server};

use crate::echo::World;
use crate::echo::client::sha256;
use tfplugin_testing::rpc::{
    config_value, decode_diagnostics, decode_value, encode_value, identity_data, to_json,
};
use tfplugin_testing::{UNKNOWN, Walk};

const EXAMPLE: &str = "echo_value.example";

#[tokio::test]
async fn c54_an_applied_object_is_known_and_holds_no_write_only_value() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": "a", "value_wo": "s3cret", "value_wo_version": 1 });
    let object = core.apply_config(EXAMPLE, config).await;
    assert_eq!(
        object.json(),
        json!({
            "id": "echo-1", "plain": "a", "group": null, "value_wo": null,
            "value_wo_version": 1, "received_sha256": sha256("s3cret"), "script": null,
        })
    );
    let changed = json!({ "plain": "a", "value_wo": "0ther", "value_wo_version": 2 });
    let object = core.apply_config(EXAMPLE, changed).await;
    assert_eq!(object.get("received_sha256"), sha256("0ther"));
    assert_eq!(object.get("id"), "echo-1");
}

#[tokio::test]
async fn c54_a_write_only_value_that_an_author_returns_does_not_reach_the_state() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({
        "value_wo": "s3cret", "script": "plan: leak; create: leak; read: leak",
    });
    let object = core.apply_config(EXAMPLE, config).await;
    assert_eq!(object.get("value_wo"), json!(null));
    assert!(!object.attributes.contains("s3cret"));
}

#[tokio::test]
async fn c54_an_unknown_value_after_apply_is_an_error_that_names_it() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "script": "create: unknown" });
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    let applied = core.apply(plan).await;
    let error = applied.expect_error("Provider Bug");
    assert_eq!(error.path(), Some(&Path::of("received_sha256")));
    let object = core.state(EXAMPLE).expect("the object exists");
    assert!(object.tainted);
    assert_eq!(object.get("id"), "echo-1");
}

#[tokio::test]
async fn c54_deleting_an_object_that_is_gone_is_not_an_error() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({})).await;
    let plan = core.plan_destroy(EXAMPLE).await.expect_no_diagnostics();
    world.lose("echo-1");
    core.apply(plan).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn c55_what_was_created_before_a_failure_is_kept_and_tainted() {
    for failure in ["error", "panic"] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let config = json!({ "plain": "a", "script": format!("create: record, {failure}") });
        let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
        let applied = core.apply(plan).await;
        applied.expect_error(if failure == "error" {
            "Scripted Error"
        } else {
            "Provider Bug"
        });
        let object = core.state(EXAMPLE).expect("what was recorded");
        assert!(object.tainted, "after {failure}");
        assert_eq!(object.get("id"), "echo-1");
        assert!(
            String::from_utf8_lossy(&object.private).contains("create"),
            "private data is kept as well"
        );

        core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
        let events = ["create echo-1", "delete echo-1", "create echo-2"];
        assert_eq!(world.events(), events);
        assert!(!core.state(EXAMPLE).unwrap().tainted);
    }
}

#[tokio::test]
async fn c55_a_creation_that_failed_before_anything_was_recorded_leaves_nothing() {
    for (failure, summary) in [("error", "Scripted Error"), ("panic", "Provider Bug")] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let config = json!({ "script": format!("create: {failure}") });
        let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
        core.apply(plan).await.expect_error(summary);
        assert_eq!(core.state(EXAMPLE), None);
    }
}

#[tokio::test]
async fn a_failed_update_keeps_the_prior_state_or_what_was_recorded() {
    for (script, plain) in [
        ("update: error", "a"),
        ("update: panic", "a"),
        ("update: record, error", "b"),
        ("update: record, panic", "b"),
    ] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let before = core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
        let config = json!({ "plain": "b", "script": script });
        let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
        assert!(core.apply(plan).await.diagnostics.has_error(), "{script}");
        let after = core.state(EXAMPLE).expect("an update removes nothing");
        assert_eq!(after.get("plain"), plain, "{script}");
        assert_eq!(after.private, before.private, "{script}");
        assert!(!after.tainted, "{script}");
    }
}

#[tokio::test]
async fn c56_a_failed_deletion_keeps_the_state() {
    for (failure, summary) in [("error", "Scripted Error"), ("panic", "Provider Bug")] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let config = json!({ "script": format!("delete: {failure}") });
        let before = core.apply_config(EXAMPLE, config).await;
        core.destroy(EXAMPLE).await.expect_error(summary);
        assert_eq!(core.state(EXAMPLE), Some(&before));
    }
}

/// Checks the reply to a deletion that fails by this script: it must return the object.
async fn check_failed_deletion(script: &str) {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_value");
    let prior = config_value(schema, json!({ "plain": "a", "script": script }));
    let identity = identity_data(schema, &json!({ "id": "echo-7", "realm": "echo" }));
    let request = proto::apply_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: encode_value(&prior, &schema.ty),
        planned_private: b"kept".to_vec(),
        planned_identity: Some(identity.clone()),
        ..Default::default()
    };
    let process = core.process(Walk::Apply).await;
    let reply: proto::apply_resource_change::Response = process
        .call(request, provider_server::Provider::apply_resource_change)
        .await
        .unwrap();
    assert!(
        decode_diagnostics(&reply.diagnostics).has_error(),
        "{script}"
    );
    let state = decode_value(reply.new_state, &schema.ty).unwrap();
    assert_eq!(to_json(&state), to_json(&prior), "{script}");
    assert_eq!(reply.private, b"kept", "{script}");
    assert_eq!(reply.new_identity, Some(identity), "{script}");
}

#[tokio::test]
async fn c56_a_failed_deletion_answers_with_the_object() {
    check_failed_deletion("delete: error").await;
}

#[tokio::test]
async fn c56_a_deletion_that_adds_an_error_has_failed() {
    check_failed_deletion("delete: add error").await;
}

#[tokio::test]
async fn a_value_that_was_unknown_at_plan_may_become_any_value_at_apply() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": UNKNOWN, "value_wo": UNKNOWN, "value_wo_version": UNKNOWN });
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    let known = json!({ "plain": "a", "value_wo": "s3cret", "value_wo_version": 1 });
    core.apply(plan.with_config(known))
        .await
        .expect_no_diagnostics();
    let object = core.state(EXAMPLE).unwrap();
    assert_eq!(object.get("plain"), "a");
    assert_eq!(object.get("received_sha256"), sha256("s3cret"));
}
