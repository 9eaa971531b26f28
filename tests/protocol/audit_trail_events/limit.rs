//! `limit`, the provider's only number, in every encoding that a host may send.

use serde_json::json;
use tfplugin::server::proto::{self, provider_server};

use super::Setup;
use super::setup::TYPE;
use tfplugin_testing::Walk;
use tfplugin_testing::rpc::{
    config_value, decode_diagnostics, decode_value, encode_value, to_json,
};

#[tokio::test]
async fn c41_a_limit_is_the_same_number_in_every_encoding() {
    let setup = Setup::with(3).await;
    let schema = &setup.core.schemas().data_sources[TYPE];
    let config = encode_value(&config_value(schema, json!({ "limit": 2 })), &schema.ty).unwrap();
    let place = b"\xa5limit\x02";
    let starts = |window: &[u8]| window == place;
    let at = config.msgpack.windows(place.len()).position(starts);
    let at = at.expect("the limit is there") + place.len() - 1;
    let process = setup.core.process(Walk::Plan).await;
    for bytes in [
        &[0x02][..],
        &[0xcc, 0x02],
        &[0xcf, 0, 0, 0, 0, 0, 0, 0, 2],
        &[0xd3, 0, 0, 0, 0, 0, 0, 0, 2],
        &[0xca, 0x40, 0, 0, 0],
        &[0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0],
        b"\xa12",
        b"\xa32.0",
    ] {
        let mut config = config.clone();
        config.msgpack.splice(at..=at, bytes.to_vec());
        let request = proto::read_data_source::Request {
            type_name: TYPE.to_owned(),
            config: Some(config),
            ..Default::default()
        };
        let reply: proto::read_data_source::Response = process
            .call(request, provider_server::Provider::read_data_source)
            .await
            .unwrap();
        let diagnostics = decode_diagnostics(&reply.diagnostics);
        assert!(!diagnostics.has_error(), "{bytes:02x?}: {diagnostics}");
        let read = to_json(&decode_value(reply.state, &schema.ty).unwrap());
        assert_eq!(read["limit"], 2, "{bytes:02x?}");
        let events = read["events"].as_array().map(Vec::len);
        assert_eq!(events, Some(2), "{bytes:02x?}");
    }
}
