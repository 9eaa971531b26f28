//! Identities in the SDK: items 36, 57, 59 and 61 of the conformance checklist.

use serde_json::{Value as Json, json};
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostics, Type, Value};

use crate::echo::{Echo, World};
use tfplugin_testing::rpc::{decode_diagnostics, decode_value, encode_value};
use tfplugin_testing::schema::Schemas;
use tfplugin_testing::{Core, HostProfile, ResourceAction, StoredObject, UNKNOWN, Walk};

const VALUE: &str = "echo_value.example";

async fn core(world: &World) -> Core<Echo> {
    crate::core(world).await.on(HostProfile::TERRAFORM_1_12)
}

fn named(id: &str) -> Json {
    json!({ "id": id, "realm": "echo" })
}

fn shape() -> Type {
    Type::object([("id", Type::String), ("realm", Type::String)])
}

fn data(id: &str) -> proto::ResourceIdentityData {
    let identity = Value::object([("id", Value::from(id)), ("realm", Value::from("echo"))]);
    proto::ResourceIdentityData {
        identity_data: encode_value(&identity, &shape()),
    }
}

fn scripted(script: &str, plain: &str) -> Json {
    json!({ "plain": plain, "script": script })
}

#[tokio::test]
async fn an_identity_comes_with_the_object_and_stays() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let plan = core.plan(VALUE, json!({})).await.expect_ok();
    assert_eq!(plan.identity(), json!(null), "the id is not known yet");
    core.apply(plan).await.expect_ok();
    let id = core.state(VALUE).unwrap().get("id");
    let identity = named(id.as_str().unwrap());
    assert_eq!(core.state(VALUE).unwrap().identity(), identity);

    let updated = core.apply_config(VALUE, json!({ "plain": "a" })).await;
    assert_eq!(updated.identity(), identity);
    core.refresh(VALUE).await.expect_ok();
    assert_eq!(core.state(VALUE).unwrap().identity(), identity);
}

#[tokio::test]
async fn a_replacement_has_an_identity_of_its_own() {
    let world = World::starting_at(1);
    for creates_first in [false, true] {
        let mut core = core(&world).await;
        if creates_first {
            core.create_before_destroy(VALUE);
        }
        let first = core.apply_config(VALUE, json!({ "group": "a" })).await;
        let second = core.apply_config(VALUE, json!({ "group": "b" })).await;
        assert_ne!(first.identity(), second.identity());
        assert_eq!(second.identity(), named(second.get("id").as_str().unwrap()));
    }
}

#[tokio::test]
async fn c57_a_state_without_an_identity_gets_one_when_it_is_read() {
    let world = World::starting_at(1);
    let mut old = crate::core(&world).await;
    let stored = old.apply_config(VALUE, json!({})).await;
    assert_eq!(stored.identity(), json!(null));

    let mut core = old.on(HostProfile::TERRAFORM_1_12);
    let plan = core.plan(VALUE, json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    core.refresh(VALUE).await.expect_ok();
    let identity = named(stored.get("id").as_str().unwrap());
    assert_eq!(core.state(VALUE).unwrap().identity(), identity);

    // An object that is not read gets its identity from a change.
    core.set_state(VALUE, stored);
    core.disable_refresh();
    core.apply_config(VALUE, json!({ "plain": "a" })).await;
    assert_eq!(core.state(VALUE).unwrap().identity(), identity);
}

#[tokio::test]
async fn an_identity_that_can_no_longer_be_derived_is_kept() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let before = core.apply_config(VALUE, json!({})).await.identity();
    let config = scripted("identify: nothing", "a");
    let after = core.apply_config(VALUE, config).await.identity();
    assert_eq!(after, before);
    assert_ne!(after, json!(null));
}

#[tokio::test]
async fn an_object_whose_identity_cannot_be_derived_has_none() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let config = scripted("identify: nothing", "a");
    let stored = core.apply_config(VALUE, config).await;
    assert_eq!(stored.identity(), json!(null));
    core.destroy(VALUE).await.expect_ok();
    assert!(core.state(VALUE).is_none());
}

/// Conformance: 54.
#[tokio::test]
async fn an_update_that_changes_the_identity_is_a_bug_in_the_provider() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let changing = |plain| scripted("identify: changing", plain);
    let before = core.apply_config(VALUE, changing("a")).await;
    let planned = core.plan(VALUE, changing("b")).await;
    let error = planned.expect_error("Provider Bug");
    let detail = error.detail();
    assert!(
        detail.contains("An update of a echo_value changes its identity"),
        "{detail}"
    );
    assert_eq!(core.state(VALUE), Some(&before));

    // Found only after the apply: the applied object is kept, with its old identity.
    let plan = core.plan(VALUE, changing(UNKNOWN)).await.expect_ok();
    let applied = core.apply(plan.with_config(changing("b"))).await;
    applied.expect_error("Provider Bug");
    assert_eq!(core.state(VALUE).unwrap().identity(), before.identity());
}

