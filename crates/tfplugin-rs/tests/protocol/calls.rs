//! Calls of every kind: several at a time, with panics, interrupted and given up. Items 21, 25, 29, 71 and 72 of the
//! conformance checklist.

use std::time::Duration;

use serde_json::json;
use tfplugin::Diagnostics;
use tfplugin::server::proto::{self, provider_server};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tonic::codec::Codec;
use tonic::{Code, Request, Status, Streaming};

use crate::echo::{Echo, World};
use tfplugin_testing::rpc::{Process, config_value, decode_diagnostics, encode_value};
use tfplugin_testing::{HostProfile, Walk};

/// Reads a data source with a script: the shortest call that can wait.
async fn read(process: Process<Echo>, script: &str) -> Diagnostics {
    let schemas = process.schemas().await.unwrap();
    let schema = &schemas.data_sources["echo_types"];
    let config = config_value(schema, json!({ "script": script }));
    let request = proto::read_data_source::Request {
        type_name: "echo_types".to_owned(),
        config: encode_value(&config, &schema.ty),
        ..Default::default()
    };
    let reply: proto::read_data_source::Response = process
        .call(request, provider_server::Provider::read_data_source)
        .await
        .unwrap();
    decode_diagnostics(&reply.diagnostics)
}

/// Waits for the end of a call, and returns its diagnostics.
async fn end(call: JoinHandle<Diagnostics>) -> Diagnostics {
    let ended = timeout(Duration::from_secs(10), call).await;
    ended.expect("the call goes on and on").unwrap()
}

fn begin(process: &Process<Echo>, script: &'static str) -> JoinHandle<Diagnostics> {
    tokio::spawn(read(process.clone(), script))
}

async fn process(world: &World) -> Process<Echo> {
    crate::core(world).await.process(Walk::Plan).await
}

async fn stop(process: &Process<Echo>) {
    let reply: proto::stop_provider::Response = process
        .call(
            proto::stop_provider::Request {},
            provider_server::Provider::stop_provider,
        )
        .await
        .unwrap();
    assert_eq!(reply.error, "");
}

#[tokio::test]
async fn c21_twenty_calls_progress_together() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        calls.spawn(read(process.clone(), "read: wait"));
    }
    world.arrived(20).await; // all at once, or never
    world.release();
    let all = calls.join_all().await;
    assert!(all.iter().all(Diagnostics::is_empty), "{all:?}");
}

#[tokio::test]
async fn c25_stop_ends_waits_and_the_next_call_works() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let waiting = begin(&process, "read: wait");
    world.arrived(1).await;
    stop(&process).await;
    let text = end(waiting).await.to_string();
    assert!(text.contains("Operation Interrupted"), "{text}");
    assert_eq!(read(process, "read: warn").await.iter().count(), 1);
}

#[tokio::test]
async fn c25_stop_does_not_end_work_that_must_finish() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let holding = begin(&process, "read: hold");
    world.arrived(1).await;
    stop(&process).await; // answers although the call goes on
    world.release();
    assert!(end(holding).await.is_empty());
    assert_eq!(world.events(), ["read finished, stop signal: true"]);
}

#[tokio::test]
async fn a_call_that_is_given_up_gets_the_stop_signal_and_is_not_aborted() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let holding = begin(&process, "read: hold");
    world.arrived(1).await;
    holding.abort();
    assert!(holding.await.unwrap_err().is_cancelled());
    world.release();
    world.happened("read finished, stop signal: true").await;
}

#[tokio::test]
async fn a_call_that_waits_ends_when_it_is_given_up() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let waiting = begin(&process, "read: wait");
    world.arrived(1).await;
    waiting.abort();
    world.happened("read interrupted").await;
}

#[tokio::test]
async fn c29_a_panic_is_a_diagnostic_wherever_it_happens() {
    let world = World::starting_at(1);
    let text = read(process(&world).await, "read: panic").await.to_string();
    assert!(
        text.contains("the script of read asks for a panic"),
        "{text}"
    );
    assert!(text.contains("bug in the provider"), "{text}");
    for call in ["validate", "configure"] {
        let mut core = crate::core(&world).await;
        core.provider_config(json!({ "script": format!("{call}: panic") }));
        core.plan("echo_value.example", json!({}))
            .await
            .expect_error("Provider Bug");
    }
    let core = crate::core(&world).await;
    core.plan("echo_value.example", json!({ "script": "plan: panic" }))
        .await
        .expect_error("Provider Bug");
}

#[tokio::test]
async fn diagnostics_that_were_added_before_a_panic_are_reported() {
    let world = World::starting_at(1);
    let diagnostics = read(process(&world).await, "read: warn, panic").await;
    let summaries: Vec<_> = diagnostics.iter().map(|one| one.summary()).collect();
    assert_eq!(summaries, ["Scripted Warning", "Provider Bug"]);
}

#[tokio::test]
async fn a_call_before_the_configuration_is_an_error() {
    let world = World::starting_at(1);
    let text = read(Process::start(Echo::new(world)), "").await.to_string();
    assert!(text.contains("Provider Not Configured"), "{text}");
}

