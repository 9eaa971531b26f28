//! Sealed tokens: the secret is in the state only encrypted.

use serde_json::{Value as Json, json};
use tfplugin::Path;

use super::{DAY, EXAMPLE, LATER, ORGANIZATION, OWNER, Setup, block, details};
use crate::promises::unseal::header;
use tfplugin_testing::{ResourceAction, UNKNOWN, Walk};

pub(super) const KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIG9uZS4=";
pub(super) const OTHER_KEY: &str = "cGxhbnRlZCBzZWFsaW5nIGtleSwgbnVtYmVyIHR3by4=";
pub(super) const UNSEALED: &str = "tfe_unsealed_audit_trail_token";
const NO_KEY: &str = "No Sealing Key";

/// Returns a provider block with a sealing key.
pub(super) fn key(key: &str) -> Json {
    json!({ "sealing_key": key })
}

/// Returns a setup with a token that is sealed with [`KEY`].
pub(super) async fn sealed() -> Setup {
    let mut setup = Setup::new().await;
    setup.core.provider_config(key(KEY));
    setup
        .apply(json!({ "seal_token": true }))
        .await
        .expect_no_diagnostics();
    setup
}

/// Demands that the state has the organization's token, and its secret only sealed.
async fn check_sealed(setup: &Setup) {
    let token = setup.token();
    assert_eq!(setup.get("token"), json!(null));
    assert_eq!(setup.get("token_id"), token.id);
    assert_eq!(setup.get("status"), "current");
    let sealed = setup.get("sealed_token");
    let header = header(sealed.as_str().unwrap());
    assert_eq!(
        header,
        json!({
            "alg": "dir", "enc": "A256GCM", "kid": header["kid"], "tfe_host": "app.terraform.io",
            "tfe_api": format!("{}/", setup.simulator.api_url().trim_end_matches('/')),
            "tfe_organization": ORGANIZATION, "tfe_token_id": token.id,
        })
    );
    let opened = setup
        .core
        .open_ephemeral(Walk::Apply, UNSEALED, json!({ "sealed_token": sealed }))
        .await
        .expect_no_diagnostics();
    assert_eq!(opened.get("token"), token.secret.expose());
    assert_eq!(opened.get("token_id"), token.id);
    assert_eq!(opened.get("organization"), ORGANIZATION);
}

#[tokio::test]
async fn a_sealed_token_has_its_secret_only_in_sealed_token() {
    let setup = sealed().await;
    check_sealed(&setup).await;
}

#[tokio::test]
async fn the_creation_plans_token_null_and_sealed_token_unknown() {
    let mut setup = Setup::new().await;
    setup.core.provider_config(key(KEY));
    let plan = setup.plan(json!({ "seal_token": true })).await;
    let plan = plan.expect_no_diagnostics();
    assert_eq!(plan.get("token"), json!(null));
    assert_eq!(plan.get("sealed_token"), UNKNOWN);
}

#[tokio::test]
async fn the_environment_sets_the_sealing_key() {
    let mut setup = Setup::with(|environment| environment.variable("TFE_SEALING_KEY", KEY)).await;
    setup
        .apply(json!({ "seal_token": true }))
        .await
        .expect_no_diagnostics();
    check_sealed(&setup).await;
}

#[tokio::test]
async fn regenerating_seals_the_new_secret() {
    let mut setup = sealed().await;
    let old = setup.get("sealed_token");
    let change = json!({ "seal_token": true, "expired_at": LATER });
    let plan = setup.plan(change.clone()).await.expect_ok();
    assert_eq!(plan.get("token"), json!(null));
    assert_eq!(plan.get("sealed_token"), UNKNOWN);
    setup.apply(change).await.expect_ok();
    check_sealed(&setup).await;
    assert_ne!(setup.get("sealed_token"), old);
}

