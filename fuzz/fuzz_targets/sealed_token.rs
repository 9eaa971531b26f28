//! Any text as a sealed token: an error, or the secret of one that the key has sealed.

#![no_main]

use fuzzed::live::Stage;
use fuzzed::{checks, live};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::json;
use tfplugin::server::proto::{open_ephemeral_resource, provider_server};
use tfplugin_testing::rpc::{config_value, encode_value};
use tonic::Request;

const TYPE: &str = "tfe_unsealed_audit_trail_token";
/// The secret of the seed that opens. No other text that the key has sealed exists.
const SECRET: &str = "example.atlasv1.secret";

async fn open(text: &str) {
    let live = live::tfe(Stage::Configured).await;
    let schema = &live.schemas.ephemeral_resources[TYPE];
    let config = config_value(schema, json!({ "sealed_token": text }));
    let request = open_ephemeral_resource::Request {
        type_name: TYPE.to_owned(),
        config: encode_value(&config, &schema.ty),
        ..Default::default()
    };
    let server = live.process.server();
    let reply =
        provider_server::Provider::open_ephemeral_resource(server, Request::new(request)).await;
    let reply = reply.expect("a response").into_inner();
    checks::planned_state(&reply.diagnostics, reply.result.as_ref(), Some(&schema.ty));
    if !checks::has_error(&reply.diagnostics) {
        let opened = checks::value(reply.result.as_ref(), &schema.ty);
        assert_eq!(tfplugin_testing::rpc::to_json(&opened)["token"], SECRET);
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(input) else {
        return Corpus::Reject;
    };
    live::run(open(text));
    Corpus::Keep
});
