//! The ephemeral resource that opens sealed tokens.

use serde_json::json;
use tfplugin::Path;

use super::sealing::{KEY, OTHER_KEY, UNSEALED, key, sealed};
use super::{EXAMPLE, ORGANIZATION, Setup, UNUSED, block, details};
use tfplugin_testing::{HostProfile, Plan, ResourceAction, UNKNOWN, Walk};

const DOES_NOT_OPEN: &str = "Unable to Open the Sealed Token";
const NOTHING: &str = "No Sealed Token to Open";

/// Conformance: 66.
#[tokio::test]
async fn a_sealed_token_is_unsealed_in_plan_and_apply_on_every_host_without_a_request() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = sealed().await;
        setup.core = setup.core.on(host);
        let config = json!({ "sealed_token": setup.get("sealed_token") });
        setup.sent();
        for walk in [Walk::Plan, Walk::Apply] {
            let opened = setup
                .core
                .open_ephemeral(walk, UNSEALED, config.clone())
                .await;
            let opened = opened.expect_no_diagnostics();
            let token = setup.token();
            assert_eq!(
                opened.result(),
                json!({
                    "sealed_token": config["sealed_token"], "token": token.secret.expose(),
                    "token_id": token.id, "organization": ORGANIZATION,
                }),
                "{}",
                host.name
            );
            opened.close().await.expect_no_diagnostics();
        }
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_unknown_sealed_token_is_not_unsealed() {
    let setup = sealed().await;
    let config = json!({ "sealed_token": UNKNOWN });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    assert_eq!(opened.expect_no_diagnostics().get("token"), UNKNOWN);
}

#[tokio::test]
async fn a_null_sealed_token_has_an_error_of_its_own() {
    let setup = sealed().await;
    for walk in [Walk::Plan, Walk::Apply] {
        let config = json!({ "sealed_token": null });
        let opened = setup.core.open_ephemeral(walk, UNSEALED, config).await;
        let error = opened.expect_error(NOTHING);
        assert_eq!(error.path(), Some(&Path::of("sealed_token")));
        details(
            error,
            &[
                "imported",
                "force_regenerate = true",
                "destroy -refresh=false",
            ],
        );
        assert!(!error.detail().contains("required"));
    }
}

#[tokio::test]
async fn another_key_or_a_damaged_value_is_an_error_that_advises_what_to_do() {
    let mut setup = sealed().await;
    let value = setup.get("sealed_token").as_str().unwrap().to_owned();
    let damaged = value.replace("v1:", "v1:AAAA");
    let foreign = "hvs.something-else".to_owned();
    let cut = value[..value.len() - 8].to_owned();
    let later = value.replace(":v1:", ":v2:");
    for (sealing_key, sealed_token) in [
        (OTHER_KEY, value.clone()),
        (KEY, damaged),
        (KEY, foreign),
        (KEY, cut),
        (KEY, later),
        (KEY, String::new()),
    ] {
        setup.core.provider_config(key(sealing_key));
        let config = json!({ "sealed_token": sealed_token });
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, UNSEALED, config)
            .await;
        let error = opened.expect_error(DOES_NOT_OPEN);
        assert_eq!(error.path(), Some(&Path::of("sealed_token")));
        let advice = [
            "regenerate_triggers",
            "force_regenerate",
            "-replace",
            "destroy -refresh=false",
        ];
        details(error, &advice);
    }
}

#[tokio::test]
async fn a_missing_key_is_an_error() {
    let mut setup = sealed().await;
    setup.core.provider_config(json!({}));
    let config = json!({ "sealed_token": setup.get("sealed_token") });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let error = opened.expect_error("No Sealing Key");
    details(error, &["TFE_SEALING_KEY", "destroy -refresh=false"]);
}

/// Conformance: 66.
#[tokio::test]
async fn an_unknown_key_makes_the_result_unknown_on_terraform_and_is_an_error_on_opentofu() {
    let mut setup = sealed().await;
    setup
        .core
        .provider_config(json!({ "sealing_key": UNKNOWN }));
    let config = json!({ "sealed_token": setup.get("sealed_token") });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config.clone())
        .await
        .expect_no_diagnostics();
    assert_eq!(opened.get("token"), UNKNOWN);
    setup.core = setup.core.on(HostProfile::OPENTOFU_1_11);
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let error = opened.expect_error("Provider Configuration Not Known Yet");
    details(error, &["sealing_key"]);
}

#[tokio::test]
async fn a_sealed_token_is_unsealed_while_the_hostname_and_token_are_unknown() {
    let mut setup = sealed().await;
    setup
        .core
        .provider_config(json!({ "sealing_key": KEY, "token": UNKNOWN }));
    let config = json!({ "sealed_token": setup.get("sealed_token") });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let secret = setup.token().secret;
    assert_eq!(opened.expect_no_diagnostics().get("token"), secret.expose());
}

#[tokio::test]
async fn each_advice_after_a_lost_key_makes_the_value_unknown_and_unseals_after_the_apply() {
    let triggers = json!({ "seal_token": true, "regenerate_triggers": { "a": "2" } });
    let forced = json!({
        "seal_token": true, "regenerate_triggers": { "a": "1" }, "force_regenerate": true,
    });
    for way_out in [triggers, forced] {
        let mut setup = lost_key().await;
        let plan = setup.plan(way_out).await.expect_ok();
        check_way_out(&mut setup, plan).await;
    }
    let mut setup = lost_key().await;
    let config = json!({ "seal_token": true, "regenerate_triggers": { "a": "1" } });
    let replaced = setup.core.plan_replace(EXAMPLE, block(config)).await;
    check_way_out(&mut setup, replaced.expect_ok()).await;
}

/// Returns a setup with a token that is sealed with a lost key.
async fn lost_key() -> Setup {
    let mut setup = Setup::new().await;
    setup.core.provider_config(key(KEY));
    let config = json!({ "seal_token": true, "regenerate_triggers": { "a": "1" } });
    setup.apply(config).await.expect_no_diagnostics();
    setup.core.provider_config(key(OTHER_KEY));
    setup
}

async fn check_way_out(setup: &mut Setup, plan: Plan) {
    assert_ne!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.get("sealed_token"), UNKNOWN);
    setup.core.apply(plan).await.expect_ok();
    let config = json!({ "sealed_token": setup.get("sealed_token") });
    let opened = setup
        .core
        .open_ephemeral(Walk::Apply, UNSEALED, config)
        .await;
    let secret = setup.token().secret;
    assert_eq!(opened.expect_no_diagnostics().get("token"), secret.expose());
}

#[tokio::test]
async fn destroying_needs_no_sealing_key() {
    let mut setup = lost_key().await;
    setup.simulator.advance(UNUSED);
    setup.core.provider_config(json!({}));
    setup.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}
