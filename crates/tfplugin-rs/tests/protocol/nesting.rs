//! Nested attributes and blocks, of every nesting mode: planned, applied and validated.

use serde_json::{Value as Json, json};
use tfplugin::Path;

use crate::echo::World;
use crate::echo::client::sha256;
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN};

const EXAMPLE: &str = "echo_nested.example";

/// A configuration that sets every attribute and block.
fn everywhere() -> Json {
    json!({
        "single": { "name": "a", "key_wo": "k1" },
        "list": [{ "name": "a", "key_wo": "k2" }, { "name": "b", "level": "high" }],
        "map": { "x": { "name": "a", "key_wo": "k3" }, "y": { "name": "b" } },
        "set": [{ "name": "a" }, { "name": "b", "level": "high" }],
        "shelves": [{ "boxes": { "top": { "entries": [{ "name": "a" }] }, "low": null } }, {}],
        "one": { "name": "a" },
        "options": { "name": "a" },
        "rule": [{ "name": "a", "exception": [{ "name": "x" }, { "name": "y" }] }, { "name": "b" }],
        "tag": [{ "name": "a" }, { "name": "b" }],
        "zone": { "north": { "name": "a" }, "south": { "name": "b", "level": "high" } },
    })
}

/// Sets the value at a JSON pointer.
fn with(mut config: Json, pointer: &str, value: Json) -> Json {
    match config.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (object, name) = pointer.rsplit_once('/').unwrap();
            config.pointer_mut(object).unwrap()[name] = value;
        }
    }
    config
}

#[tokio::test]
async fn c48_objects_in_every_nesting_mode_are_created_and_planned_empty() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, everywhere()).await;
    assert_eq!(world.events(), ["create echo-1"]);
    core.destroy(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(core.state(EXAMPLE), None);
}

#[tokio::test]
async fn c43_without_configuration_attributes_are_null_and_blocks_empty() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let state = core.apply_config(EXAMPLE, json!({})).await.json();
    for attribute in ["single", "list", "map", "set", "shelves", "one"] {
        assert_eq!(state[attribute], Json::Null, "{attribute}");
    }
    assert_eq!(state["rule"], json!([]));
    assert_eq!(state["tag"], json!([]));
    assert_eq!(state["zone"], json!({}));
    assert_eq!(state["options"]["name"], Json::Null);
    assert_eq!(state["options"]["level"], "low");
}

#[tokio::test]
async fn defaults_and_write_only_arguments_reach_every_depth() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let state = core.apply_config(EXAMPLE, everywhere()).await.json();
    for (pointer, expected) in [
        ("/single/level", json!("low")),
        ("/list/0/level", json!("low")),
        ("/list/1/level", json!("high")),
        ("/map/y/level", json!("low")),
        ("/shelves/0/boxes/top/entries/0/level", json!("low")),
        ("/rule/0/exception/1/level", json!("low")),
        ("/zone/south/level", json!("high")),
        ("/single/key_wo", Json::Null),
        ("/list/0/key_wo", Json::Null),
        ("/map/x/key_wo", Json::Null),
        ("/single/key_sha256", json!(sha256("k1"))),
        ("/list/0/key_sha256", json!(sha256("k2"))),
        ("/map/x/key_sha256", json!(sha256("k3"))),
        ("/map/y/key_sha256", Json::Null),
        ("/made/1/name", json!("second")),
    ] {
        assert_eq!(state.pointer(pointer), Some(&expected), "{pointer}");
    }
}

