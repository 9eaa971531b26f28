//! Deferred changes: item 72 of the conformance checklist.

use serde_json::{Value as Json, json};
use tfplugin::Value;
use tfplugin::server::proto::deferred::Reason;
use tfplugin::server::proto::{self, provider_server};

use crate::echo::World;
use tfplugin_testing::rpc::{
    config_value, decode_diagnostics, decode_value, encode_value, to_json,
};
use tfplugin_testing::{HostProfile, UNKNOWN, Walk};

const EXAMPLE: &str = "echo_value.example";

fn config(plain: &str) -> Json {
    json!({ "plain": plain, "script": "plan: defer" })
}

/// Plans a creation, with or without permission to defer it. Returns the reply and the planned state.
async fn planned(
    config: Json,
    deferral_allowed: bool,
) -> (proto::plan_resource_change::Response, Json) {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let schema = core.resource_schema(EXAMPLE);
    let config = encode_value(&config_value(schema, config), &schema.ty);
    let request = proto::plan_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: encode_value(&Value::Null, &schema.ty),
        proposed_new_state: config.clone(),
        config,
        client_capabilities: Some(proto::ClientCapabilities {
            deferral_allowed,
            write_only_attributes_allowed: true,
            ..Default::default()
        }),
        ..Default::default()
    };
    let process = core.process(Walk::Plan).await;
    let reply: proto::plan_resource_change::Response = process
        .call(request, provider_server::Provider::plan_resource_change)
        .await
        .unwrap();
    let planned = decode_value(reply.planned_state.clone(), &schema.ty).unwrap();
    (reply, to_json(&planned))
}

#[tokio::test]
async fn c72_a_change_is_deferred_if_the_host_allows_it_and_a_value_is_unknown() {
    let (reply, planned) = planned(config(UNKNOWN), true).await;
    assert_eq!(reply.diagnostics, []);
    let reason = reply.deferred.unwrap().reason();
    assert_eq!(reason, Reason::ResourceConfigUnknown);
    assert_eq!(
        (&planned["id"], &planned["plain"]),
        (&json!(UNKNOWN), &json!(UNKNOWN))
    );
}

#[tokio::test]
async fn c72_nothing_is_deferred_without_permission_or_unknown_values() {
    for (plain, deferral_allowed) in [(UNKNOWN, false), ("a", true)] {
        let (reply, planned) = planned(config(plain), deferral_allowed).await;
        assert_eq!(reply.deferred, None, "{plain} {deferral_allowed}");
        assert_eq!(planned, Json::Null);
        let diagnostics = decode_diagnostics(&reply.diagnostics);
        let errors: Vec<_> = diagnostics.iter().collect();
        assert_eq!(errors[0].summary(), "Value Not Known Yet");
        assert!(
            errors[0]
                .detail()
                .starts_with("The script of plan does not know enough.")
        );
        assert_eq!(errors.len(), 1);
    }
}

/// Terraform allows a deferral in the requests of the apply walk, and then refuses it.
#[tokio::test]
async fn c72_a_deferral_at_apply_is_an_error_on_every_host() {
    for host in [HostProfile::TERRAFORM_1_11, HostProfile::TERRAFORM_1_10] {
        let world = World::starting_at(1);
        let mut core = crate::core(&world).await.on(host);
        let plan = core
            .plan(EXAMPLE, json!({ "plain": UNKNOWN }))
            .await
            .expect_ok();
        let plan = plan.with_config(config("a"));
        core.apply(plan).await.expect_error("Value Not Known Yet");
        assert_eq!(world.events(), <[&str; 0]>::default());
    }
}
