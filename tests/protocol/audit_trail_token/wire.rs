//! The bytes of values and plans. The SDK's tests show the same with the provider `echo`.

use serde_json::{Value as Json, json};
use terraform_provider_tfe::provider::Tfe;
use tfplugin::Value;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::value::{Leniency, decode_json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::setup::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, TYPE, block};
use tfplugin_testing::rpc::{
    Process, config_value, decode_diagnostics, decode_value, encode_value, malformed_values,
    to_json,
};
use tfplugin_testing::{Core, ResourceAction, UNKNOWN, Walk};

/// A placeholder for the bytes under test.
const PLACE: &str = "~";

/// Returns the configuration of a token with one argument in these bytes.
fn spliced(core: &Core<Tfe>, argument: &str, bytes: &[u8]) -> proto::DynamicValue {
    let schema = core.resource_schema(TYPE);
    let config = config_value(schema, block(json!({ argument: PLACE })));
    let mut config = encode_value(&config, &schema.ty).unwrap();
    let place = [&[0xa1], PLACE.as_bytes()].concat();
    let starts = |window: &[u8]| window == place;
    let at = config.msgpack.windows(place.len()).position(starts);
    let at = at.expect("the place is there");
    config.msgpack.splice(at..at + place.len(), bytes.to_vec());
    config
}

async fn plan(
    process: &Process<Tfe>,
    prior: Option<proto::DynamicValue>,
    private: &[u8],
    config: proto::DynamicValue,
) -> proto::plan_resource_change::Response {
    let request = proto::plan_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: prior,
        proposed_new_state: Some(config.clone()),
        config: Some(config),
        prior_private: private.to_vec(),
        ..Default::default()
    };
    let reply = process.call(request, provider_server::Provider::plan_resource_change);
    reply.await.unwrap()
}

#[tokio::test]
async fn c40_every_form_of_unknown_is_planned_as_unknown() {
    let core = Setup::new().await.core;
    let process = core.process(Walk::Plan).await;
    let ty = &core.resource_schema(TYPE).ty;
    for bytes in [
        &[0xd4, 0x00, 0x00][..],
        &[0xc7, 0x01, 0x00, 0x00],
        &[0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2],
        b"\xc7\x07\x0c\x82\x01\xc2\x02\xa2my",
    ] {
        for argument in ["organization", "expired_at"] {
            let config = spliced(&core, argument, bytes);
            let reply = plan(&process, None, b"", config).await;
            assert!(
                !decode_diagnostics(&reply.diagnostics).has_error(),
                "{bytes:02x?}"
            );
            let planned = decode_value(reply.planned_state, ty).unwrap();
            let planned = to_json(planned.attribute(argument).unwrap());
            assert_eq!(planned, UNKNOWN, "{argument} {bytes:02x?}");
        }
    }
}

#[tokio::test]
async fn c42_a_missing_or_unexpected_attribute_is_an_error() {
    let core = Setup::new().await.core;
    let process = core.process(Walk::Plan).await;
    for bytes in [
        &b"\x80"[..],
        b"\x81\xacorganization\xa1x",
        b"\x81\xa6colour\xa1x",
    ] {
        let config = proto::DynamicValue {
            msgpack: bytes.to_vec(),
            ..Default::default()
        };
        let reply = plan(&process, None, b"", config).await;
        let diagnostics = decode_diagnostics(&reply.diagnostics).to_string();
        assert!(
            diagnostics.contains("Invalid Value From Terraform"),
            "{diagnostics}"
        );
    }
}

/// Demands that bytes which are no value are an error, whichever value of the request they replace.
macro_rules! check {
    ($process:expr, $rpc:ident, $name:expr, [$($field:ident),+]) => {
        $(for (number, bytes) in malformed_values().into_iter().enumerate() {
            let mut request = proto::$rpc::Request::default();
            request.type_name = $name.to_owned();
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
        })+
    };
}

