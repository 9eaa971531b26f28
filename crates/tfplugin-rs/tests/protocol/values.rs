//! Values on the wire: items 40 to 46 of the conformance checklist, byte by byte.
//!
//! The bytes are written by hand: a mistake in the SDK's codec would cancel itself out if the test used the codec too.
//! (Item 47, bytes of the API that are not UTF-8, concerns the client.)

use serde_json::{Value as Json, json};
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Diagnostics, Value};

use crate::echo::World;
use tfplugin_testing::rpc::{decode_diagnostics, decode_value, to_json};
use tfplugin_testing::{UNKNOWN, Walk};

const NIL: &[u8] = &[0xc0];
const UNKNOWN_BYTES: &[u8] = &[0xd4, 0x00, 0x00];

/// The attributes of `echo_types`, unsorted.
const ATTRIBUTES: [&str; 12] = [
    "tuple", "id", "string", "number", "bool", "list", "set", "map", "object", "dynamic",
    "computed", "script",
];

/// A msgpack map with short keys.
fn map<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut bytes = vec![0x80];
    for (key, value) in entries {
        bytes[0] += 1;
        bytes.push(0xa0 | u8::try_from(key.len()).unwrap());
        bytes.extend(key.as_bytes());
        bytes.extend(value);
    }
    assert!(bytes[0] < 0x90, "a map of this form has at most 15 entries");
    bytes
}

/// The configuration of an `echo_types` with one attribute set.
fn with(attribute: &str, bytes: &[u8]) -> Vec<u8> {
    map(ATTRIBUTES.map(|name| (name, if name == attribute { bytes } else { NIL })))
}

fn msgpack(bytes: Vec<u8>) -> proto::DynamicValue {
    proto::DynamicValue {
        msgpack: bytes,
        ..Default::default()
    }
}

/// Sends a configuration to the data source, which returns it.
async fn echoed(config: proto::DynamicValue) -> Result<(Value, Vec<u8>), Diagnostics> {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let request = proto::read_data_source::Request {
        type_name: "echo_types".to_owned(),
        config: Some(config),
        ..Default::default()
    };
    let reply: proto::read_data_source::Response = process
        .call(request, provider_server::Provider::read_data_source)
        .await?;
    decode_diagnostics(&reply.diagnostics).into_result()?;
    let ty = &core.schemas().data_sources["echo_types"].ty;
    let bytes = reply.state.clone().unwrap_or_default().msgpack;
    Ok((decode_value(reply.state, ty)?, bytes))
}

/// Checks the value that the data source returns for an attribute with these bytes.
async fn check(attribute: &str, bytes: &[u8], expected: Json) {
    let (state, _) = echoed(msgpack(with(attribute, bytes)))
        .await
        .unwrap_or_else(|diagnostics| panic!("{attribute} {bytes:02x?}: {diagnostics}"));
    let back = state.attribute(attribute).unwrap();
    assert_eq!(to_json(back), expected, "{attribute} {bytes:02x?}");
}

#[tokio::test]
async fn c40_every_form_of_unknown_is_unknown() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema("echo_types");
    let not_null = [0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2];
    let with_prefix = [0xc7, 0x07, 0x0c, 0x82, 0x01, 0xc2, 0x02, 0xa2, b'a', b't'];
    let not_yet_known_refinement = [0xc7, 0x03, 0x0c, 0x81, 0x63, 0x01];
    for bytes in [
        UNKNOWN_BYTES,
        &[0xc7, 0x01, 0x00, 0x00],
        &[0xc7, 0x00, 0x00],
        &not_null,
        &with_prefix,
        &not_yet_known_refinement,
    ] {
        for attribute in ["string", "list", "object", "dynamic", "computed"] {
            let config = msgpack(with(attribute, bytes));
            let proposed = config.clone();
            let request = proto::plan_resource_change::Request {
                type_name: "echo_types".to_owned(),
                prior_state: Some(msgpack(NIL.to_vec())),
                proposed_new_state: Some(proposed),
                config: Some(config),
                ..Default::default()
            };
            let process = core.process(Walk::Plan).await;
            let reply: proto::plan_resource_change::Response = process
                .call(request, provider_server::Provider::plan_resource_change)
                .await
                .unwrap();
            let diagnostics = decode_diagnostics(&reply.diagnostics);
            assert!(
                diagnostics.is_empty(),
                "{attribute} {bytes:02x?}: {diagnostics}"
            );
            let planned = decode_value(reply.planned_state, &schema.ty).unwrap();
            let planned = to_json(planned.attribute(attribute).unwrap());
            assert_eq!(planned, UNKNOWN, "{attribute} {bytes:02x?}");
        }
    }
}

#[tokio::test]
async fn c41_a_number_is_the_same_in_every_form() {
    for bytes in [
        &[0x01][..],
        &[0xcc, 0x01],
        &[0xcd, 0x00, 0x01],
        &[0xce, 0, 0, 0, 1],
        &[0xcf, 0, 0, 0, 0, 0, 0, 0, 1],
        &[0xd0, 0x01],
        &[0xd3, 0, 0, 0, 0, 0, 0, 0, 1],
        &[0xca, 0x3f, 0x80, 0, 0],
        &[0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
        b"\xa11",
        b"\xa31.0",
        b"\xa31e0",
    ] {
        check("number", bytes, json!(1)).await;
    }
    check("number", &[0xff], json!(-1)).await;
    check("number", &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0], json!(0.5)).await;
}

