//! Planning managed resources: items 48 to 53 of the conformance checklist.

use serde_json::{Value as Json, json};
use tfplugin::Path;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::value::{Leniency, decode_json};

use crate::echo::World;
use tfplugin_testing::rpc::{config_value, decode_value, encode_value, to_json};
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN, Walk};

const EXAMPLE: &str = "echo_value.example";

#[tokio::test]
async fn c48_a_plan_agrees_with_the_configuration_known_or_unknown() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let all_set = json!({
        "plain": "a", "group": "g", "value_wo": "s3cret", "value_wo_version": 1, "script": "-:-",
    });
    let all_unknown = json!({
        "plain": UNKNOWN, "group": UNKNOWN, "value_wo": UNKNOWN, "value_wo_version": UNKNOWN,
    });
    for config in [json!({}), all_set.clone(), all_unknown.clone()] {
        let create = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
        assert_eq!(create.action, ResourceAction::Create);
    }
    core.apply_config(EXAMPLE, all_set).await;
    let nothing = core.plan(EXAMPLE, json!({ "group": "g" })).await;
    assert_eq!(
        nothing.expect_no_diagnostics().action,
        ResourceAction::Update
    );
    let unknown = core
        .plan(EXAMPLE, all_unknown)
        .await
        .expect_no_diagnostics();
    assert_eq!(unknown.action, ResourceAction::DeleteThenCreate);
    assert_eq!(unknown.replace_paths, [Path::of("group")]);
}

#[tokio::test]
async fn c49_a_plan_without_changes_is_the_prior_state() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": "a", "value_wo": "s3cret", "value_wo_version": 1 });
    let before = core.apply_config(EXAMPLE, config.clone()).await;
    assert_ne!(before.private, b"");
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.before(), plan.after());
    core.apply(plan).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE), Some(&before));
    assert_eq!(world.events(), ["create echo-1"]);
}

#[tokio::test]
async fn c49_a_computed_attribute_is_planned_unknown_only_if_something_changes() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let address = "echo_types.example";
    core.apply_config(address, json!({ "string": "a" })).await;
    let same = core.plan(address, json!({ "string": "a" })).await;
    assert_eq!(same.expect_no_diagnostics().get("computed"), json!([]));
    let other = core.plan(address, json!({ "string": "b" })).await;
    assert_eq!(other.expect_no_diagnostics().get("computed"), UNKNOWN);
}

#[tokio::test]
async fn c50_only_computed_attributes_are_planned_unknown() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let plan = core.plan(EXAMPLE, json!({ "plain": "a" })).await;
    assert_eq!(
        plan.expect_no_diagnostics().after(),
        json!({
            "id": UNKNOWN, "plain": "a", "group": null, "value_wo": null,
            "value_wo_version": null, "received_sha256": UNKNOWN, "script": null,
        })
    );
    core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
    let update = core.plan(EXAMPLE, json!({ "value_wo_version": 2 })).await;
    let update = update.expect_no_diagnostics();
    assert_eq!(update.get("id"), "echo-1");
    assert_eq!(update.get("received_sha256"), UNKNOWN);
}

#[tokio::test]
async fn c51_planning_twice_gives_the_same_plan() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
    let config = json!({ "plain": "b", "value_wo_version": UNKNOWN });
    let once = core
        .plan(EXAMPLE, config.clone())
        .await
        .expect_no_diagnostics();
    let twice = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    assert_eq!(once.after(), twice.after());
    assert_eq!(once.action, twice.action);
}

#[tokio::test]
async fn c52_only_a_real_change_replaces() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({ "plain": "a", "group": "g" }))
        .await;

    let other = json!({ "plain": "b", "group": "g" });
    let update = core.plan(EXAMPLE, other).await.expect_no_diagnostics();
    assert_eq!(update.action, ResourceAction::Update);
    assert_eq!(update.requires_replace, []);

    let moved = json!({ "plain": "a", "group": "h" });
    let replace = core
        .plan(EXAMPLE, moved.clone())
        .await
        .expect_no_diagnostics();
    assert_eq!(replace.action, ResourceAction::DeleteThenCreate);
    assert_eq!(replace.replace_paths, [Path::of("group")]);
    assert_eq!(replace.get("id"), UNKNOWN);
    core.apply(replace).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-2");
    assert_eq!(
        world.events(),
        ["create echo-1", "delete echo-1", "create echo-2"]
    );

    let stays = json!({ "plain": "a", "group": "h", "script": "plan: replace by id" });
    let update = core.plan(EXAMPLE, stays).await.expect_no_diagnostics();
    assert_eq!(update.action, ResourceAction::Update);
    assert_eq!(update.requires_replace, [Path::of("id")]);
    assert_eq!(update.replace_paths, []);
}

#[tokio::test]
async fn c52_a_replacement_can_create_before_it_destroys() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.create_before_destroy(EXAMPLE);
    core.apply_config(EXAMPLE, json!({ "group": "g" })).await;
    core.apply_config(EXAMPLE, json!({ "group": "h" })).await;
    assert_eq!(
        world.events(),
        ["create echo-1", "create echo-2", "delete echo-1"]
    );
    assert_eq!(core.deposed(EXAMPLE), []);
}

