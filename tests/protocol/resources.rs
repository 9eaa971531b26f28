//! Managed resources: items 48 to 64 of the conformance checklist.
//!
//! Item 58 (one instant spelled in two ways) is the business of a provider that has times.

use serde_json::json;
use terraform_provider_tfe::tfplugin::Path;
use terraform_provider_tfe::tfplugin::server::proto::{self, provider_server};

use crate::core::{
    Action, HostProfile, StoredObject, UNKNOWN, Walk, dynamic, object, shown, told, value,
};
use crate::echo::{World, sha256};

const EXAMPLE: &str = "echo_value.example";

/// A state that was written elsewhere.
fn stored(attributes: &str, schema_version: i64) -> StoredObject {
    StoredObject {
        attributes: attributes.to_owned(),
        schema_version,
        private: Vec::new(),
        tainted: false,
    }
}

#[tokio::test]
async fn c48_plans_keep_to_the_configuration_whatever_is_known() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let all_set = json!({
        "plain": "a", "group": "g", "value_wo": "s3cret", "value_wo_version": 1, "script": "-:-",
    });
    let all_unknown = json!({
        "plain": UNKNOWN, "group": UNKNOWN, "value_wo": UNKNOWN, "value_wo_version": UNKNOWN,
    });
    for config in [json!({}), all_set.clone(), all_unknown.clone()] {
        let create = core.plan(EXAMPLE, config).await.expect_silent();
        assert_eq!(create.action, Action::Create);
    }
    core.apply_config(EXAMPLE, all_set).await;
    let nothing = core.plan(EXAMPLE, json!({ "group": "g" })).await;
    assert_eq!(nothing.expect_silent().action, Action::Update);
    let unknown = core.plan(EXAMPLE, all_unknown).await.expect_silent();
    assert_eq!(unknown.action, Action::DeleteThenCreate);
    assert_eq!(unknown.replaced_by, [Path::of("group")]);
}

#[tokio::test]
async fn c49_a_plan_without_changes_is_the_prior_state() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": "a", "value_wo": "s3cret", "value_wo_version": 1 });
    let before = core.apply_config(EXAMPLE, config.clone()).await;
    assert_ne!(before.private, b"");
    let plan = core.plan(EXAMPLE, config).await.expect_silent();
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(plan.before(), plan.after());
    core.apply(plan).await.expect_silent();
    assert_eq!(core.state(EXAMPLE), Some(&before));
    assert_eq!(world.events(), ["create echo-1"]);
}

#[tokio::test]
async fn c49_a_computed_attribute_stays_where_nothing_changes_and_is_planned_anew_where_something_does()
 {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let address = "echo_types.example";
    core.apply_config(address, json!({ "string": "a" })).await;
    let same = core.plan(address, json!({ "string": "a" })).await;
    assert_eq!(same.expect_silent().get("computed"), json!([]));
    let other = core.plan(address, json!({ "string": "b" })).await;
    assert_eq!(other.expect_silent().get("computed"), UNKNOWN);
}

#[tokio::test]
async fn c50_only_computed_attributes_are_planned_unknown() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let plan = core.plan(EXAMPLE, json!({ "plain": "a" })).await;
    assert_eq!(
        plan.expect_silent().after(),
        json!({
            "id": UNKNOWN, "plain": "a", "group": null, "value_wo": null,
            "value_wo_version": null, "received_sha256": UNKNOWN, "script": null,
        })
    );
    core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
    let update = core.plan(EXAMPLE, json!({ "value_wo_version": 2 })).await;
    let update = update.expect_silent();
    assert_eq!(update.get("id"), "echo-1");
    assert_eq!(update.get("received_sha256"), UNKNOWN);
}