/// Conformance: 54, 57.
#[tokio::test]
async fn an_identity_changes_in_an_update_or_a_read_if_the_author_says_so() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let realm = |core: &Core<Echo>| core.state(VALUE).unwrap().identity()["realm"].clone();
    let renamable = |plain| scripted("identify: changing, may change", plain);
    core.apply_config(VALUE, renamable("a")).await;
    assert_eq!(realm(&core), "a");
    // The plan of an update still has the old identity.
    let plan = core.plan(VALUE, renamable("b")).await.expect_ok();
    assert_eq!(plan.identity()["realm"], "a");
    core.apply(plan).await.expect_ok();
    assert_eq!(realm(&core), "b");

    let found = scripted("identify: changing, may change; read: rename", "renamed");
    core.apply_config(VALUE, found.clone()).await;
    let mut older = core.state(VALUE).unwrap().clone();
    older.attributes = older.attributes.replace("\"renamed\"", "\"a\"");
    older.identity = older
        .identity
        .map(|identity| identity.replace("renamed", "a"));
    core.set_state(VALUE, older);
    assert_eq!(realm(&core), "a");
    core.refresh(VALUE).await.expect_ok();
    assert_eq!(realm(&core), "renamed");
}

#[tokio::test]
async fn a_read_gets_the_identity_in_the_state() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let shown = json!({ "script": "read: show identity" });
    let stored = core.apply_config(VALUE, shown).await;
    let refreshed = core.refresh(VALUE).await;
    let warning = refreshed.expect_warning("Identity").detail().to_owned();
    assert!(warning.contains("Known(\"echo\")"), "{warning}");
    let without = StoredObject {
        identity: None,
        ..stored
    };
    core.set_state(VALUE, without);
    let refreshed = core.refresh(VALUE).await;
    assert_eq!(refreshed.expect_warning("Identity").detail(), "None");
}

#[tokio::test]
async fn a_panic_in_identify_does_not_lose_the_applied_object() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let plan = core.plan(VALUE, json!({ "script": UNKNOWN })).await;
    let plan = plan.expect_ok();
    let panicking = json!({ "script": "identify: panic" });
    let applied = core.apply(plan.with_config(panicking)).await;
    applied.expect_error("Provider Bug");
    let id = core.state(VALUE).unwrap().get("id");
    assert_eq!(world.events(), [format!("create {}", id.as_str().unwrap())]);
}

#[tokio::test]
async fn c59_an_import_by_identity_leads_to_an_empty_plan() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let id = "echo-7".to_owned();
    for identity in [named(&id), json!({ "id": id })] {
        let imported = core.import_by_identity(VALUE, identity).await;
        assert_eq!(imported.expect_ok()["id"], id);
        assert_eq!(core.state(VALUE).unwrap().identity(), named(&id));
        let plan = core.plan(VALUE, json!({})).await.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp);
        core.forget(VALUE);
    }
    let imported = core.import(VALUE, &id).await;
    imported.expect_ok();
    assert_eq!(core.state(VALUE).unwrap().identity(), named(&id));
}

#[tokio::test]
async fn c59_an_import_by_an_incomplete_identity_is_an_error() {
    let world = World::starting_at(1);
    let core = core(&world).await;
    let process = core.process(Walk::Plan).await;
    let attempt = async |type_name: &str, identity| {
        let request = proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            identity: Some(identity),
            ..Default::default()
        };
        let reply: proto::import_resource_state::Response = process
            .call(request, provider_server::Provider::import_resource_state)
            .await
            .unwrap();
        assert_eq!(reply.imported_resources, []);
        decode_diagnostics(&reply.diagnostics)
    };
    let check = |diagnostics: Diagnostics, summary: &str| {
        assert!(diagnostics.has_error());
        assert!(
            diagnostics.iter().all(|one| one.summary() == summary),
            "{diagnostics}"
        );
    };
    let without = Value::object([("id", Value::Null), ("realm", Value::Null)]);
    let unknown = Value::object([("id", Value::unknown()), ("realm", Value::Null)]);
    for identity in [without, unknown] {
        let identity_data = encode_value(&identity, &shape());
        let reply = attempt("echo_value", proto::ResourceIdentityData { identity_data }).await;
        check(reply, "Incomplete Import Identity");
    }
    let nothing = proto::ResourceIdentityData::default();
    check(
        attempt("echo_value", nothing).await,
        "Incomplete Import Identity",
    );
    let none = attempt("echo_types", data("a")).await;
    check(none, "Import By Identity Not Supported");
}