/// Checks which objects keep their serial number after a change, and which get a new one.
#[tokio::test]
async fn an_object_keeps_its_prior_state_by_index_key_or_content() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    let before = core.apply_config(EXAMPLE, everywhere()).await.json();
    for (pointer, value, kept, new) in [
        // In a list by index: the second element keeps the number of the second one.
        (
            "/list",
            json!([{ "name": "b" }, { "name": "a" }, { "name": "c" }]),
            vec!["/list/0/serial", "/list/1/serial"],
            vec!["/list/2/serial"],
        ),
        (
            "/map",
            json!({ "y": { "name": "z" }, "z": { "name": "z" } }),
            vec!["/map/y/serial"],
            vec!["/map/z/serial"],
        ),
        // In a set by configured values: "a" keeps its number, "c" is new.
        (
            "/set",
            json!([{ "name": "a" }, { "name": "c" }]),
            vec!["/set/0/serial"],
            vec!["/set/1/serial"],
        ),
        (
            "/rule/0/exception",
            json!([{ "name": "y" }]),
            vec!["/rule/0/serial", "/rule/1/serial", "/made/0/serial"],
            vec![],
        ),
        (
            "/one",
            json!({ "name": "other" }),
            vec!["/one/serial", "/id"],
            vec![],
        ),
    ] {
        let plan = core.plan(EXAMPLE, with(everywhere(), pointer, value)).await;
        let plan = plan.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::Update, "{pointer}");
        let after = plan.after();
        for pointer in new {
            assert_eq!(after.pointer(pointer), Some(&json!(UNKNOWN)), "{pointer}");
        }
        for pointer in kept {
            let serial = after.pointer(pointer).unwrap();
            let held = before.to_string().contains(&serial.to_string());
            assert!(held && serial != UNKNOWN, "{pointer} is {serial}");
        }
    }
}

#[tokio::test]
async fn a_nested_change_is_applied_and_then_planned_empty() {
    for (pointer, value) in [
        ("/single/level", json!("high")),
        ("/list/1/name", json!("c")),
        ("/list", json!([{ "name": "only" }])),
        ("/list", Json::Null),
        ("/map/z", json!({ "name": "z" })),
        ("/set", json!([{ "name": "b" }, { "name": "c" }])),
        (
            "/shelves/0/boxes/top/entries",
            json!([{ "name": "a" }, { "name": "b" }]),
        ),
        ("/shelves/1", json!({ "boxes": {} })),
        ("/one", Json::Null),
        ("/options/level", json!("high")),
        ("/rule/1/exception", json!([{ "name": "new" }])),
        ("/rule", json!([])),
        ("/tag", json!([{ "name": "b" }])),
        ("/zone/north/level", json!("high")),
    ] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        core.apply_config(EXAMPLE, everywhere()).await;
        let id = core.state(EXAMPLE).unwrap().get("id");
        core.apply_config(EXAMPLE, with(everywhere(), pointer, value))
            .await;
        assert_eq!(core.state(EXAMPLE).unwrap().get("id"), id, "{pointer}");
    }
}

#[tokio::test]
async fn c52_a_nested_attribute_replaces_the_object_by_its_path() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, everywhere()).await;
    let config = with(everywhere(), "/zone/north/name", json!("other"));
    let plan = core.plan(EXAMPLE, config).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
    assert_eq!(
        plan.replace_paths,
        [Path::of("zone").key("north").attribute("name")]
    );
}

/// A practitioner saw "Provider produced inconsistent final plan": an update was planned, and had to be a replacement
/// when the blocks became known.
#[tokio::test]
async fn c52_unknown_blocks_that_may_require_a_replacement_are_planned_as_one() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config(EXAMPLE, everywhere()).await;
    let unknown = with(everywhere(), "/zone", json!(UNKNOWN));
    let plan = core.plan(EXAMPLE, unknown).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
    assert_eq!(plan.replace_paths, [Path::of("zone")]);
    let other = with(everywhere(), "/zone/north/name", json!("other"));
    core.apply(plan.with_config(other))
        .await
        .expect_no_diagnostics();

    let unknown = with(everywhere(), "/rule", json!(UNKNOWN));
    let plan = core
        .plan(EXAMPLE, with(unknown, "/zone/north/name", json!("other")))
        .await;
    assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::Update);
}

