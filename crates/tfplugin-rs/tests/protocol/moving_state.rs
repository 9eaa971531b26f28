//! Moving a state between providers and types, and generated configuration, in the SDK: item 62 of the conformance
//! checklist.

use serde_json::json;

use crate::echo::{Echo, World};
use tfplugin_testing::{Core, HostProfile, MoveSource, ResourceAction, StoredObject};

const VALUE: &str = "echo_value.example";
/// The provider whose states are moved.
const OTHER_PROVIDER: &str = "registry.example.com/house/other";
const UNABLE: &str = "Unable To Move Resource State";

async fn core(world: &World) -> Core<Echo> {
    crate::core(world).await.on(HostProfile::TERRAFORM_1_12)
}

fn text(type_name: &'static str, attributes: &str) -> MoveSource<'static> {
    MoveSource {
        provider: OTHER_PROVIDER,
        type_name,
        object: StoredObject {
            attributes: attributes.to_owned(),
            schema_version: 0,
            private: br#"{"made":{"by":"another provider"}}"#.to_vec(),
            tainted: false,
            identity: Some(r#"{"arn":"a"}"#.to_owned()),
        },
    }
}

#[tokio::test]
async fn a_state_of_another_type_is_moved() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let moved = core
        .moved(VALUE, text("other_text", r#"{"text":"a"}"#))
        .await;
    moved.expect_no_diagnostics();
    let state = core.state(VALUE).unwrap();
    assert_eq!(state.get("plain"), "a");
    // Private data and identity have a meaning for the other provider only.
    assert_eq!(state.private, b"");
    assert_eq!(state.identity(), json!(null));

    let plan = core.plan(VALUE, json!({ "plain": "a" })).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
    core.refresh(VALUE).await.expect_ok();
    let identity = core.state(VALUE).unwrap().identity();
    assert_eq!(identity, json!({ "id": "echo-7", "realm": "echo" }));
}

#[tokio::test]
async fn a_moved_state_is_read_leniently() {
    for (attributes, plain) in [
        (r#"{"text":7,"gone":[1,{"a":null}]}"#, json!("7")),
        ("{}", json!(null)),
    ] {
        let world = World::starting_at(1);
        let mut core = core(&world).await;
        let moved = core.moved(VALUE, text("other_text", attributes)).await;
        moved.expect_no_diagnostics();
        assert_eq!(core.state(VALUE).unwrap().get("plain"), plain);
    }
}

#[tokio::test]
async fn data_that_is_not_a_state_is_refused() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    for attributes in ["", "null", "[]", "{", r#"{"text":[]}"#] {
        let moved = core.moved(VALUE, text("other_text", attributes)).await;
        assert!(moved.diagnostics.has_error(), "{attributes:?}");
        assert!(core.state(VALUE).is_none());
    }
}

#[tokio::test]
async fn a_state_of_another_version_is_refused() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let moved = core.moved(VALUE, text("echo_text", "{}")).await;
    let detail = moved.expect_error(UNABLE).detail().to_owned();
    assert!(detail.contains("has version 0"), "{detail}");
}

#[tokio::test]
async fn c62_a_refused_move_lists_the_accepted_sources() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let mut check = async |address: &str, from: MoveSource<'_>, words: &[&str]| {
        let moved = core.moved(address, from).await;
        let detail = moved.expect_error(UNABLE).detail().to_owned();
        for word in words {
            assert!(detail.contains(word), "{word:?} is missing in: {detail}");
        }
    };
    let known = "other_text of registry.example.com/house/other";
    let elsewhere = MoveSource {
        provider: "registry.example.com/mirror/other",
        ..text("other_text", "{}")
    };
    check(
        VALUE,
        elsewhere,
        &[known, "registry.example.com/mirror/other", "`removed`"],
    )
    .await;
    check(VALUE, text("another", "{}"), &[known, "a another of"]).await;
    check(
        "echo_types.example",
        text("other_text", "{}"),
        &["echo_types", "Otherwise"],
    )
    .await;
    let same = text("echo_value", "{}");
    check(VALUE, same, &["terraform state replace-provider"]).await;
}

#[tokio::test]
async fn a_configuration_is_generated_for_every_type() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let config =
        json!({ "plain": "a", "value_wo": "b", "value_wo_version": 1, "script": "read: warn" });
    core.apply_config(VALUE, config).await;
    let generated = core.generated_config(VALUE).await.expect_no_diagnostics();
    let expected = json!({
        "id": null, "plain": "a", "group": null, "value_wo": null, "value_wo_version": 1,
        "received_sha256": null, "script": null,
    });
    assert_eq!(generated, expected);

    for address in ["echo_types.example", "echo_nested.example"] {
        core.apply_config(address, json!({})).await;
        let generated = core.generated_config(address).await.expect_no_diagnostics();
        let plan = core.plan(address, generated).await.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp, "{address}");
    }
}
