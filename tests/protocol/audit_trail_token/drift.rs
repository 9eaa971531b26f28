//! Changes of the organization's token outside of Terraform.

use serde_json::json;
use tfe_simulator::{Fault, Method, TimestampStyle};

use super::{DAY, EXAMPLE, LATER, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::ResourceAction;

#[tokio::test]
async fn a_token_that_somebody_replaced_stays_in_the_state_with_status_replaced() {
    let mut setup = Setup::created(json!({})).await;
    let mut expected = setup.state().json();
    setup.simulator.advance(DAY);
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
    let ours = expected["token_id"].as_str().unwrap();
    details(
        warning,
        &[
            ours,
            &elsewhere.id,
            "generated 2026-01-02T00:00:00Z",
            "replaced outside of Terraform, or by an apply whose state was lost",
        ],
    );
    refreshed.expect_ok();
    expected["status"] = json!("replaced");
    assert_eq!(setup.state().json(), expected);
}

#[tokio::test]
async fn a_token_of_the_same_id_but_another_creation_is_another_token() {
    let mut setup = Setup::created(json!({})).await;
    let mut state = setup.state().clone();
    state.attributes = state.attributes.replace("2026-01-01T00:", "2025-01-01T00:");
    setup.core.set_state(EXAMPLE, state);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
    let times = [
        "generated 2025-01-01T00:00:00Z",
        "generated 2026-01-01T00:00:00Z",
    ];
    details(warning, &times);
    refreshed.expect_ok();
    assert_eq!(setup.get("status"), "replaced");
}

/// Conformance: 57.
#[tokio::test]
async fn a_token_that_somebody_revoked_leaves_the_state_with_a_warning() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    let planned = setup.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, "The Audit Trail Token Is Gone");
    details(warning, &[ORGANIZATION, &old.id]);
    assert_eq!(planned.expect_ok().action, ResourceAction::Create);

    let refreshed = setup.core.refresh(EXAMPLE).await;
    assert_eq!(refreshed.expect_ok(), None);
    assert!(setup.core.state(EXAMPLE).is_none());
    setup.apply(json!({})).await.expect_no_diagnostics();
    setup.check_current();
}

#[tokio::test]
async fn an_imported_token_follows_the_current_token() {
    let mut setup = Setup::new().await;
    let imported = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup.simulator.advance(DAY);
    let until = LATER.parse().unwrap();
    let elsewhere = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let summary = "The Imported Audit Trail Token Was Replaced";
    let warning = sole_warning(&refreshed.diagnostics, summary);
    details(
        warning,
        &[&imported.id, &elsewhere.id, "2026-01-02T00:00:00Z"],
    );
    refreshed.expect_ok();
    // The warning is shown once.
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(
        setup.state().json(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": LATER,
            "force_regenerate": null, "regenerate_triggers": null, "seal_token": null,
            "token": null, "sealed_token": null, "token_id": elsewhere.id,
            "created_at": "2026-01-02T00:00:00Z", "secret_version": 1_767_225_600, "status": "current",
        })
    );
}

/// This configuration has not generated the token, and `force_regenerate` is not set.
#[tokio::test]
async fn a_followed_token_is_not_destroyed() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup.core.refresh(EXAMPLE).await.expect_ok();

    let plan = setup.core.plan_destroy(EXAMPLE).await;
    let warning = sole_warning(&plan.diagnostics, "The Audit Trail Token Is Left Alone");
    details(warning, &[&elsewhere.id, "tfe_revoke_audit_trail_token"]);
    let destroyed = setup.core.apply(plan.expect_ok()).await;
    let warning = sole_warning(
        &destroyed.diagnostics,
        "Another Audit Trail Token Was Left Alone",
    );
    details(warning, &[&elsewhere.id]);
    assert!(setup.core.state(EXAMPLE).is_none());
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn a_followed_token_that_was_regenerated_here_is_destroyed() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup
        .apply(json!({ "force_regenerate": true }))
        .await
        .expect_ok();
    let plan = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
    setup.core.apply(plan).await.expect_ok();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn a_token_whose_date_has_passed_has_status_expired() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY * 364);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("status"), "current");
    setup.simulator.advance(DAY);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("status"), "expired");
}

#[tokio::test]
async fn a_replaced_status_becomes_current_if_the_token_exists() {
    let mut setup = Setup::created(json!({})).await;
    let mut state = setup.state().clone();
    state.attributes = state.attributes.replace("\"current\"", "\"replaced\"");
    setup.core.set_state(EXAMPLE, state);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    setup.check_current();
}

/// Conformance: 58.
#[tokio::test]
async fn the_formats_of_a_timestamp_are_read_as_the_same_instant() {
    for style in [
        TimestampStyle::Milliseconds,
        TimestampStyle::Seconds,
        TimestampStyle::Microseconds,
    ] {
        let mut setup = Setup::created(json!({})).await;
        let before = setup.state().json();
        setup
            .simulator
            .configure(|settings| settings.timestamps = style);
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
        assert_eq!(setup.state().json(), before, "{style:?}");
    }
}

/// Conformance: 58.
#[tokio::test]
async fn timestamps_with_an_offset_or_without_a_zone_are_read_as_the_same_instant() {
    for (created_at, expired_at) in [
        ("2026-01-01T01:00:00+01:00", "2026-12-31T19:00:00-05:00"),
        ("2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026-01-01T00:00:00.999999Z", "2027-01-01T00:00:00.999999Z"),
    ] {
        let mut setup = Setup::created(json!({})).await;
        let before = setup.state().json();
        let document = json!({ "data": {
            "id": setup.token().id, "type": "authentication-tokens",
            "attributes": { "created-at": created_at, "expired-at": expired_at, "token": null },
        }});
        let answer = Fault::on(Method::GET, "authentication-token");
        let answer = answer.body("application/vnd.api+json", &document.to_string());
        setup.simulator.inject(answer);
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
        assert_eq!(setup.simulator.faults_left(), 0);
        assert_eq!(setup.state().json(), before, "{created_at}");
    }
}

#[tokio::test]
async fn a_null_date_is_filled_in_and_a_date_in_the_state_is_kept() {
    let mut setup = Setup::created(json!({})).await;
    for (stored, expected) in [
        ("null", "2027-01-01T00:00:00Z"),
        ("\"2027-01-01T01:00:00+01:00\"", "2027-01-01T01:00:00+01:00"),
        ("\"2026-06-01T00:00:00Z\"", "2026-06-01T00:00:00Z"),
    ] {
        let mut object = setup.state().json();
        object["expired_at"] = serde_json::from_str(stored).unwrap();
        let mut state = setup.state().clone();
        state.attributes = object.to_string();
        setup.core.set_state(EXAMPLE, state);
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
        assert_eq!(setup.get("expired_at"), expected);
    }
}

#[tokio::test]
async fn an_answer_without_data_is_an_error_and_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    let token = || Fault::on(Method::GET, "authentication-token").always();
    for fault in [
        token().null_data(),
        token().empty(),
        token().html(),
        token().wrong_shape(),
        token().truncated(),
        token().status(500),
        token().status(401),
        token().status(403),
        token().cut(),
    ] {
        let which = format!("{fault:?}");
        setup.simulator.clear_faults();
        setup.simulator.inject(fault);
        let refreshed = setup.core.refresh(EXAMPLE).await;
        refreshed.expect_error("Error reading Organization Audit Trail Token");
        assert_eq!(setup.state(), &before, "{which}");
    }
}
