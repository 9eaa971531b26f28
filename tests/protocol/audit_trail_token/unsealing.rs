//! The ephemeral resource that opens sealed tokens.

use serde_json::json;
use tfplugin::{Diagnostic, Path};

use super::sealing::{KEY, OTHER_KEY, UNSEALED, key, sealed};
use super::{EXAMPLE, ORGANIZATION, OWNER, Setup, UNUSED, block, details};
use base64::Engine;
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

/// Opens a sealed token with a sealing key and demands the error that it does not open.
async fn check_does_not_open(setup: &mut Setup, sealing_key: &str, sealed: &str) -> Diagnostic {
    setup.core.provider_config(key(sealing_key));
    let config = json!({ "sealed_token": sealed });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let error = opened.expect_error(DOES_NOT_OPEN);
    assert_eq!(error.path(), Some(&Path::of("sealed_token")));
    details(error, &["destroy -refresh=false"]);
    error.clone()
}

/// An engineer who had the key of another workspace regenerated a token in use: the message advised nothing else.
#[tokio::test]
async fn another_key_advises_to_check_the_key_before_anything_is_regenerated() {
    let mut setup = sealed().await;
    let value = setup.get("sealed_token").as_str().unwrap().to_owned();
    let error = check_does_not_open(&mut setup, OTHER_KEY, &value).await;
    let ids = [KEY, OTHER_KEY].map(thumbprint);
    details(&error, &[&ids[0], &ids[1], "invalidates", "-replace"]);
    let place = |word: &str| error.detail().find(word).unwrap();
    assert!(place("TFE_SEALING_KEY") < place("regenerate_triggers"));
    assert!(!error.detail().contains("cut or changed"));
}

/// Returns the JWK thumbprint of a key (RFC 7638).
fn thumbprint(key: &str) -> String {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let key = URL_SAFE_NO_PAD.encode(STANDARD.decode(key).unwrap());
    let jwk = format!(r#"{{"k":"{key}","kty":"oct"}}"#);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, jwk.as_bytes());
    URL_SAFE_NO_PAD.encode(digest)
}

#[tokio::test]
async fn a_damaged_or_foreign_value_does_not_blame_the_key() {
    let mut setup = sealed().await;
    let value = setup.get("sealed_token").as_str().unwrap().to_owned();
    let damaged = value.replace("..", "..AAAA");
    let cut = &value[..value.len() - 8];
    for (sealed_token, why) in [
        (damaged.as_str(), "cut or changed"),
        (cut, "cut or changed"),
        ("hvs.something-else", "not a sealed token"),
        ("tfe-sealed:v1:AAAA", "not a sealed token"),
        ("", "not a sealed token"),
    ] {
        let error = check_does_not_open(&mut setup, KEY, sealed_token).await;
        details(
            &error,
            &[why, "regenerate_triggers", "force_regenerate", "-replace"],
        );
        assert!(!error.detail().contains("TFE_SEALING_KEY"), "{error}");
        assert!(!error.detail().contains("hvs"), "{error}");
    }
}

#[tokio::test]
async fn a_plain_token_in_the_place_of_a_sealed_one_is_recognised_and_not_shown() {
    let mut setup = sealed().await;
    let plain = setup.token().secret.expose().to_owned();
    let error = check_does_not_open(&mut setup, KEY, &plain).await;
    details(&error, &["not sealed", "\"sealed_token\""]);
    assert!(!error.detail().contains("regenerate_triggers"));
    assert!(!error.to_string().contains(&plain[..8]));
}

/// What is expected is compared with any key and with none, in the plan and in the apply.
#[tokio::test]
async fn only_the_expected_token_is_opened() {
    let mut setup = sealed().await;
    let (sealed_token, id) = (setup.get("sealed_token"), setup.token().id);
    for expected in [
        json!({ "organization": "MY-ORG-NAME" }),
        json!({ "token_id": id }),
        json!({ "organization": ORGANIZATION, "token_id": id }),
    ] {
        let mut config = expected.clone();
        config["sealed_token"] = sealed_token.clone();
        let opened = setup
            .core
            .open_ephemeral(Walk::Apply, UNSEALED, config)
            .await;
        let opened = opened.expect_no_diagnostics();
        let secret = setup.token().secret;
        assert_eq!(opened.get("token"), secret.expose());
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&opened.get(name), value);
        }
    }
    for (expected, value) in [
        (
            json!({ "organization": "other-org-name" }),
            "other-org-name",
        ),
        (json!({ "token_id": "at-older" }), "at-older"),
        (
            json!({ "organization": ORGANIZATION, "token_id": "at-older" }),
            "at-older",
        ),
    ] {
        for provider in [key(KEY), key(OTHER_KEY), json!({})] {
            setup.core.provider_config(provider);
            let mut config = expected.clone();
            config["sealed_token"] = sealed_token.clone();
            let opened = setup
                .core
                .open_ephemeral(Walk::Plan, UNSEALED, config)
                .await;
            let error = opened.expect_error("The Sealed Token Is Another Token's");
            details(error, &[value, "destroy -refresh=false"]);
            assert!(opened.value.is_none());
        }
    }
}

#[tokio::test]
async fn a_sealed_token_of_another_host_is_not_opened() {
    let mut setup = sealed().await;
    let config = json!({
        "sealed_token": setup.get("sealed_token"), "token_id": setup.token().id,
    });
    let there = json!({ "sealing_key": KEY, "hostname": "app.eu.terraform.io", "token": OWNER });
    setup.core.provider_config(there);
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let error = opened.expect_error("The Sealed Token Is Another Token's");
    details(
        error,
        &["app.terraform.io", "app.eu.terraform.io", "\"provider\""],
    );
}

#[tokio::test]
async fn an_expected_value_that_is_unknown_or_wrong_in_shape_opens_nothing() {
    let setup = sealed().await;
    for unknown in ["organization", "token_id", "sealed_token"] {
        let mut config = json!({
            "sealed_token": setup.get("sealed_token"), "organization": ORGANIZATION,
            "token_id": setup.token().id,
        });
        config[unknown] = json!(UNKNOWN);
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, UNSEALED, config)
            .await;
        assert_eq!(opened.expect_no_diagnostics().get("token"), UNKNOWN);
    }
    let secret = setup.token().secret.expose().to_owned();
    for (name, summary) in [
        ("organization", "Invalid Organization Name"),
        ("token_id", "Invalid Token ID"),
    ] {
        let config = json!({ "sealed_token": setup.get("sealed_token"), name: secret });
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, UNSEALED, config)
            .await;
        let error = opened.expect_error(summary);
        assert!(!error.to_string().contains(&secret[..8]));
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
