//! Item 46 of the conformance checklist: malformed values end a call with an error, and the process goes on.

use serde_json::json;
use tfplugin::server::proto::{self, provider_server};

use crate::echo::World;
use tfplugin_testing::Walk;
use tfplugin_testing::rpc::{config_value, decode_diagnostics, encode_value, malformed_values};
use tfplugin_testing::schema::ObjectSchema;

/// Sends a valid request, and then the same with a malformed value in each field, which must be an error.
macro_rules! check {
    ($process:expr, $rpc:ident, [$($field:ident),*], $request:expr) => {
        let sound: proto::$rpc::Request = $request;
        let reply: proto::$rpc::Response = $process
            .call(sound.clone(), provider_server::Provider::$rpc)
            .await
            .unwrap();
        assert_eq!(reply.diagnostics, [], "{}", stringify!($rpc));
        $(for (number, bytes) in malformed_values().into_iter().enumerate() {
            let mut request = sound.clone();
            request.$field = Some(bytes);
            let reply: proto::$rpc::Response = $process
                .call(request, provider_server::Provider::$rpc)
                .await
                .expect("garbage is answered with a diagnostic, not with a status");
            assert!(
                decode_diagnostics(&reply.diagnostics).has_error(),
                "garbage {number} in {}.{} was believed",
                stringify!($rpc),
                stringify!($field)
            );
        })*
    };
}

#[tokio::test]
async fn c46_garbage_in_any_value_is_an_error_and_the_process_lives() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let schemas = core.schemas();
    let of =
        |schema: &ObjectSchema, config| encode_value(&config_value(schema, config), &schema.ty);
    let provider = of(&schemas.provider, json!({}));
    let resource = of(&schemas.resources["echo_types"], json!({ "string": "a" }));
    let data_source = of(
        &schemas.data_sources["echo_types"],
        json!({ "string": "a" }),
    );
    let ephemeral = of(
        &schemas.ephemeral_resources["echo_secret"],
        json!({ "text": "a" }),
    );
    let types = || "echo_types".to_owned();
    let secret = || "echo_secret".to_owned();

    check!(
        process,
        validate_provider_config,
        [config],
        proto::validate_provider_config::Request {
            config: provider.clone(),
        }
    );
    check!(
        process,
        configure_provider,
        [config],
        proto::configure_provider::Request {
            config: provider,
            ..Default::default()
        }
    );
    check!(
        process,
        validate_resource_config,
        [config],
        proto::validate_resource_config::Request {
            type_name: types(),
            config: resource.clone(),
            ..Default::default()
        }
    );
    check!(
        process,
        read_resource,
        [current_state],
        proto::read_resource::Request {
            type_name: types(),
            current_state: resource.clone(),
            ..Default::default()
        }
    );
    check!(
        process,
        plan_resource_change,
        [prior_state, proposed_new_state, config],
        proto::plan_resource_change::Request {
            type_name: types(),
            prior_state: resource.clone(),
            proposed_new_state: resource.clone(),
            config: resource.clone(),
            ..Default::default()
        }
    );
    check!(
        process,
        apply_resource_change,
        [prior_state, planned_state, config],
        proto::apply_resource_change::Request {
            type_name: types(),
            prior_state: resource.clone(),
            planned_state: resource.clone(),
            config: resource,
            ..Default::default()
        }
    );
    check!(
        process,
        validate_data_resource_config,
        [config],
        proto::validate_data_resource_config::Request {
            type_name: types(),
            config: data_source.clone(),
        }
    );
    check!(
        process,
        read_data_source,
        [config],
        proto::read_data_source::Request {
            type_name: types(),
            config: data_source,
            ..Default::default()
        }
    );
    check!(
        process,
        validate_ephemeral_resource_config,
        [config],
        proto::validate_ephemeral_resource_config::Request {
            type_name: secret(),
            config: ephemeral.clone(),
        }
    );
    check!(
        process,
        open_ephemeral_resource,
        [config],
        proto::open_ephemeral_resource::Request {
            type_name: secret(),
            config: ephemeral,
            ..Default::default()
        }
    );
    // Only the valid request opened the resource.
    assert_eq!(world.events(), ["open a"]);
}

#[tokio::test]
async fn c46_garbage_in_a_stored_state_is_an_error() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Validate).await;
    let deep = "[".repeat(100_000).into_bytes();
    for json in [&b""[..], b"{", b"1", b"\"text\"", b"\xff", &deep] {
        let request = proto::upgrade_resource_state::Request {
            type_name: "echo_value".to_owned(),
            version: 0,
            raw_state: Some(proto::RawState {
                json: json.to_vec(),
                ..Default::default()
            }),
        };
        let reply: proto::upgrade_resource_state::Response = process
            .call(request, provider_server::Provider::upgrade_resource_state)
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&json[..json.len().min(20)]).into_owned();
        assert!(
            decode_diagnostics(&reply.diagnostics).has_error(),
            "{text:?} was believed"
        );
    }
}