#[tokio::test]
async fn c41_a_number_beyond_floats_keeps_every_digit() {
    for text in [
        "18446744073709551615",
        "-9223372036854775809",
        "0.1234567890123456789012",
    ] {
        let mut bytes = vec![0xa0 | u8::try_from(text.len()).unwrap()];
        bytes.extend(text.as_bytes());
        let (_, reply) = echoed(msgpack(with("number", &bytes))).await.unwrap();
        let entry: Vec<u8> = b"\xa6number".iter().chain(&bytes).copied().collect();
        let found = reply.windows(entry.len()).any(|window| window == entry);
        assert!(found, "{text} is not in the reply as it was sent");
    }
}

#[tokio::test]
async fn c42_the_order_of_keys_does_not_matter() {
    let mut names = ATTRIBUTES;
    names.sort_unstable();
    let ordered = map(names.map(|name| (name, NIL)));
    names.reverse();
    let reversed = map(names.map(|name| (name, NIL)));
    assert_ne!(ordered, reversed);
    let one = echoed(msgpack(ordered)).await.unwrap();
    let other = echoed(msgpack(reversed)).await.unwrap();
    assert_eq!(one, other);
    check(
        "object",
        &map([("b", &[1][..]), ("a", b"\xa1x")]),
        json!({ "a": "x", "b": 1 }),
    )
    .await;
}

#[tokio::test]
async fn c42_a_missing_or_unknown_key_is_an_error() {
    let missing = map(ATTRIBUTES[1..].iter().map(|name| (*name, NIL)));
    let extra = map(ATTRIBUTES
        .iter()
        .chain(&["colour"])
        .map(|name| (*name, NIL)));
    let twice = map(ATTRIBUTES.iter().chain(&["id"]).map(|name| (*name, NIL)));
    for bytes in [missing, extra, twice] {
        let error = echoed(msgpack(bytes)).await.unwrap_err().to_string();
        assert!(error.contains("Invalid Value From Terraform"), "{error}");
    }
    let nested = with("object", &map([("a", b"\xa1x".as_slice())]));
    let error = echoed(msgpack(nested)).await.unwrap_err().to_string();
    assert!(error.contains("object"), "{error}");
}

#[tokio::test]
async fn c43_a_reply_carries_every_attribute() {
    let (state, _) = echoed(msgpack(with("id", NIL))).await.unwrap();
    let mut names: Vec<_> = state.as_map().unwrap().keys().map(String::as_str).collect();
    let mut expected = ATTRIBUTES.to_vec();
    expected.sort_unstable();
    names.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(to_json(state.attribute("computed").unwrap()), json!([]));
}

#[tokio::test]
async fn c43_collections_are_returned_unchanged() {
    check("string", b"\xa2\xc3\xa9", json!("é")).await;
    check("bool", &[0xc3], json!(true)).await;
    check("list", b"\x92\xa1b\xa1a", json!(["b", "a"])).await;
    check("list", &[0x90], json!([])).await;
    check("set", b"\x93\xa1b\xa1a\xa1b", json!(["a", "b"])).await;
    check("map", b"\x82\xa1k\x02\xa1a\x01", json!({ "a": 1, "k": 2 })).await;
    check("map", &[0x80], json!({})).await;
    check("tuple", b"\x92\xa1x\x05", json!(["x", 5])).await;
}

#[tokio::test]
async fn c44_an_empty_value_is_null_and_json_is_read() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    for current_state in [None, Some(proto::DynamicValue::default())] {
        let request = proto::read_resource::Request {
            type_name: "echo_value".to_owned(),
            current_state,
            ..Default::default()
        };
        let reply: proto::read_resource::Response = process
            .call(request, provider_server::Provider::read_resource)
            .await
            .unwrap();
        assert_eq!(reply.diagnostics, []);
        assert_eq!(reply.new_state.unwrap().msgpack, NIL);
    }
    let text = json!({
        "tuple": null, "id": null, "string": "a", "number": 1.5, "bool": true, "list": ["x"],
        "set": null, "map": null, "object": null, "dynamic": { "type": "string", "value": "d" },
        "computed": null, "script": null,
    });
    let config = proto::DynamicValue {
        json: text.to_string().into_bytes(),
        ..Default::default()
    };
    let (state, _) = echoed(config).await.unwrap();
    let read = to_json(&state);
    assert_eq!(
        (
            &read["string"],
            &read["number"],
            &read["list"],
            &read["dynamic"]
        ),
        (&json!("a"), &json!(1.5), &json!(["x"]), &json!("d"))
    );
}

#[tokio::test]
async fn c45_a_dynamic_value_is_null_typed_or_unknown() {
    check("dynamic", NIL, Json::Null).await;
    check("dynamic", b"\x92\xc4\x08\"string\"\xa1x", json!("x")).await;
    check("dynamic", b"\x92\xa8\"string\"\xa1x", json!("x")).await;
    let list = b"\x92\xc4\x11[\"list\",\"number\"]\x92\x01\x02";
    check("dynamic", list, json!([1, 2])).await;
    // The reply contains the type too.
    let (_, bytes) = echoed(msgpack(with("dynamic", list))).await.unwrap();
    let entry = [b"\xa7dynamic".as_slice(), list].concat();
    let found = bytes.windows(entry.len()).any(|window| window == entry);
    assert!(found, "{bytes:02x?}");
}