#[tokio::test]
async fn the_last_configuration_counts() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let schema = &core.schemas().provider;
    for token in ["a", tfplugin_testing::UNKNOWN] {
        let config = config_value(schema, json!({ "token": token }));
        process
            .configure(core.host(), Walk::Plan, &config, &schema.ty)
            .await
            .unwrap();
    }
    let types = &core.schemas().data_sources["echo_types"];
    let request = proto::read_data_source::Request {
        type_name: "echo_types".to_owned(),
        config: encode_value(&config_value(types, json!({})), &types.ty),
        ..Default::default()
    };
    let reply: proto::read_data_source::Response = process
        .call(request, provider_server::Provider::read_data_source)
        .await
        .unwrap();
    let state = tfplugin_testing::rpc::decode_value(reply.state, &types.ty).unwrap();
    assert_eq!(
        tfplugin_testing::rpc::to_json(&state)["id"],
        "token known: false"
    );
}

#[tokio::test]
async fn c72_nothing_is_deferred_on_any_host() {
    // `Core` reports a deferral as an error, on every host.
    for host in HostProfile::ALL {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await.on(host);
        core.provider_config(json!({ "token": tfplugin_testing::UNKNOWN }));
        core.apply_config("echo_value.example", json!({ "plain": "a" }))
            .await;
        core.refresh("echo_value.example")
            .await
            .expect_no_diagnostics();
        core.import("echo_value.other", "echo-7")
            .await
            .expect_no_diagnostics();
        core.read_data("echo_types", json!({}))
            .await
            .expect_no_diagnostics();
        if host.ephemeral_resources {
            core.open_ephemeral(Walk::Apply, "echo_secret", json!({ "text": "a" }))
                .await
                .expect_no_diagnostics();
        }
    }
}

/// Asserts that an RPC about an object that the provider does not have is refused.
#[track_caller]
fn refused<T>(rpc: &str, reply: Result<tonic::Response<T>, Status>, has_error: fn(&T) -> bool) {
    match reply {
        Ok(reply) => assert!(
            has_error(reply.get_ref()),
            "{rpc} does not say that it failed"
        ),
        Err(status) => assert_eq!(status.code(), Code::Unimplemented, "{rpc}: {status}"),
    }
}

#[tokio::test]
async fn c71_all_36_rpcs_answer() {
    let world = World::starting_at(1);
    let process = process(&world).await;
    let server = process.server();
    let mut answered = 0;

    // The requests are empty, so an RPC about an object finds no such object.
    macro_rules! answers {
        ($($rpc:ident $expected:literal),* $(,)?) => {
            $(let reply = provider_server::Provider::$rpc(server, Request::new(Default::default()))
                .await
                .unwrap_or_else(|status| panic!("{}: {status}", stringify!($rpc)));
            let has_error = decode_diagnostics(&reply.get_ref().diagnostics).has_error();
            assert_eq!(has_error, $expected == "an error", "{}", stringify!($rpc));
            answered += 1;)*
        };
    }
    answers!(
        get_metadata "no error",
        get_provider_schema "no error",
        get_resource_identity_schemas "no error",
        get_functions "no error",
        validate_provider_config "an error",
        configure_provider "an error",
        validate_resource_config "an error",
        upgrade_resource_state "an error",
        upgrade_resource_identity "an error",
        read_resource "an error",
        plan_resource_change "an error",
        apply_resource_change "an error",
        import_resource_state "an error",
        move_resource_state "an error",
        generate_resource_config "an error",
        validate_data_resource_config "an error",
        read_data_source "an error",
        validate_ephemeral_resource_config "an error",
        open_ephemeral_resource "an error",
        renew_ephemeral_resource "an error",
        close_ephemeral_resource "an error",
        validate_list_resource_config "an error",
        validate_action_config "an error",
        plan_action "an error",
    );

    macro_rules! refuses {
        ($($rpc:ident $has_error:expr),* $(,)?) => {
            $(let reply = provider_server::Provider::$rpc(server, Request::new(Default::default()))
                .await;
            refused(stringify!($rpc), reply, $has_error);
            answered += 1;)*
        };
    }
    refuses!(
        call_function | reply | reply.error.is_some(),
        validate_state_store_config | _ | false,
        configure_state_store | _ | false,
        lock_state | _ | false,
        unlock_state | _ | false,
        get_states | _ | false,
        delete_state | _ | false,
        stop_provider | reply | reply.error.is_empty(),
    );

    use provider_server::Provider;
    let listed = server.list_resource(Request::new(Default::default())).await;
    let events: Vec<_> = listed.unwrap().into_inner().collect().await;
    let [Ok(event)] = events.as_slice() else {
        panic!("one event was expected: {events:?}");
    };
    assert!(decode_diagnostics(&event.diagnostic).has_error());

    let invoked = server.invoke_action(Request::new(Default::default())).await;
    let events: Vec<_> = invoked.unwrap().into_inner().collect().await;
    let [Ok(event)] = events.as_slice() else {
        panic!("one event was expected: {events:?}");
    };
    let Some(proto::invoke_action::event::Type::Completed(completed)) = &event.r#type else {
        panic!("an action ends with its completion; an unset event crashes Terraform");
    };
    assert!(decode_diagnostics(&completed.diagnostics).has_error());

    let bytes = server
        .read_state_bytes(Request::new(Default::default()))
        .await;
    assert_eq!(bytes.err().unwrap().code(), Code::Unimplemented);
    let decoder = tonic_prost::ProstCodec::<(), _>::default().decoder();
    let chunks = Streaming::new_empty(decoder, tonic::body::Body::empty());
    let written = server.write_state_bytes(Request::new(chunks)).await;
    assert_eq!(written.err().unwrap().code(), Code::Unimplemented);

    assert_eq!(answered + 4, 36);
}