#[tokio::test]
async fn a_missing_sealing_key_is_an_error_of_the_plan() {
    let mut setup = Setup::new().await;
    let planned = setup.plan(json!({ "seal_token": true })).await;
    let error = planned.expect_error(NO_KEY);
    assert_eq!(error.path(), Some(&Path::of("seal_token")));
    details(error, &["sealing_key", "TFE_SEALING_KEY"]);

    // Every plan that would seal is an error: a regeneration, and a change of seal_token.
    setup.core.provider_config(key(KEY));
    setup
        .apply(json!({ "seal_token": true }))
        .await
        .expect_no_diagnostics();
    setup.core.provider_config(json!({}));
    for change in [
        json!({ "seal_token": true, "expired_at": LATER }),
        json!({ "seal_token": true, "expired_at": UNKNOWN }),
        json!({}),
    ] {
        setup.plan(change).await.expect_error(NO_KEY);
    }
    // A plan without a change needs no key.
    setup
        .plan(json!({ "seal_token": true }))
        .await
        .expect_no_diagnostics();
}

#[tokio::test]
async fn a_sealing_key_that_is_missing_at_apply_generates_nothing() {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "sealing_key": UNKNOWN }));
    let plan = setup.plan(json!({ "seal_token": true })).await;
    let plan = plan.expect_no_diagnostics();
    setup.core.provider_config(json!({}));
    setup.sent();
    setup.core.apply(plan).await.expect_error(NO_KEY);
    assert_eq!(setup.sent(), Vec::<String>::new());
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn seal_token_becoming_true_moves_the_secret_and_keeps_the_token() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    setup.core.provider_config(key(KEY));
    let plan = setup.plan(json!({ "seal_token": true })).await;
    let plan = plan.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::Update);
    assert_eq!(plan.get("token"), json!(null));
    assert_eq!(plan.get("sealed_token"), UNKNOWN);
    assert_eq!(plan.get("token_id"), old.id);
    let applied = setup.apply(json!({ "seal_token": true })).await;
    applied.expect_no_diagnostics();
    assert_eq!(setup.applied, ["GET trail"]);
    assert_eq!(setup.token().id, old.id);
    check_sealed(&setup).await;
}

#[tokio::test]
async fn seal_token_becoming_false_moves_the_secret_and_keeps_the_token() {
    for off in [json!(null), json!(false)] {
        let mut setup = sealed().await;
        let old = setup.token();
        let plan = setup.plan(json!({ "seal_token": off })).await;
        let plan = plan.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::Update);
        assert_eq!(plan.get("token"), UNKNOWN);
        assert_eq!(plan.get("sealed_token"), json!(null));
        let applied = setup.apply(json!({ "seal_token": off })).await;
        applied.expect_no_diagnostics();
        assert_eq!(setup.applied, Vec::<String>::new());
        assert_eq!(setup.token().id, old.id);
        setup.check_current();
    }
}

