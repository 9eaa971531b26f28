//! Any text as the stored state of every resource of both providers: an error or a state that fits the schema.

#![no_main]

use fuzzed::live::Stage;
use fuzzed::{answer, live};
use libfuzzer_sys::{Corpus, fuzz_target};
use tfplugin::server::proto::{
    RawState, provider_server, upgrade_resource_state,
};
use tfplugin::{Provider, Server};
use tonic::Request;

/// A host upgrades without having configured anything.
async fn upgrade<P: Provider>(server: &Server<P>, version: i64, text: &[u8]) {
    for (name, ty) in live::shapes(server).await.resources {
        let request = upgrade_resource_state::Request {
            type_name: name,
            version,
            raw_state: Some(RawState {
                json: text.to_vec(),
                ..Default::default()
            }),
        };
        let reply =
            provider_server::Provider::upgrade_resource_state(server, Request::new(request)).await;
        let reply = reply.expect("an answer").into_inner();
        answer::state(&reply.diagnostics, reply.upgraded_state.as_ref(), Some(&ty));
    }
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((version, text)) = input.split_first() else {
        return Corpus::Reject;
    };
    // Versions 0 to 2, most often the first.
    let version = i64::from(version.saturating_sub(253));
    live::run(async {
        upgrade(&live::echo(Stage::Started).await, version, text).await;
        upgrade(&live::tfe(Stage::Started).await, version, text).await;
    });
    Corpus::Keep
});
