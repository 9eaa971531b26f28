//! Every RPC's request, decoded from any bytes, to a live provider: a response that a host can use.
//!
//! The first byte chooses: bits 0 to 5 the RPC, bit 6 whether the provider is still unconfigured, bit 7 whether it is
//! the provider of the SDK's tests or ours.

#![no_main]

use std::pin::pin;

use fuzzed::live::{Live, Stage};
use fuzzed::{checks, live};
use libfuzzer_sys::{Corpus, fuzz_target};
use prost::Message;
use tfplugin::Provider;
use tfplugin::server::proto::{self, invoke_action, list_resource, provider_server};
use tokio_stream::{Stream, StreamExt as _};
use tonic::codec::Codec as _;
use tonic::{Request, Response, Status, Streaming};

const UNCONFIGURED: u8 = 0x40;
const OURS: u8 = 0x80;
/// More events than a stream has by itself.
const EVENTS: usize = 10_000;

async fn listed(events: impl Stream<Item = Result<list_resource::Event, Status>>) {
    let mut events = pin!(events.take(EVENTS));
    while let Some(event) = events.next().await {
        let event = event.expect("an error is a diagnostic of an event");
        let failed = checks::has_error(&event.diagnostic);
        let warned = !event.diagnostic.is_empty();
        assert!(
            failed || warned || event.identity.is_some(),
            "an empty event"
        );
    }
}

async fn invoked(events: impl Stream<Item = Result<invoke_action::Event, Status>>) {
    let mut completed = 0;
    let mut events = pin!(events.take(EVENTS));
    while let Some(event) = events.next().await {
        assert_eq!(completed, 0, "an event after the completion");
        match event
            .expect("an error is a diagnostic of the completion")
            .r#type
        {
            Some(invoke_action::event::Type::Progress(_)) => {}
            Some(invoke_action::event::Type::Completed(end)) => {
                let _ = checks::has_error(&end.diagnostics);
                completed += 1;
            }
            None => panic!("an event of no type crashes Terraform"),
        }
    }
    assert_eq!(completed, 1, "completions");
}

/// The response of an RPC to a request in bytes, with the request; the input is rejected if it is not a request.
macro_rules! call {
    ($server:ident, $rpc:ident, $bytes:ident) => {
        call!($server, $rpc, $rpc, $bytes)
    };
    // The same for messages with another name than the RPC.
    ($server:ident, $rpc:ident, $messages:ident, $bytes:ident) => {{
        let Ok(request) = proto::$messages::Request::decode($bytes) else {
            return Corpus::Reject;
        };
        let sent = request.clone();
        match provider_server::Provider::$rpc($server, Request::new(request)).await {
            Ok(reply) => (sent, Response::into_inner(reply)),
            Err(status) => {
                checks::status(stringify!($rpc), &status);
                return Corpus::Keep;
            }
        }
    }};
    // The same for a response whose diagnostics are all there is to check.
    (diagnostics $server:ident, $rpc:ident, $bytes:ident) => {{
        let (_, reply) = call!($server, $rpc, $bytes);
        let _ = checks::has_error(&reply.diagnostics);
    }};
}

