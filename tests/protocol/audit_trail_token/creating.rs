//! Creating: the first apply.

use serde_json::json;
use tfe_simulator::{DefaultExpiry, Fault, Method};
use tfplugin::Path;

use super::sealing::{KEY, key};
use super::{DATE, EXAMPLE, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

#[tokio::test]
async fn a_first_apply_generates_a_token_and_keeps_its_secret() {
    let mut setup = Setup::new().await;
    setup.apply(json!({})).await.expect_no_diagnostics();
    let token = setup.token();
    assert_eq!(
        setup.state().json(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "regenerate_triggers": null, "seal_token": null,
            "token": token.secret.expose(), "sealed_token": null, "token_id": token.id,
            "created_at": "2026-01-01T00:00:00Z", "secret_version": 1_767_225_600, "status": "current",
        })
    );
}

#[tokio::test]
async fn a_creation_generates_once_and_takes_at_most_six_requests() {
    let mut setup = Setup::new().await;
    setup.apply(json!({})).await.expect_no_diagnostics();
    let posts = setup.applied.iter().filter(|one| *one == "POST token");
    assert_eq!(posts.count(), 1);
    // The first new secret of a process is tried once.
    let Some(("GET organization", six)) = setup
        .applied
        .split_last()
        .map(|(last, six)| (last.as_str(), six))
    else {
        panic!("{:?}", setup.applied);
    };
    assert!(six.len() <= 6, "{six:?}");
}

/// Conformance: 50.
#[tokio::test]
async fn a_creation_plans_id_and_organization_and_the_rest_is_unknown() {
    let setup = Setup::new().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::Create);
    assert_eq!(
        plan.after(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "regenerate_triggers": null, "seal_token": null,
            "token": UNKNOWN, "sealed_token": null, "token_id": UNKNOWN,
            "created_at": UNKNOWN, "secret_version": UNKNOWN, "status": UNKNOWN,
        })
    );
}

#[tokio::test]
async fn an_unknown_organization_is_filled_in_at_apply() {
    let mut setup = Setup::new().await;
    let unknown = setup.plan(json!({ "organization": UNKNOWN })).await;
    let plan = unknown.expect_no_diagnostics();
    assert_eq!(
        (plan.get("id"), plan.get("organization")),
        (UNKNOWN.into(), UNKNOWN.into())
    );
    assert_eq!(setup.sent(), Vec::<String>::new());
    let applied = setup.core.apply(plan.with_config(block(json!({})))).await;
    applied.expect_no_diagnostics();
    setup.check_current();
}

/// Conformance: 48.
#[tokio::test]
async fn every_unknown_argument_is_filled_in_at_apply() {
    for (argument, unknown, value) in [
        ("expired_at", json!(UNKNOWN), json!(DATE)),
        ("expired_at", json!(UNKNOWN), json!(null)),
        ("force_regenerate", json!(UNKNOWN), json!(true)),
        ("force_regenerate", json!(UNKNOWN), json!(null)),
        ("regenerate_triggers", json!(UNKNOWN), json!({ "a": "1" })),
        (
            "regenerate_triggers",
            json!({ "a": UNKNOWN }),
            json!({ "a": "1" }),
        ),
        ("seal_token", json!(UNKNOWN), json!(false)),
        ("seal_token", json!(UNKNOWN), json!(true)),
    ] {
        let mut setup = Setup::new().await;
        setup.core.provider_config(key(KEY));
        let planned = setup.plan(json!({ argument: unknown })).await;
        let known = json!({ argument: value });
        let plan = planned
            .expect_no_diagnostics()
            .with_config(block(known.clone()));
        setup.core.apply(plan).await.expect_ok();
        assert_eq!(setup.get("token_id"), setup.token().id);
        let next = setup.plan(known).await.expect_no_diagnostics();
        assert_eq!(next.action, ResourceAction::NoOp, "{argument} = {value}");
    }
}

#[tokio::test]
async fn without_a_date_the_api_sets_it_and_the_warning_of_hashicorp_tfe_is_shown() {
    let mut setup = Setup::new().await;
    let applied = setup.apply(json!({ "expired_at": null })).await;
    let summary = "Audit Trail Token expiration null values defaults to 24 months";
    let warning = applied.expect_warning(summary);
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    assert_eq!(setup.get("expired_at"), "2028-01-01T00:00:00Z");
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_never_expires_plans_no_change() {
    let mut setup = Setup::new().await;
    setup
        .simulator
        .configure(|settings| settings.default_expiry = DefaultExpiry::Never);
    let applied = setup.apply(json!({ "expired_at": null })).await;
    applied.expect_ok();
    assert_eq!(setup.get("expired_at"), json!(null));
    setup.check_current();
}

#[tokio::test]
async fn a_configured_date_is_stored_as_it_is_written() {
    for spelling in [
        "2027-01-01T02:00:00+02:00",
        "2026-12-31T19:00:00.5-05:00",
        "2027-01-01T00:00:00+00:00",
    ] {
        let mut setup = Setup::new().await;
        let applied = setup.apply(json!({ "expired_at": spelling })).await;
        applied.expect_no_diagnostics();
        assert_eq!(setup.get("expired_at"), spelling);
        let expired_at = setup.token().expired_at.unwrap();
        assert_eq!(expired_at.timestamp(), 1_798_761_600, "{spelling}");
    }
}

#[tokio::test]
async fn a_refused_creation_stores_nothing_and_quotes_the_api() {
    let mut setup = Setup::new().await;
    let refusal = r#"{"errors":[{"status":"422","title":"invalid attribute","detail":"Expired at is too far away","source":{"pointer":"/data/attributes/expired-at"}}]}"#;
    let refused = Fault::on(Method::POST, "authentication-token");
    let refused = refused
        .status(422)
        .body("application/vnd.api+json", refusal);
    setup.simulator.inject(refused);
    let applied = setup.apply(json!({})).await;
    let error = applied.expect_error("Unable to create organization audit trail token");
    details(
        error,
        &[
            ORGANIZATION,
            "invalid attribute",
            "Expired at is too far away",
            "/data/attributes/expired-at",
        ],
    );
    assert!(setup.core.state(EXAMPLE).is_none());
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn a_failed_read_after_the_secret_arrived_is_a_warning() {
    let mut setup = Setup::new().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    // The apply reads twice before it generates, and the third read confirms the token.
    let read = Fault::on(Method::GET, "authentication-token");
    setup.simulator.inject(read.skip(2).always().status(500));
    let applied = setup.core.apply(plan).await;
    let warning = sole_warning(
        &applied.diagnostics,
        "The New Audit Trail Token Is Not Confirmed",
    );
    details(warning, &[&setup.token().id, ORGANIZATION]);
    applied.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_somebody_generates_right_after_the_creation_is_a_warning() {
    let mut setup = Setup::new().await;
    let replaced = Fault::on(Method::POST, "authentication-token").meanwhile(|simulator| {
        simulator.regenerate_elsewhere(ORGANIZATION);
    });
    setup.simulator.inject(replaced);
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    let applied = setup.core.apply(plan).await;
    let summary = "The New Audit Trail Token Was Replaced at Once";
    let warning = sole_warning(&applied.diagnostics, summary);
    let ours = setup.get("token_id");
    details(warning, &[ours.as_str().unwrap(), &setup.token().id]);
    applied.expect_ok();
    assert!(!setup.state().tainted);
    assert_eq!(setup.get("status"), "replaced");
}