/// A `dynamic` block whose `for_each` is known after apply, and every other unknown part.
#[tokio::test]
async fn c48_unknown_blocks_and_objects_are_planned_and_become_known_at_apply() {
    for pointer in [
        "/rule",
        "/rule/0/exception",
        "/tag",
        "/zone",
        "/one",
        "/single",
        "/list",
        "/map",
        "/set",
        "/list/1",
        "/set/0",
        "/map/x",
        "/shelves/0/boxes",
        "/rule/0/name",
        "/set/0/name",
        "/tag/0/name",
    ] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await;
        let unknown = with(everywhere(), pointer, json!(UNKNOWN));
        core.validate(EXAMPLE, unknown.clone())
            .await
            .expect_no_diagnostics();
        let plan = core
            .plan(EXAMPLE, unknown.clone())
            .await
            .expect_no_diagnostics();
        let plan = plan.with_config(everywhere());
        core.apply(plan).await.expect_no_diagnostics();
        let next = core
            .plan(EXAMPLE, everywhere())
            .await
            .expect_no_diagnostics();
        assert_eq!(next.action, ResourceAction::NoOp, "{pointer}");
        core.plan(EXAMPLE, unknown).await.expect_no_diagnostics();
    }
}

#[tokio::test]
async fn validators_report_the_path_which_ends_at_a_set() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let check = async |pointer: &str, value: Json, place: &str, summary: &str| {
        let config = with(everywhere(), pointer, value);
        let outcome = core.validate(EXAMPLE, config).await;
        let path = outcome.expect_error(summary).path().map(Path::to_string);
        assert_eq!(path.as_deref().unwrap_or_default(), place, "{pointer}");
    };
    let loud = || json!("very");
    let wrong = "Invalid Attribute Value Match";
    check("/single/level", loud(), "single.level", wrong).await;
    check("/list/1/level", loud(), "list[1].level", wrong).await;
    check("/map/y/level", loud(), "map[\"y\"].level", wrong).await;
    check("/set/0/level", loud(), "set", wrong).await;
    let deep = "/shelves/0/boxes/top/entries/0/level";
    check(deep, loud(), "shelves[0].boxes[\"top\"].entries", wrong).await;
    check("/options/level", loud(), "options.level", wrong).await;
    check("/rule/1/level", loud(), "rule[1].level", wrong).await;
    check(
        "/rule/0/exception/0/level",
        loud(),
        "rule[0].exception",
        wrong,
    )
    .await;
    check("/zone/north/level", loud(), "zone[\"north\"].level", wrong).await;

    let long = "Invalid Attribute Value Length";
    check("/list/0/name", json!(""), "list[0].name", long).await;
    check("/list", json!([]), "list", "Invalid Attribute Value").await;
    check("/home", json!("here"), "", "Invalid Attribute Combination").await;

    let read_only = "Invalid Configuration for Read-Only Attribute";
    check("/list/0/serial", json!("mine"), "list[0].serial", read_only).await;
    check("/set/0/serial", json!("mine"), "set", read_only).await;
    let missing = "Missing Required Argument";
    check("/map/x/name", Json::Null, "map[\"x\"].name", missing).await;
}

#[tokio::test]
async fn c64_a_nested_write_only_value_is_refused_where_it_would_be_stored() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await.on(HostProfile::TERRAFORM_1_10);
    for (config, place) in [
        (
            json!({ "single": { "name": "a", "key_wo": "k" } }),
            "single.key_wo",
        ),
        (
            json!({ "list": [{ "name": "a", "key_wo": "k" }] }),
            "list[0].key_wo",
        ),
        (
            json!({ "map": { "x": { "name": "a", "key_wo": UNKNOWN } } }),
            "map[\"x\"].key_wo",
        ),
    ] {
        let validated = core.validate(EXAMPLE, config).await;
        let error = validated.expect_error("Write-only Attribute Not Allowed");
        assert_eq!(error.path().unwrap().to_string(), place);
    }
    let without = json!({ "list": [{ "name": "a" }] });
    core.validate(EXAMPLE, without)
        .await
        .expect_no_diagnostics();
}
