//! Every RPC's request, decoded from any bytes, against a live server: an answer that a host can use.
//!
//! The first byte chooses: bits 0 to 5 the RPC, bit 6 whether the provider is still unconfigured, bit 7 whether it is
//! the provider of the SDK's tests or ours.

#![no_main]

use std::pin::pin;

use fuzzed::live::Stage;
use fuzzed::shape::Shapes;
use fuzzed::{answer, live};
use libfuzzer_sys::{Corpus, fuzz_target};
use prost::Message;
use tfplugin::server::proto::{
    self, invoke_action, list_resource, provider_server,
};
use tfplugin::{Provider, Server, Type};
use tokio_stream::{Stream, StreamExt as _};
use tonic::codec::Codec as _;
use tonic::{Request, Response, Status, Streaming};

const UNCONFIGURED: u8 = 0x40;
const OURS: u8 = 0x80;
/// What no stream of an answer exceeds by itself.
const EVENTS: usize = 10_000;

/// What a host then believes of a resource.
fn planned(told: &[proto::Diagnostic], new: Option<&proto::DynamicValue>, ty: Option<&Type>) {
    let failed = answer::has_error(told);
    match ty {
        // It may leave open what apply will know.
        Some(ty) => drop(answer::value(new, ty)),
        None => assert!(failed, "there is nothing of that name, and no error"),
    }
}

async fn listed(events: impl Stream<Item = Result<list_resource::Event, Status>>) {
    let mut events = pin!(events.take(EVENTS));
    while let Some(event) = events.next().await {
        let event = event.expect("an error is a diagnostic of an event");
        let failed = answer::has_error(&event.diagnostic);
        let told = !event.diagnostic.is_empty();
        assert!(failed || told || event.identity.is_some(), "an empty event");
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
                let _ = answer::has_error(&end.diagnostics);
                completed += 1;
            }
            None => panic!("an event of no type crashes Terraform"),
        }
    }
    assert_eq!(completed, 1, "completions");
}

/// The answer of an RPC to a request in bytes, with the request; none if they are no request.
macro_rules! call {
    ($server:ident, $rpc:ident, $bytes:ident) => {
        call!($server, $rpc, $rpc, $bytes)
    };
    // The same where the messages have another name.
    ($server:ident, $rpc:ident, $messages:ident, $bytes:ident) => {{
        let Ok(request) = proto::$messages::Request::decode($bytes) else {
            return Corpus::Reject;
        };
        let asked = request.clone();
        match provider_server::Provider::$rpc($server, Request::new(request)).await {
            Ok(reply) => (asked, Response::into_inner(reply)),
            Err(status) => {
                answer::status(stringify!($rpc), &status);
                return Corpus::Keep;
            }
        }
    }};
    // The same for an answer of diagnostics alone.
    (told $server:ident, $rpc:ident, $bytes:ident) => {{
        let (_, reply) = call!($server, $rpc, $bytes);
        let _ = answer::has_error(&reply.diagnostics);
    }};
}

async fn ask<P: Provider>(server: &Server<P>, rpc: u8, bytes: &[u8]) -> Corpus {
    let Shapes {
        resources,
        data_sources,
        ephemeral_resources,
        ..
    } = live::shapes(server).await;
    match rpc % 36 {
        0 => call!(told server, get_metadata, bytes),
        1 => call!(told server, get_provider_schema, bytes),
        2 => call!(told server, get_resource_identity_schemas, bytes),
        3 => call!(told server, get_functions, bytes),
        4 => call!(told server, validate_provider_config, bytes),
        5 => call!(told server, configure_provider, bytes),
        6 => call!(told server, validate_resource_config, bytes),
        7 => {
            let (asked, reply) = call!(server, upgrade_resource_state, bytes);
            let ty = resources.get(&asked.type_name);
            answer::state(&reply.diagnostics, reply.upgraded_state.as_ref(), ty);
        }
        8 => call!(told server, upgrade_resource_identity, bytes),
        9 => {
            let (asked, reply) = call!(server, read_resource, bytes);
            let ty = resources.get(&asked.type_name);
            answer::state(&reply.diagnostics, reply.new_state.as_ref(), ty);
            assert!(reply.deferred.is_none() || asked.client_capabilities.is_some());
        }
        10 => {
            let (asked, reply) = call!(server, plan_resource_change, bytes);
            let ty = resources.get(&asked.type_name);
            planned(&reply.diagnostics, reply.planned_state.as_ref(), ty);
            assert!(!reply.legacy_type_system, "it would hide our mistakes");
        }
        11 => {
            let (asked, reply) = call!(server, apply_resource_change, bytes);
            let ty = resources.get(&asked.type_name);
            answer::state(&reply.diagnostics, reply.new_state.as_ref(), ty);
            assert!(!reply.legacy_type_system, "it would hide our mistakes");
        }
        12 => {
            let (_, reply) = call!(server, import_resource_state, bytes);
            let _ = answer::has_error(&reply.diagnostics);
            for one in &reply.imported_resources {
                let ty = resources.get(&one.type_name);
                answer::state(&reply.diagnostics, one.state.as_ref(), ty);
            }
        }
        13 => {
            let (asked, reply) = call!(server, move_resource_state, bytes);
            let ty = resources.get(&asked.target_type_name);
            answer::state(&reply.diagnostics, reply.target_state.as_ref(), ty);
        }
        14 => {
            let (asked, reply) = call!(server, generate_resource_config, bytes);
            let ty = resources.get(&asked.type_name);
            answer::state(&reply.diagnostics, reply.config.as_ref(), ty);
        }
        15 => call!(told server, validate_data_resource_config, bytes),
        16 => {
            let (asked, reply) = call!(server, read_data_source, bytes);
            let ty = data_sources.get(&asked.type_name);
            answer::state(&reply.diagnostics, reply.state.as_ref(), ty);
        }
        17 => call!(told server, validate_ephemeral_resource_config, bytes),
        18 => {
            let (asked, reply) = call!(server, open_ephemeral_resource, bytes);
            let ty = ephemeral_resources.get(&asked.type_name);
            planned(&reply.diagnostics, reply.result.as_ref(), ty);
        }
        19 => call!(told server, renew_ephemeral_resource, bytes),
        20 => call!(told server, close_ephemeral_resource, bytes),
        21 => call!(told server, validate_list_resource_config, bytes),
        22 => listed(call!(server, list_resource, bytes).1).await,
        23 => {
            let (_, reply) = call!(server, call_function, bytes);
            assert!(reply.error.is_some() || reply.result.is_some());
        }
        24 => call!(told server, validate_action_config, bytes),
        25 => call!(told server, plan_action, bytes),
        26 => invoked(call!(server, invoke_action, bytes).1).await,
        27 => drop(call!(
            server,
            validate_state_store_config,
            validate_state_store,
            bytes
        )),
        28 => call!(told server, configure_state_store, bytes),
        29 => drop(call!(server, read_state_bytes, bytes)),
        30 => call!(told server, lock_state, bytes),
        31 => call!(told server, unlock_state, bytes),
        32 => call!(told server, get_states, bytes),
        33 => call!(told server, delete_state, bytes),
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
                answer::status("write_state_bytes", &status);
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
            ask(&live::tfe(stage).await, rpc, bytes).await
        } else if live::is_scripted(bytes) {
            Corpus::Reject
        } else {
            ask(&live::echo(stage).await, rpc, bytes).await
        }
    })
});