#[tokio::test]
async fn c46_bytes_that_are_no_value_are_an_error_without_a_request() {
    let setup = Setup::new().await;
    let process = setup.core.process(Walk::Plan).await;
    setup.sent();
    check!(process, validate_resource_config, TYPE, [config]);
    check!(process, read_resource, TYPE, [current_state]);
    check!(
        process,
        plan_resource_change,
        TYPE,
        [prior_state, proposed_new_state, config]
    );
    check!(
        process,
        apply_resource_change,
        TYPE,
        [prior_state, planned_state, config]
    );
    for name in [TYPE, "tfe_audit_trail_events"] {
        check!(process, validate_data_resource_config, name, [config]);
        check!(process, read_data_source, name, [config]);
    }
    for name in [TYPE, "tfe_unsealed_audit_trail_token"] {
        check!(process, validate_ephemeral_resource_config, name, [config]);
        check!(process, open_ephemeral_resource, name, [config]);
    }
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn c47_an_answer_that_is_not_utf_8_is_quoted() {
    let service = MockServer::start().await;
    let refusal = ResponseTemplate::new(422)
        .insert_header("content-type", "text/plain")
        .set_body_bytes(&b"caf\xe9 is closed"[..]);
    Mock::given(any())
        .respond_with(refusal)
        .mount(&service)
        .await;
    let cli = format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{}/api/v2/\" }}\n}}\n",
        service.uri()
    );
    let setup = Setup::with(|environment| environment.file("/cli.tfrc", cli)).await;
    let config = json!({ "organization": ORGANIZATION });

    let read = setup.core.read_data(TYPE, config).await;

    let diagnostics = read.diagnostics.to_string();
    assert!(
        diagnostics.contains("caf\u{fffd} is closed"),
        "{diagnostics}"
    );
}

#[tokio::test]
async fn c48_plans_keep_the_configured_values_known_or_not() {
    let all_set = json!({
        "organization": ORGANIZATION, "expired_at": DATE, "force_regenerate": true,
        "regenerate_triggers": { "a": "b" }, "seal_token": false,
    });
    let all_unknown = json!({
        "organization": UNKNOWN, "expired_at": UNKNOWN, "force_regenerate": UNKNOWN,
        "regenerate_triggers": UNKNOWN, "seal_token": UNKNOWN,
    });
    let mut setup =
        Setup::with(|environment| environment.variable("TFE_ORGANIZATION", ORGANIZATION)).await;
    for config in [json!({}), all_set.clone(), all_unknown.clone()] {
        let create = setup.core.plan(EXAMPLE, config).await.expect_ok();
        assert_eq!(create.action, ResourceAction::Create);
    }
    let create = setup.core.plan(EXAMPLE, all_set).await.expect_ok();
    setup.core.apply(create).await.expect_ok();
    for config in [json!({}), all_unknown] {
        setup.core.plan(EXAMPLE, config).await.expect_ok();
    }
}

/// Returns the state as a host sends it, with its private data.
fn stored(setup: &Setup) -> (Value, Vec<u8>) {
    let state = setup.state();
    let ty = &setup.core.resource_schema(TYPE).ty;
    let value = decode_json(state.attributes.as_bytes(), ty, Leniency::Strict);
    (value.unwrap(), state.private.clone())
}

#[tokio::test]
async fn c49_a_plan_without_changes_has_the_bytes_of_the_prior_state() {
    for more in [json!({}), json!({ "regenerate_triggers": { "a": "b" } })] {
        let setup = Setup::created(more.clone()).await;
        let schema = setup.core.resource_schema(TYPE);
        let (prior, private) = stored(&setup);
        let prior = encode_value(&prior, &schema.ty);
        let request = proto::plan_resource_change::Request {
            type_name: TYPE.to_owned(),
            prior_state: prior.clone(),
            proposed_new_state: prior.clone(),
            config: encode_value(&config_value(schema, block(more)), &schema.ty),
            prior_private: private.clone(),
            ..Default::default()
        };
        let process = setup.core.process(Walk::Plan).await;

        let reply: proto::plan_resource_change::Response = process
            .call(request, provider_server::Provider::plan_resource_change)
            .await
            .unwrap();

        assert_eq!(reply.planned_state, prior);
        assert_eq!(reply.planned_private, private);
        assert_eq!(reply.requires_replace, []);
    }
}

#[tokio::test]
async fn c51_two_plans_of_one_change_have_the_same_bytes() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.add_organization("other-org-name");
    let schema = setup.core.resource_schema(TYPE);
    let (prior, private) = stored(&setup);
    let prior = encode_value(&prior, &schema.ty);
    let config = |more: Json| encode_value(&config_value(schema, block(more)), &schema.ty).unwrap();
    for more in [
        json!({ "expired_at": LATER }),
        json!({ "expired_at": UNKNOWN, "force_regenerate": UNKNOWN }),
        json!({ "organization": "other-org-name" }),
    ] {
        for (prior, private) in [(None, &b""[..]), (prior.clone(), &private)] {
            let mut replies = Vec::new();
            for _ in 0..2 {
                // A second process, as in an apply.
                let process = setup.core.process(Walk::Plan).await;
                let config = config(more.clone());
                replies.push(plan(&process, prior.clone(), private, config).await);
            }
            let diagnostics = decode_diagnostics(&replies[0].diagnostics);
            assert!(!diagnostics.has_error(), "{more}: {diagnostics}");
            assert!(replies[0] == replies[1], "{more} is planned in two ways");
        }
    }
}