async fn send<P: Provider>(live: &Live<P>, rpc: u8, bytes: &[u8]) -> Corpus {
    let server = live.process.server();
    match rpc % 36 {
        0 => call!(diagnostics server, get_metadata, bytes),
        1 => call!(diagnostics server, get_provider_schema, bytes),
        2 => call!(diagnostics server, get_resource_identity_schemas, bytes),
        3 => call!(diagnostics server, get_functions, bytes),
        4 => call!(diagnostics server, validate_provider_config, bytes),
        5 => call!(diagnostics server, configure_provider, bytes),
        6 => call!(diagnostics server, validate_resource_config, bytes),
        7 => {
            let (sent, reply) = call!(server, upgrade_resource_state, bytes);
            let ty = live.resource(&sent.type_name);
            checks::new_state(&reply.diagnostics, reply.upgraded_state.as_ref(), ty);
        }
        8 => call!(diagnostics server, upgrade_resource_identity, bytes),
        9 => {
            let (sent, reply) = call!(server, read_resource, bytes);
            let ty = live.resource(&sent.type_name);
            checks::new_state(&reply.diagnostics, reply.new_state.as_ref(), ty);
            assert!(reply.deferred.is_none() || sent.client_capabilities.is_some());
        }
        10 => {
            let (sent, reply) = call!(server, plan_resource_change, bytes);
            let ty = live.resource(&sent.type_name);
            checks::planned_state(&reply.diagnostics, reply.planned_state.as_ref(), ty);
            assert!(!reply.legacy_type_system, "it would hide our mistakes");
        }
        11 => {
            let (sent, reply) = call!(server, apply_resource_change, bytes);
            let ty = live.resource(&sent.type_name);
            checks::new_state(&reply.diagnostics, reply.new_state.as_ref(), ty);
            assert!(!reply.legacy_type_system, "it would hide our mistakes");
        }
        12 => {
            let (_, reply) = call!(server, import_resource_state, bytes);
            let _ = checks::has_error(&reply.diagnostics);
            for one in &reply.imported_resources {
                let ty = live.resource(&one.type_name);
                checks::new_state(&reply.diagnostics, one.state.as_ref(), ty);
            }
        }
        13 => {
            let (sent, reply) = call!(server, move_resource_state, bytes);
            let ty = live.resource(&sent.target_type_name);
            checks::new_state(&reply.diagnostics, reply.target_state.as_ref(), ty);
        }
        14 => {
            let (sent, reply) = call!(server, generate_resource_config, bytes);
            let ty = live.resource(&sent.type_name);
            checks::new_state(&reply.diagnostics, reply.config.as_ref(), ty);
        }
        15 => call!(diagnostics server, validate_data_resource_config, bytes),
        16 => {
            let (sent, reply) = call!(server, read_data_source, bytes);
            let ty = live.data_source(&sent.type_name);
            checks::new_state(&reply.diagnostics, reply.state.as_ref(), ty);
        }
        17 => call!(diagnostics server, validate_ephemeral_resource_config, bytes),
        18 => {
            let (sent, reply) = call!(server, open_ephemeral_resource, bytes);
            let ty = live.ephemeral_resource(&sent.type_name);
            checks::planned_state(&reply.diagnostics, reply.result.as_ref(), ty);
        }
        19 => call!(diagnostics server, renew_ephemeral_resource, bytes),
        20 => call!(diagnostics server, close_ephemeral_resource, bytes),
        21 => call!(diagnostics server, validate_list_resource_config, bytes),
        22 => listed(call!(server, list_resource, bytes).1).await,
        23 => {
            let (_, reply) = call!(server, call_function, bytes);
            assert!(reply.error.is_some() || reply.result.is_some());
        }
        24 => call!(diagnostics server, validate_action_config, bytes),
        25 => call!(diagnostics server, plan_action, bytes),
        26 => invoked(call!(server, invoke_action, bytes).1).await,
        27 => drop(call!(
            server,
            validate_state_store_config,
            validate_state_store,
            bytes
        )),
        28 => call!(diagnostics server, configure_state_store, bytes),
        29 => drop(call!(server, read_state_bytes, bytes)),
        30 => call!(diagnostics server, lock_state, bytes),
        31 => call!(diagnostics server, unlock_state, bytes),
        32 => call!(diagnostics server, get_states, bytes),
        33 => call!(diagnostics server, delete_state, bytes),
        34 => {
            let (_, reply) = call!(server, stop_provider, bytes);
            assert_eq!(reply.error, "");
        }
        _ => {
            let decoder = tonic_prost::ProstCodec::<(), _>::default().decoder();
            let chunks = Streaming::new_empty(decoder, tonic::body::Body::empty());
            let written =
                provider_server::Provider::write_state_bytes(server, Request::new(chunks)).await;
            if let Err(status) = written {
                checks::status("write_state_bytes", &status);
            }
        }
    }
    Corpus::Keep
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((&first, bytes)) = input.split_first() else {
        return Corpus::Reject;
    };
    let rpc = first & !(OURS | UNCONFIGURED);
    let stage = if first & UNCONFIGURED == 0 {
        Stage::Configured
    } else {
        Stage::Started
    };
    live::run(async {
        if first & OURS != 0 {
            send(&live::tfe(stage).await, rpc, bytes).await
        } else if live::is_scripted(bytes) {
            Corpus::Reject
        } else {
            send(&live::echo(stage).await, rpc, bytes).await
        }
    })
});