#[tokio::test]
async fn an_identity_is_never_sent_for_a_type_that_declares_none() {
    let world = World::starting_at(1);
    let mut core = core(&world).await;
    let stored = core.apply_config("echo_types.example", json!({})).await;
    assert_eq!(stored.identity(), json!(null));
    // A state may hold an identity of another provider, or of a later version of this one.
    let process = core.process(Walk::Plan).await;
    let ty = &core.resource_schema("echo_types").ty;
    let state = stored.value(core.resource_schema("echo_types"));
    let request = proto::read_resource::Request {
        type_name: "echo_types".to_owned(),
        current_state: encode_value(&state, ty),
        current_identity: Some(data("a")),
        ..Default::default()
    };
    let reply: proto::read_resource::Response = process
        .call(request, provider_server::Provider::read_resource)
        .await
        .unwrap();
    assert_eq!(reply.diagnostics, []);
    assert_eq!(reply.new_identity, None);
}

#[tokio::test]
async fn c61_a_stored_identity_is_read_leniently_and_a_missing_one_stays_missing() {
    let process = core(&World::starting_at(1))
        .await
        .process(Walk::Validate)
        .await;
    let upgrade = async |type_name: &str, version, json: &str| {
        let request = proto::upgrade_resource_identity::Request {
            type_name: type_name.to_owned(),
            version,
            raw_identity: Some(proto::RawState {
                json: json.as_bytes().to_vec(),
                ..Default::default()
            }),
        };
        let reply: proto::upgrade_resource_identity::Response = process
            .call(
                request,
                provider_server::Provider::upgrade_resource_identity,
            )
            .await
            .unwrap();
        let diagnostics = decode_diagnostics(&reply.diagnostics);
        let data = reply.upgraded_identity.and_then(|data| data.identity_data);
        (decode_value(data, &shape()).unwrap(), diagnostics)
    };
    for (type_name, json) in [
        ("echo_value", ""),
        ("echo_value", "null"),
        ("echo_types", "{}"),
    ] {
        let (identity, diagnostics) = upgrade(type_name, 0, json).await;
        assert_eq!(
            (identity, diagnostics),
            (Value::Null, Diagnostics::new()),
            "{json:?}"
        );
    }
    let (identity, diagnostics) = upgrade("echo_value", 0, r#"{"id":7,"gone":true}"#).await;
    assert_eq!(diagnostics, Diagnostics::new());
    let expected = Value::object([("id", Value::from("7")), ("realm", Value::Null)]);
    assert_eq!(identity, expected);
    for (version, json) in [(1, r#"{"id":"a"}"#), (0, "{"), (0, "[]")] {
        let (identity, diagnostics) = upgrade("echo_value", version, json).await;
        assert!(
            diagnostics.has_error() && identity.is_null(),
            "{version} {json:?}"
        );
    }
}

#[tokio::test]
async fn c36_an_identity_schema_that_terraform_would_refuse_is_refused_here() {
    let process = core(&World::starting_at(1))
        .await
        .process(Walk::Validate)
        .await;
    let schemas: proto::get_provider_schema::Response = process
        .call(
            proto::get_provider_schema::Request {},
            provider_server::Provider::get_provider_schema,
        )
        .await
        .unwrap();
    let sound: proto::get_resource_identity_schemas::Response = process
        .call(
            proto::get_resource_identity_schemas::Request {},
            provider_server::Provider::get_resource_identity_schemas,
        )
        .await
        .unwrap();
    let read = |identities| {
        let schemas = Schemas::read(schemas.clone());
        schemas.and_then(|schemas| schemas.with_identities(identities))
    };
    assert!(read(sound.clone()).is_ok());
    let check = |spoil: &dyn Fn(&mut proto::ResourceIdentitySchema), problem: &str| {
        let mut spoilt = sound.clone();
        let schema = spoilt.identity_schemas.get_mut("echo_value").unwrap();
        spoil(schema);
        let problems = read(spoilt).unwrap_err();
        assert!(problems.join("\n").contains(problem), "{problems:?}");
    };
    check(&|schema| schema.version = 1, "a version");
    check(
        &|schema| schema.identity_attributes[0].r#type = br#"["map","string"]"#.to_vec(),
        "primitives and lists",
    );
    check(
        &|schema| schema.identity_attributes[0].optional_for_import = true,
        "required or optional",
    );
}