#[tokio::test]
async fn c52_a_failed_creation_of_a_replacement_keeps_the_old_object() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.create_before_destroy(EXAMPLE);
    core.apply_config(EXAMPLE, json!({ "group": "g" })).await;
    let broken = json!({ "group": "h", "script": "create: error" });
    let plan = core.plan(EXAMPLE, broken).await.expect_no_diagnostics();
    core.apply(plan).await.expect_error("Scripted Error");
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-1");
    assert_eq!(core.deposed(EXAMPLE), []);
}

#[tokio::test]
async fn a_replacement_can_be_requested() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({})).await;
    core.replace(EXAMPLE, json!({}))
        .await
        .expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-2");
}

#[tokio::test]
async fn c53_a_destruction_is_planned_as_null() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "script": "plan_destroy: warn" });
    core.apply_config(EXAMPLE, config).await;
    let plan = core.plan_destroy(EXAMPLE).await;
    plan.expect_warning("Scripted Warning");
    let plan = plan.expect_ok();
    assert_eq!(
        (plan.action, plan.after()),
        (ResourceAction::Delete, json!(null))
    );
    core.apply(plan).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE), None);
}

/// Conformance: 49.
#[tokio::test]
async fn private_data_of_a_plan_reaches_the_apply_and_the_state() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_value");
    let prior = config_value(schema, json!({ "plain": "a" }));
    let process = core.process(Walk::Plan).await;
    let foreign = b"\x00not ours".to_vec();
    let request = proto::plan_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: encode_value(&prior, &schema.ty),
        proposed_new_state: encode_value(&prior, &schema.ty),
        config: encode_value(&prior, &schema.ty),
        prior_private: foreign.clone(),
        ..Default::default()
    };
    let reply: proto::plan_resource_change::Response = process
        .call(request, provider_server::Provider::plan_resource_change)
        .await
        .unwrap();
    assert_eq!(reply.planned_private, foreign);
    assert_eq!(
        to_json(&decode_value(reply.planned_state, &schema.ty).unwrap()),
        to_json(&prior)
    );
}

/// What was planned can be bound to what is applied.
#[tokio::test]
async fn the_plan_at_apply_gets_the_private_data_of_the_plan_that_is_applied() {
    for host in HostProfile::ALL {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await.on(host);
        let script = "plan: remember";
        for (config, action) in [
            (json!({ "script": script }), ResourceAction::Create),
            (
                json!({ "script": script, "plain": "b" }),
                ResourceAction::Update,
            ),
            (
                json!({ "script": script, "group": "b" }),
                ResourceAction::DeleteThenCreate,
            ),
        ] {
            let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
            assert_eq!(plan.action, action, "{host:?}");
            let planned = remembered(&plan.planned_private);
            core.apply(plan).await.expect_no_diagnostics();
            let applied = remembered(&core.state(EXAMPLE).unwrap().private);
            assert_eq!(applied, planned, "{host:?}");
            let hands_on = host == HostProfile::TERRAFORM_1_16;
            assert_eq!(applied != Json::Null, hands_on, "{host:?}");
        }
    }
}

fn remembered(private: &[u8]) -> Json {
    let private: Json = serde_json::from_slice(private).unwrap_or_default();
    private["plan"].clone()
}

#[tokio::test]
async fn c49_a_plan_without_changes_returns_the_bytes_that_it_received() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let address = "echo_types.example";
    let config = json!({
        "string": "é", "number": 1.5, "bool": true, "list": ["b", "a"], "set": ["b", "a"],
        "map": { "k": 2 }, "object": { "a": "x", "b": 1 }, "tuple": ["x", 5], "dynamic": ["d", 1],
    });
    let before = core.apply_config(address, config.clone()).await;
    let schema = core.resource_schema(address);
    let prior = decode_json(before.attributes.as_bytes(), &schema.ty, Leniency::Strict);
    let prior = encode_value(&prior.unwrap(), &schema.ty);
    let private = b"\x00not ours".to_vec();
    let mut replies = Vec::new();
    for _ in 0..2 {
        let process = core.process(Walk::Plan).await;
        let request = proto::plan_resource_change::Request {
            type_name: "echo_types".to_owned(),
            prior_state: prior.clone(),
            proposed_new_state: prior.clone(),
            config: encode_value(&config_value(schema, config.clone()), &schema.ty),
            prior_private: private.clone(),
            ..Default::default()
        };
        let reply: proto::plan_resource_change::Response = process
            .call(request, provider_server::Provider::plan_resource_change)
            .await
            .unwrap();
        assert_eq!(reply.planned_state, prior);
        assert_eq!(reply.planned_private, private);
        assert_eq!(reply.requires_replace, []);
        replies.push(reply);
    }
    assert_eq!(replies[0], replies[1]);
}