#[tokio::test]
async fn unsealing_with_another_key_is_an_error_of_the_plan() {
    let mut setup = sealed().await;
    setup.core.provider_config(key(OTHER_KEY));
    let planned = setup.plan(json!({})).await;
    let error = planned.expect_error("Unable to Unseal the Audit Trail Token");
    details(
        error,
        &["another key", "TFE_SEALING_KEY", "regenerate_triggers"],
    );
    // The practitioner does what the error advises.
    let forced = setup.apply(json!({ "force_regenerate": true })).await;
    forced.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn unsealing_without_a_key_is_an_error_that_asks_for_the_key() {
    let mut setup = sealed().await;
    setup.core.provider_config(json!({}));
    let planned = setup.plan(json!({})).await;
    let error = planned.expect_error(NO_KEY);
    details(error, &["the key that it was sealed with"]);
    assert!(!error.detail().contains("leave seal_token out"), "{error}");
}

#[tokio::test]
async fn a_changed_seal_token_and_a_regeneration_generate_one_token() {
    let mut setup = sealed().await;
    let old = setup.token();
    let applied = setup.apply(json!({ "expired_at": LATER })).await;
    applied.expect_ok();
    let posts = setup.applied.iter().filter(|one| *one == "POST token");
    assert_eq!(posts.count(), 1);
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

#[tokio::test]
async fn an_unknown_seal_token_is_filled_in_at_apply() {
    for (seals, start) in [(true, json!({})), (false, json!({ "seal_token": true }))] {
        let mut setup = Setup::new().await;
        setup.core.provider_config(key(KEY));
        setup.apply(start).await.expect_no_diagnostics();
        let planned = setup.plan(json!({ "seal_token": UNKNOWN })).await;
        let plan = planned.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::Update);
        let known = block(json!({ "seal_token": seals }));
        let applied = setup.core.apply(plan.with_config(known)).await;
        applied.expect_no_diagnostics();
        if seals {
            check_sealed(&setup).await;
        } else {
            setup.check_current();
        }
    }
}

#[tokio::test]
async fn seal_token_of_an_imported_token_changes_only_the_state() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    let seal = json!({ "seal_token": true, "expired_at": null });
    let applied = setup.apply(seal).await;
    applied.expect_warning("The Secret of the Audit Trail Token Is Not Known");
    applied.expect_ok();
    assert_eq!(setup.get("sealed_token"), json!(null));

    setup.core.provider_config(key(KEY));
    let force = json!({ "seal_token": true, "expired_at": null, "force_regenerate": true });
    setup.apply(force).await.expect_ok();
    check_sealed(&setup).await;
}

#[tokio::test]
async fn a_sealed_token_that_somebody_replaced_is_reported_and_kept() {
    let mut setup = sealed().await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_warning("The Audit Trail Token Was Replaced");
    assert_eq!(setup.get("status"), "replaced");
    let destroyed = setup.core.destroy(EXAMPLE).await;
    destroyed.expect_warning("Another Audit Trail Token Was Left Alone");
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn the_secret_is_nowhere_in_plan_state_private_data_or_diagnostics() {
    let mut setup = sealed().await;
    let mut output = String::new();
    let mut secrets = vec![OWNER.to_owned(), KEY.to_owned()];
    secrets.push(setup.token().secret.expose().to_owned());
    setup.simulator.advance(DAY);
    for change in [
        json!({ "seal_token": true, "expired_at": LATER }),
        json!({ "seal_token": true, "force_regenerate": true }),
    ] {
        let planned = setup.plan(change).await;
        output += &planned.diagnostics.to_string();
        let plan = planned.expect_ok();
        output += &format!("{} {} {plan:?}", plan.before(), plan.after());
        output += &String::from_utf8_lossy(&plan.planned_private);
        let applied = setup.core.apply(plan).await;
        output += &applied.diagnostics.to_string();
        applied.expect_ok();
        output += &setup.state().attributes;
        output += &String::from_utf8_lossy(&setup.state().private);
        secrets.push(setup.token().secret.expose().to_owned());
    }
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let refused = setup.apply(json!({ "seal_token": true })).await;
    output += &refused.diagnostics.to_string();
    output += &setup.state().attributes;
    output += &String::from_utf8_lossy(&setup.state().private);
    assert!(output.contains("..") && output.contains("last_seen"));
    for secret in secrets {
        assert!(!output.contains(&secret), "a secret is shown");
    }
}

#[tokio::test]
async fn the_open_secret_is_in_the_state_only_as_token() {
    let mut setup = Setup::created(json!({})).await;
    let mut state = setup.state().json();
    state["token"] = json!(null);
    let mut output = state.to_string() + &String::from_utf8_lossy(&setup.state().private);
    let secret = setup.token().secret;
    let applied = setup.apply(json!({ "expired_at": LATER })).await;
    output += &applied.diagnostics.to_string();
    let mut state = setup.state().json();
    state["token"] = json!(null);
    output += &state.to_string();
    output += &String::from_utf8_lossy(&setup.state().private);
    assert!(output.contains("last_seen"));
    for secret in [secret.expose(), setup.token().secret.expose(), OWNER] {
        assert!(!output.contains(secret), "a secret is shown");
    }
}