#[tokio::test]
async fn c51_a_plan_finds_the_same_twice() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({ "plain": "a" })).await;
    let config = json!({ "plain": "b", "value_wo_version": UNKNOWN });
    let once = core.plan(EXAMPLE, config.clone()).await.expect_silent();
    let twice = core.plan(EXAMPLE, config).await.expect_silent();
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
    let update = core.plan(EXAMPLE, other).await.expect_silent();
    assert_eq!(update.action, Action::Update);
    assert_eq!(update.said_to_replace, []);

    let moved = json!({ "plain": "a", "group": "h" });
    let replace = core.plan(EXAMPLE, moved.clone()).await.expect_silent();
    assert_eq!(replace.action, Action::DeleteThenCreate);
    assert_eq!(replace.replaced_by, [Path::of("group")]);
    assert_eq!(replace.get("id"), UNKNOWN);
    core.apply(replace).await.expect_silent();
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-2");
    assert_eq!(
        world.events(),
        ["create echo-1", "delete echo-1", "create echo-2"]
    );

    let stays = json!({ "plain": "a", "group": "h", "script": "plan: replace by id" });
    let update = core.plan(EXAMPLE, stays).await.expect_silent();
    assert_eq!(update.action, Action::Update);
    assert_eq!(update.said_to_replace, [Path::of("id")]);
    assert_eq!(update.replaced_by, []);
}

#[tokio::test]
async fn c52_a_replacement_creates_first_where_asked_to() {
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
async fn c52_a_replacement_that_cannot_be_created_leaves_the_old_object() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.create_before_destroy(EXAMPLE);
    core.apply_config(EXAMPLE, json!({ "group": "g" })).await;
    let broken = json!({ "group": "h", "script": "create: error" });
    let plan = core.plan(EXAMPLE, broken).await.expect_silent();
    core.apply(plan).await.expect_error("Scripted Error");
    assert_eq!(core.state(EXAMPLE).unwrap().get("id"), "echo-1");
    assert_eq!(core.deposed(EXAMPLE), []);
}

#[tokio::test]
async fn a_replacement_can_be_asked_for() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({})).await;
    core.replace(EXAMPLE, json!({})).await.expect_silent();
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
    assert_eq!((plan.action, plan.after()), (Action::Delete, json!(null)));
    core.apply(plan).await.expect_silent();
    assert_eq!(core.state(EXAMPLE), None);
}

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
async fn c54_what_an_author_leaves_unknown_is_an_error_that_names_it() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "script": "create: unknown" });
    let plan = core.plan(EXAMPLE, config).await.expect_silent();
    let applied = core.apply(plan).await;
    let error = applied.expect_error("Provider Bug");
    assert_eq!(error.path(), Some(&Path::of("received_sha256")));
    let object = core.state(EXAMPLE).expect("the object exists");
    assert!(object.tainted);
    assert_eq!(object.get("id"), "echo-1");
}

#[tokio::test]
async fn c54_deleting_what_is_gone_is_no_error() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, json!({})).await;
    let plan = core.plan_destroy(EXAMPLE).await.expect_silent();
    world.lose("echo-1");
    core.apply(plan).await.expect_silent();
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn c55_what_was_created_before_a_failure_is_kept_and_tainted() {
    for failure in ["error", "panic"] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let config = json!({ "plain": "a", "script": format!("create: record, {failure}") });
        let plan = core.plan(EXAMPLE, config).await.expect_silent();
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
        let plan = core.plan(EXAMPLE, config).await.expect_silent();
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
        let plan = core.plan(EXAMPLE, config).await.expect_silent();
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

#[tokio::test]
async fn c56_a_failed_deletion_answers_with_the_object() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_value");
    let prior = object(schema, json!({ "plain": "a", "script": "delete: error" }));
    let request = proto::apply_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: dynamic(&prior, &schema.ty),
        planned_private: b"kept".to_vec(),
        ..Default::default()
    };
    let process = core.process(Walk::Apply).await;
    let reply: proto::apply_resource_change::Response = process
        .call(request, provider_server::Provider::apply_resource_change)
        .await
        .unwrap();
    assert!(told(&reply.diagnostics).has_error());
    let state = value(reply.new_state, &schema.ty).unwrap();
    assert_eq!(shown(&state), shown(&prior));
    assert_eq!(reply.private, b"kept");
}

#[tokio::test]
async fn c57_what_is_gone_leaves_the_state_and_what_is_there_keeps_its_private_data() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let before = core.apply_config(EXAMPLE, json!({})).await;
    core.refresh(EXAMPLE).await.expect_silent();
    assert_eq!(core.state(EXAMPLE), Some(&before));
    world.lose("echo-1");
    assert_eq!(core.refresh(EXAMPLE).await.expect_silent(), None);
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn c57_a_failed_read_keeps_the_state() {
    for (failure, summary) in [("error", "Scripted Error"), ("panic", "Provider Bug")] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let text = format!(
            r#"{{"id":"echo-1","plain":null,"group":null,"value_wo":null,"value_wo_version":null,
                "received_sha256":null,"script":"read: {failure}"}}"#
        );
        core.set_state(EXAMPLE, stored(&text, 0));
        core.refresh(EXAMPLE).await.expect_error(summary);
        assert_eq!(core.state(EXAMPLE), Some(&stored(&text, 0)));
    }
}

