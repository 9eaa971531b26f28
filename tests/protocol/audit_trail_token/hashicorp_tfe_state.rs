//! States that hashicorp/tfe wrote: they do not say which token they have.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method, UserOnTrail};

use super::{DATE, DAY, EXAMPLE, LATER, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::{ResourceAction, StoredObject, UNKNOWN};

/// A state of hashicorp/tfe with a secret, or none.
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

/// The organization has a token until [`DATE`], and hashicorp/tfe's state its secret.
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

/// Lets the next plan see the state as hashicorp/tfe left it, as `-refresh=false` does: while the provider is not known,
/// nothing is read.
fn without_refresh(setup: &mut Setup) {
    setup.core.provider_config(json!({ "token": UNKNOWN }));
}

#[tokio::test]
async fn a_secret_that_works_is_proof_and_the_token_is_adopted() {
    let mut setup = setup().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(setup.sent(), ["GET token", "GET trail"]);
    setup.apply(json!({})).await.expect_no_diagnostics();
    setup.check_current();
    assert_eq!(setup.get("created_at"), "2026-01-01T00:00:00Z");
    assert_eq!(setup.get("expired_at"), DATE);

    // From now on the state says which token it has.
    setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(setup.sent(), ["GET token"]);
}

#[tokio::test]
async fn a_secret_that_is_dead_means_that_the_token_was_replaced() {
    let mut setup = setup().await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    for _ in 0..2 {
        let refreshed = setup.core.refresh(EXAMPLE).await;
        let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
        details(warning, &["the token in the state", &elsewhere.id]);
        refreshed.expect_ok();
        assert_eq!(setup.get("status"), "replaced");
        assert_eq!(setup.get("token_id"), json!(null));
        assert_eq!(setup.get("created_at"), json!(null));
    }
}

#[tokio::test]
async fn a_bad_answer_does_not_make_a_replaced_token_ours() {
    for status in [404, 503] {
        let mut setup = setup().await;
        let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        let fault = Fault::on(Method::GET, "audit-trail?");
        setup.simulator.inject(fault.always().status(status));
        // Whether a 503 is an error of reading is the client's matter.
        let _ = setup.core.refresh(EXAMPLE).await;
        assert_eq!(setup.get("status"), "replaced", "{status}");
        assert_eq!(setup.get("token_id"), json!(null), "{status}");
        if let Some(plan) = setup.core.plan_destroy(EXAMPLE).await.value {
            let _ = setup.core.apply(plan).await;
        }
        assert_eq!(setup.token().id, elsewhere.id, "{status}");
    }
}

#[tokio::test]
async fn a_dead_secret_is_not_regenerated_over_somebody_elses_token() {
    let mut setup = setup().await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let refused = setup.apply(json!({ "expired_at": LATER })).await;
    let error = refused.expect_error("The Audit Trail Token Is Not Managed by This Resource");
    details(error, &["the token in the state", &elsewhere.id]);
    assert_eq!(setup.applied, ["GET token", "GET trail"]);
    assert_eq!(setup.token().id, elsewhere.id);

    let forced = setup.apply(json!({ "force_regenerate": true })).await;
    forced.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn a_living_secret_is_regenerated() {
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
async fn a_dead_secret_of_a_token_whose_date_is_past_is_expired() {
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
async fn any_other_answer_adopts_the_current_token() {
    let trail = || Fault::on(Method::GET, "audit-trail?").always();
    for fault in [trail().status(404), trail().status(403), trail().html()] {
        let mut setup = setup().await;
        let which = format!("{fault:?}");
        setup.simulator.inject(fault);
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
        assert_eq!(setup.get("token_id"), setup.token().id, "{which}");
        assert_eq!(setup.get("status"), "current", "{which}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_tried_is_an_error_and_the_state_is_kept() {
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
    let planned = setup.plan(json!({})).await;
    let summary = "The Secret of the Audit Trail Token Is Not Known";
    sole_warning(&planned.diagnostics, summary);
    assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);
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
async fn its_private_data_stays_an_object_of_objects() {
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
async fn deleting_tries_the_secret_first() {
    for (alive, sent) in [
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
        if !alive {
            setup.simulator.regenerate_elsewhere(ORGANIZATION);
        }
        setup.sent();
        let applied = setup.core.apply(plan).await;
        assert_eq!(setup.sent(), sent);
        let left = setup.simulator.audit_trail_token(ORGANIZATION);
        assert_eq!(left.is_none(), alive);
        if !alive {
            let summary = "Another Audit Trail Token Was Left Alone";
            sole_warning(&applied.diagnostics, summary);
        }
        applied.expect_ok();
        assert!(setup.core.state(EXAMPLE).is_none());
    }
}

#[tokio::test]
async fn a_trail_that_users_may_not_read_is_tried_with_the_secret_itself() {
    let mut setup = setup().await;
    setup
        .simulator
        .configure(|settings| settings.user_on_trail = UserOnTrail::Unauthorized);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("status"), "current");
}
