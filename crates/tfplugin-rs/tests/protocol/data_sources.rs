//! Data sources: item 65 of the conformance checklist.

use serde_json::json;

use crate::echo::World;
use tfplugin_testing::UNKNOWN;

#[tokio::test]
async fn c65_a_result_is_known_and_keeps_the_arguments() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let config = json!({ "string": "a", "list": ["b"] });
    let read = core
        .read_data("echo_types", config)
        .await
        .expect_no_diagnostics();
    assert_eq!(
        (&read["string"], &read["list"], &read["id"]),
        (&json!("a"), &json!(["b"]), &json!("token known: true"))
    );
    core.provider_config(json!({ "token": UNKNOWN }));
    let read = core.read_data("echo_types", json!({})).await;
    assert_eq!(read.expect_no_diagnostics()["id"], "token known: false");
}

#[tokio::test]
async fn c65_an_unknown_result_is_an_error() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    for (script, summary) in [
        ("read: unknown", "Provider Bug"),
        ("read: error", "Scripted Error"),
        ("read: panic", "Provider Bug"),
    ] {
        let config = json!({ "script": script });
        let read = core.read_data("echo_types", config).await;
        read.expect_error(summary);
    }
}

#[tokio::test]
async fn a_data_source_with_unknown_arguments_is_validated_and_not_read() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "string": UNKNOWN, "script": "read: error" });
    let read = core.read_data("echo_types", config).await;
    assert_eq!(read.expect_no_diagnostics(), UNKNOWN);
}