#[tokio::test]
async fn c59_an_import_by_id_leads_to_an_empty_plan() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let imported = core.import(EXAMPLE, "echo-7").await.expect_silent();
    assert_eq!(imported["id"], "echo-7");
    let plan = core.plan(EXAMPLE, json!({})).await.expect_silent();
    assert_eq!(plan.action, Action::NoOp);
}

#[tokio::test]
async fn c59_an_import_of_nothing_is_an_error() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.import(EXAMPLE, "seven")
        .await
        .expect_error("Invalid Import ID");
    world.lose("echo-7");
    core.import(EXAMPLE, "echo-7")
        .await
        .expect_error("Cannot import non-existent remote object");
    core.import("echo_types.example", "any")
        .await
        .expect_error("Import Not Supported");
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn c59_an_import_by_identity_is_told_how_to_be_written() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let request = proto::import_resource_state::Request {
        type_name: "echo_value".to_owned(),
        identity: Some(proto::ResourceIdentityData::default()),
        ..Default::default()
    };
    let process = core.process(Walk::Plan).await;
    let reply: proto::import_resource_state::Response = process
        .call(request, provider_server::Provider::import_resource_state)
        .await
        .unwrap();
    assert!(told(&reply.diagnostics).has_error());
    assert_eq!(reply.imported_resources, []);
}

/// The state of an `echo_value` whose text was written by hand or by another version.
#[track_caller]
fn check_upgrade(
    attributes: &str,
    plain: serde_json::Value,
    version: serde_json::Value,
) -> impl Future<Output = ()> {
    let attributes = attributes.to_owned();
    async move {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        core.set_state(EXAMPLE, stored(&attributes, 0));
        let read = core.refresh(EXAMPLE).await.expect_silent().unwrap();
        assert_eq!(read["plain"], plain, "{attributes}");
        assert_eq!(read["value_wo_version"], version, "{attributes}");
        assert_eq!(read["value_wo"], json!(null), "{attributes}");
    }
}

#[tokio::test]
async fn c60_a_state_of_the_same_version_is_read_leniently() {
    check_upgrade(
        r#"{"id":"echo-1","plain":"a","value_wo_version":1}"#,
        json!("a"),
        json!(1),
    )
    .await;
    check_upgrade(
        r#"{"id":"echo-1","plain":"a","value_wo_version":"1","long_gone":[1,{"a":null}]}"#,
        json!("a"),
        json!(1),
    )
    .await;
    check_upgrade(r#"{"id":"echo-1","plain":12}"#, json!("12"), json!(null)).await;
    check_upgrade(
        r#"{"id":"echo-1","plain":true,"value_wo":"leaked"}"#,
        json!("true"),
        json!(null),
    )
    .await;
}

#[tokio::test]
async fn c60_a_state_of_another_version_or_no_object_is_refused() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.set_state(EXAMPLE, stored("{}", 1));
    core.refresh(EXAMPLE)
        .await
        .expect_error("Resource instance managed by newer provider version");
    core.set_state(EXAMPLE, stored("[]", 0));
    core.refresh(EXAMPLE)
        .await
        .expect_error("Invalid Value In Stored State");
    core.set_state(EXAMPLE, stored(r#"{"value_wo_version":"one"}"#, 0));
    core.refresh(EXAMPLE)
        .await
        .expect_error("Invalid Value In Stored State");
}

#[tokio::test]
async fn c60_a_state_from_before_terraform_0_12_is_refused() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let request = proto::upgrade_resource_state::Request {
        type_name: "echo_value".to_owned(),
        version: 0,
        raw_state: Some(proto::RawState {
            flatmap: [("id".to_owned(), "echo-1".to_owned())].into(),
            ..Default::default()
        }),
    };
    let process = core.process(Walk::Validate).await;
    let reply: proto::upgrade_resource_state::Response = process
        .call(request, provider_server::Provider::upgrade_resource_state)
        .await
        .unwrap();
    let told = told(&reply.diagnostics);
    let summaries: Vec<_> = told.iter().map(|one| one.summary()).collect();
    assert_eq!(summaries, ["State Too Old To Be Read"]);
}

#[tokio::test]
async fn c61_an_identity_that_was_never_stored_is_none() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    for raw_identity in [None, Some(proto::RawState::default())] {
        let request = proto::upgrade_resource_identity::Request {
            type_name: "echo_value".to_owned(),
            version: 0,
            raw_identity,
        };
        let process = core.process(Walk::Validate).await;
        let reply: proto::upgrade_resource_identity::Response = process
            .call(
                request,
                provider_server::Provider::upgrade_resource_identity,
            )
            .await
            .unwrap();
        assert_eq!(reply, Default::default());
    }
}

