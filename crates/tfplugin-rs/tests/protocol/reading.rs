//! Reading, importing, and upgrading managed resources: items 57 and 59 to 61 of the conformance checklist.
//!
//! Item 58 (one instant spelled in two ways) is the business of a provider that has times.

use serde_json::json;
use tfplugin::server::proto::{self, provider_server};

use crate::echo::World;
use tfplugin_testing::rpc::{
    config_value, decode_diagnostics, decode_value, encode_value, identity_data, to_json,
};
use tfplugin_testing::{ResourceAction, StoredObject, Walk};

const EXAMPLE: &str = "echo_value.example";

/// A state that was written elsewhere.
fn stored(attributes: &str, schema_version: i64) -> StoredObject {
    StoredObject {
        attributes: attributes.to_owned(),
        schema_version,
        private: Vec::new(),
        tainted: false,
        identity: None,
    }
}

#[tokio::test]
async fn c57_a_read_removes_a_deleted_object_and_keeps_the_private_data_of_others() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let before = core.apply_config(EXAMPLE, json!({})).await;
    core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE), Some(&before));
    world.lose("echo-1");
    assert_eq!(core.refresh(EXAMPLE).await.expect_no_diagnostics(), None);
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
async fn c57_a_read_that_adds_an_error_keeps_the_state() {
    let world = World::starting_at(1);
    // An object without an id.
    world.lose("");
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_value");
    let current = config_value(schema, json!({ "plain": "a", "script": "read: add error" }));
    let identity = identity_data(schema, &json!({ "id": "echo-7", "realm": "echo" }));
    let request = proto::read_resource::Request {
        type_name: "echo_value".to_owned(),
        current_state: encode_value(&current, &schema.ty),
        private: b"kept".to_vec(),
        current_identity: Some(identity.clone()),
        ..Default::default()
    };
    let process = core.process(Walk::Plan).await;
    let reply: proto::read_resource::Response = process
        .call(request, provider_server::Provider::read_resource)
        .await
        .unwrap();
    assert!(decode_diagnostics(&reply.diagnostics).has_error());
    let state = decode_value(reply.new_state, &schema.ty).unwrap();
    assert_eq!(to_json(&state), to_json(&current));
    assert_eq!(reply.private, b"kept");
    assert_eq!(reply.new_identity, Some(identity));
}

#[tokio::test]
async fn c59_an_import_by_id_leads_to_an_empty_plan() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let imported = core.import(EXAMPLE, "echo-7").await.expect_no_diagnostics();
    assert_eq!(imported["id"], "echo-7");
    let plan = core.plan(EXAMPLE, json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
}

#[tokio::test]
async fn c59_an_import_of_an_object_that_does_not_exist_is_an_error() {
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
        let read = core.refresh(EXAMPLE).await.expect_no_diagnostics().unwrap();
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
    let diagnostics = decode_diagnostics(&reply.diagnostics);
    let summaries: Vec<_> = diagnostics.iter().map(|one| one.summary()).collect();
    assert_eq!(summaries, ["State Too Old To Be Read"]);
}

#[tokio::test]
async fn c61_an_identity_that_was_never_stored_is_absent() {
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
