//! States of hashicorp/tfe: they have a secret, and not the ID of its token.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method, UserOnTrail};

use super::{DATE, DAY, EXAMPLE, LATER, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::{ResourceAction, StoredObject, UNKNOWN};

/// Returns a state of hashicorp/tfe with or without a secret.
fn stored(token: &Json) -> StoredObject {
    let attributes = json!({
        "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
        "force_regenerate": null, "token": token,
    });
    StoredObject {
        attributes: attributes.to_string(),
        schema_version: 0,
        private: Vec::new(),
        tainted: false,
        identity: None,
    }
}

/// Returns a setup with a token until [`DATE`] and a state of hashicorp/tfe with its secret.
async fn setup() -> Setup {
    let mut setup = Setup::new().await;
    let until = DATE.parse().unwrap();
    let token = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    let state = stored(&json!(token.secret.expose()));
    setup.core.set_state(EXAMPLE, state);
    setup
}

/// Makes the provider's configuration unknown, so that the next plan does not read the API, as with `-refresh=false`.
fn without_refresh(setup: &mut Setup) {
    setup.core.provider_config(json!({ "token": UNKNOWN }));
}

#[tokio::test]
async fn a_token_whose_secret_is_valid_is_adopted() {
    let mut setup = setup().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(setup.sent(), ["GET token", "GET trail"]);
    setup.apply(json!({})).await.expect_no_diagnostics();
    setup.check_current();
    assert_eq!(setup.get("created_at"), "2026-01-01T00:00:00Z");
    assert_eq!(setup.get("secret_version"), 1_767_225_600);
    assert_eq!(setup.get("expired_at"), DATE);

    // From now on the state has the token's ID.
    setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(setup.sent(), ["GET token"]);
}

#[tokio::test]
async fn a_state_with_an_invalid_secret_is_reported_as_replaced() {
    let mut setup = setup().await;
    let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    for _ in 0..2 {
        let refreshed = setup.core.refresh(EXAMPLE).await;
        let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
        details(warning, &["the token in the state", &other.id]);
        refreshed.expect_ok();
        assert_eq!(setup.get("status"), "replaced");
        assert_eq!(setup.get("token_id"), json!(null));
        assert_eq!(setup.get("created_at"), json!(null));
    }
}

#[tokio::test]
async fn a_failed_verification_does_not_adopt_a_replaced_token() {
    for status in [404, 503] {
        let mut setup = setup().await;
        let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        let fault = Fault::on(Method::GET, "audit-trail?");
        setup.simulator.inject(fault.always().status(status));
        // Whether a refresh fails after a 503 is a promise of the client's tests.
        let _ = setup.core.refresh(EXAMPLE).await;
        assert_eq!(setup.get("status"), "replaced", "{status}");
        assert_eq!(setup.get("token_id"), json!(null), "{status}");
        if let Some(plan) = setup.core.plan_destroy(EXAMPLE).await.value {
            let _ = setup.core.apply(plan).await;
        }
        assert_eq!(setup.token().id, other.id, "{status}");
    }
}

#[tokio::test]
async fn an_invalid_secret_does_not_regenerate_over_the_token_of_somebody_else() {
    let mut setup = setup().await;
    let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let refused = setup.apply(json!({ "expired_at": LATER })).await;
    let error = refused.expect_error("The Audit Trail Token Is Not Managed by This Resource");
    details(error, &["the token in the state", &other.id]);
    assert_eq!(setup.applied, ["GET token", "GET trail"]);
    assert_eq!(setup.token().id, other.id);

    let forced = setup.apply(json!({ "force_regenerate": true })).await;
    forced.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn a_token_whose_secret_is_valid_is_regenerated() {
    let mut setup = setup().await;
    let old = setup.token();
    without_refresh(&mut setup);
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    setup.core.provider_config(json!({}));
    setup.sent();
    setup.core.apply(plan).await.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

#[tokio::test]
async fn an_invalid_secret_whose_date_is_past_is_reported_as_expired() {
    let mut setup = setup().await;
    setup.simulator.advance(DAY * 366);
    let planned = setup.plan(json!({})).await;
    sole_warning(&planned.diagnostics, "The Audit Trail Token Is Expired");
    planned.expect_ok();
    setup.core.refresh(EXAMPLE).await.expect_ok();
    assert_eq!(setup.get("status"), "expired");
    assert_eq!(setup.get("token_id"), setup.token().id);
}

#[tokio::test]
async fn an_answer_that_proves_nothing_adopts_the_current_token_with_a_warning() {
    let trail = || Fault::on(Method::GET, "audit-trail?").always();
    for fault in [trail().status(404), trail().status(403), trail().html()] {
        let mut setup = setup().await;
        let which = format!("{fault:?}");
        setup.simulator.inject(fault);
        let refreshed = setup.core.refresh(EXAMPLE).await;
        let summary = "The Secret of the Audit Trail Token Was Not Tried";
        let warning = sole_warning(&refreshed.diagnostics, summary);
        details(warning, &[ORGANIZATION, &setup.token().id]);
        refreshed.expect_ok();
        assert_eq!(setup.get("token_id"), setup.token().id, "{which}");
        assert_eq!(setup.get("status"), "current", "{which}");
        // From now on the state has the token's ID, and the secret is not tried again.
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_verified_is_an_error_and_keeps_the_state() {
    let mut setup = setup().await;
    let before = setup.state().clone();
    let trail = Fault::on(Method::GET, "audit-trail?").always();
    setup.simulator.inject(trail.status(500));
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_error("Error reading Organization Audit Trail Token");
    assert_eq!(setup.state(), &before);
}

#[tokio::test]
async fn a_state_without_a_secret_adopts_the_current_token() {
    let mut setup = setup().await;
    setup.core.set_state(EXAMPLE, stored(&json!(null)));
    let planned = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(planned.action, ResourceAction::NoOp);
    assert_eq!(setup.sent(), ["GET token"]);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    assert_eq!(setup.get("token_id"), setup.token().id);
    assert_eq!(setup.get("status"), "current");
}

#[tokio::test]
async fn another_providers_private_data_is_ignored() {
    for private in [
        &b"{\"schema_version\":\"0\"}"[..],
        b"{\".import_before_default\":\"dHJ1ZQ==\"}",
        b"{\"last_seen\":{\"other\":1}}",
        b"[1,2]",
        b"not JSON",
        b"\xff\x00",
    ] {
        let mut setup = setup().await;
        let token = json!(setup.token().secret.expose());
        let state = StoredObject {
            private: private.to_vec(),
            ..stored(&token)
        };
        setup.core.set_state(EXAMPLE, state);
        let plan = setup.plan(json!({})).await;
        assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::NoOp);
        setup
            .apply(json!({ "expired_at": LATER }))
            .await
            .expect_ok();
        setup.check_current();
    }
}

#[tokio::test]
async fn the_private_data_stays_a_json_object_of_objects() {
    let mut setup = setup().await;
    setup
        .apply(json!({ "expired_at": LATER }))
        .await
        .expect_ok();
    let private: Json = serde_json::from_slice(&setup.state().private).unwrap();
    let entries = private.as_object().unwrap();
    assert!(!entries.is_empty());
    assert!(entries.values().all(Json::is_object), "{private}");
}

#[tokio::test]
async fn a_destroy_verifies_the_secret_first() {
    for (valid, sent) in [
        (
            true,
            &["GET token", "GET trail", "GET token", "DELETE token"][..],
        ),
        (false, &["GET token", "GET trail"]),
    ] {
        let mut setup = setup().await;
        without_refresh(&mut setup);
        let plan = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
        setup.core.provider_config(json!({}));
        if !valid {
            setup.simulator.regenerate_elsewhere(ORGANIZATION);
        }
        setup.sent();
        let applied = setup.core.apply(plan).await;
        assert_eq!(setup.sent(), sent);
        let left = setup.simulator.audit_trail_token(ORGANIZATION);
        assert_eq!(left.is_none(), valid);
        if !valid {
            let summary = "Another Audit Trail Token Was Left Alone";
            sole_warning(&applied.diagnostics, summary);
        }
        applied.expect_ok();
        assert!(setup.core.state(EXAMPLE).is_none());
    }
}

#[tokio::test]
async fn a_secret_is_verified_where_users_may_not_read_the_audit_trail() {
    let mut setup = setup().await;
    setup
        .simulator
        .configure(|settings| settings.user_on_trail = UserOnTrail::Unauthorized);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("status"), "current");
}