#[tokio::test]
async fn c62_a_move_from_another_type_is_refused() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let request = proto::move_resource_state::Request {
        source_provider_address: "registry.example.com/other/other".to_owned(),
        source_type_name: "other_value".to_owned(),
        target_type_name: "echo_value".to_owned(),
        source_state: Some(proto::RawState {
            json: b"{}".to_vec(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let process = core.process(Walk::Plan).await;
    let reply: proto::move_resource_state::Response = process
        .call(request, provider_server::Provider::move_resource_state)
        .await
        .unwrap();
    let told = told(&reply.diagnostics).to_string();
    assert!(told.contains("Unable To Move Resource State"), "{told}");
    assert!(told.contains("other_value"), "{told}");
}

#[tokio::test]
async fn c63_what_is_unknown_is_valid_before_the_provider_is_configured() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.provider_config(json!({ "token": UNKNOWN, "log_file": UNKNOWN }));
    let config = json!({
        "plain": UNKNOWN, "group": UNKNOWN, "value_wo": UNKNOWN,
        "value_wo_version": UNKNOWN, "script": UNKNOWN,
    });
    core.validate(EXAMPLE, config).await.expect_silent();
}

#[tokio::test]
async fn c64_a_host_that_would_store_a_write_only_value_is_refused() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await.on(HostProfile::TERRAFORM_1_10);
    core.validate(EXAMPLE, json!({ "plain": "a" }))
        .await
        .expect_silent();
    for value in ["s3cret", UNKNOWN] {
        let validated = core.validate(EXAMPLE, json!({ "value_wo": value })).await;
        let error = validated.expect_error("Write-only Attribute Not Allowed");
        assert_eq!(error.path(), Some(&Path::of("value_wo")));
        assert!(error.detail().contains("Terraform 1.11"));
        assert!(!error.detail().contains("s3cret"));
    }
}

#[tokio::test]
async fn what_was_unknown_at_plan_may_become_anything_at_apply() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "plain": UNKNOWN, "value_wo": UNKNOWN, "value_wo_version": UNKNOWN });
    let plan = core.plan(EXAMPLE, config).await.expect_silent();
    let known = json!({ "plain": "a", "value_wo": "s3cret", "value_wo_version": 1 });
    core.apply(plan.with_config(known)).await.expect_silent();
    let object = core.state(EXAMPLE).unwrap();
    assert_eq!(object.get("plain"), "a");
    assert_eq!(object.get("received_sha256"), sha256("s3cret"));
}

#[tokio::test]
async fn private_data_goes_from_the_plan_to_the_apply_and_back() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_value");
    let prior = object(schema, json!({ "plain": "a" }));
    let process = core.process(Walk::Plan).await;
    let foreign = b"\x00not ours".to_vec();
    let request = proto::plan_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: dynamic(&prior, &schema.ty),
        proposed_new_state: dynamic(&prior, &schema.ty),
        config: dynamic(&prior, &schema.ty),
        prior_private: foreign.clone(),
        ..Default::default()
    };
    let reply: proto::plan_resource_change::Response = process
        .call(request, provider_server::Provider::plan_resource_change)
        .await
        .unwrap();
    assert_eq!(reply.planned_private, foreign);
    assert_eq!(
        shown(&value(reply.planned_state, &schema.ty).unwrap()),
        shown(&prior)
    );
}
