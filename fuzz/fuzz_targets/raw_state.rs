//! Any text as the stored state of every resource of both providers: an error or a state that has the schema's type.

#![no_main]

use fuzzed::live::{Live, Stage};
use fuzzed::{checks, live};
use libfuzzer_sys::{Corpus, fuzz_target};
use tfplugin::Provider;
use tfplugin::server::proto::{RawState, provider_server, upgrade_resource_state};
use tonic::Request;

/// Terraform upgrades a state without configuring the provider.
async fn upgrade<P: Provider>(live: &Live<P>, version: i64, text: &[u8]) {
    let server = live.process.server();
    for (name, schema) in &live.schemas.resources {
        let request = upgrade_resource_state::Request {
            type_name: name.clone(),
            version,
            raw_state: Some(RawState {
                json: text.to_vec(),
                ..Default::default()
            }),
        };
        let reply =
            provider_server::Provider::upgrade_resource_state(server, Request::new(request)).await;
        let reply = reply.expect("a response").into_inner();
        let state = reply.upgraded_state.as_ref();
        checks::new_state(&reply.diagnostics, state, Some(&schema.ty));
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((version, text)) = input.split_first() else {
        return Corpus::Reject;
    };
    // Versions 0 to 2, most often 0.
    let version = i64::from(version.saturating_sub(253));
    live::run(async {
        upgrade(&live::echo(Stage::Started).await, version, text).await;
        upgrade(&live::tfe(Stage::Started).await, version, text).await;
    });
    Corpus::Keep
});
