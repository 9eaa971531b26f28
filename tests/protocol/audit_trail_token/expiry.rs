//! `expired_at`: the formats of a date, and what happens when it passes.

use serde_json::json;
use tfe_simulator::ExpiredToken;
use tfplugin::Path;

use super::{DATE, DAY, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const SOON: &str = "The Audit Trail Token Expires Soon";

#[tokio::test]
async fn c58_the_same_instant_in_another_format_is_no_change() {
    let setup = Setup::created(json!({})).await;
    for spelling in [
        "2027-01-01T02:00:00+02:00",
        "2026-12-31T19:00:00-05:00",
        "2027-01-01T00:00:00+00:00",
        "2027-01-01T00:00:00.000Z",
        "2027-01-01T00:00:00.999Z",
    ] {
        let plan = setup
            .plan(json!({ "expired_at": spelling }))
            .await
            .expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::NoOp, "{spelling}");
        assert_eq!(plan.get("expired_at"), DATE);
    }
}

#[tokio::test]
async fn a_date_one_second_later_is_a_change() {
    let setup = Setup::created(json!({})).await;
    let later = json!({ "expired_at": "2027-01-01T00:00:01Z" });
    let plan = setup.plan(later).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update);
}

#[tokio::test]
async fn a_past_date_is_an_error_at_expired_at_of_a_plan_that_would_create() {
    let setup = Setup::new().await;
    for past in ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"] {
        let planned = setup.plan(json!({ "expired_at": past })).await;
        let error = planned.expect_error("Invalid Date");
        assert_eq!(error.path(), Some(&Path::of("expired_at")));
        details(error, &[past, "2026-01-01T00:00:00Z now"]);
    }
}

#[tokio::test]
async fn a_past_date_is_an_error_of_a_plan_that_would_regenerate() {
    let setup = Setup::created(json!({ "regenerate_triggers": { "a": "1" } })).await;
    setup.simulator.advance(DAY * 366);
    for change in [
        json!({ "regenerate_triggers": { "a": "2" } }),
        json!({ "regenerate_triggers": { "a": "1" }, "force_regenerate": true }),
        json!({ "regenerate_triggers": { "a": "1" }, "expired_at": "2026-06-01T00:00:00Z" }),
    ] {
        let planned = setup.plan(change).await;
        planned.expect_error("Invalid Date");
    }
}

#[tokio::test]
async fn a_past_date_of_a_kept_token_is_a_warning_that_asks_for_a_new_date() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY * 366);
    let planned = setup.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, "The Audit Trail Token Is Expired");
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, ORGANIZATION]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.get("status"), "expired");

    let applied = setup.apply(json!({ "expired_at": LATER })).await;
    applied.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn removing_the_date_keeps_the_token() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    let plan = setup.plan(json!({ "expired_at": null })).await;
    assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::NoOp);
    let applied = setup.apply(json!({ "expired_at": null })).await;
    applied.expect_no_diagnostics();
    assert_eq!(setup.token().id, old.id);
    assert_eq!(setup.get("expired_at"), DATE);
}

#[tokio::test]
async fn an_expired_token_whose_date_the_api_set_is_regenerated() {
    let mut setup = Setup::created(json!({ "expired_at": null })).await;
    let old = setup.token();
    setup.simulator.advance(DAY * 731);
    let planned = setup.plan(json!({ "expired_at": null })).await;
    let summary = "The Audit Trail Token Is Regenerated";
    let warning = sole_warning(&planned.diagnostics, summary);
    details(warning, &["the present one is expired", &old.id]);
    let applied = setup.apply(json!({ "expired_at": null })).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, old.id);
    assert_eq!(setup.get("expired_at"), "2030-01-02T00:00:00Z");
    setup.check_current();
}

#[tokio::test]
async fn an_expired_token_that_the_api_hides_is_gone() {
    let mut setup = Setup::created(json!({ "expired_at": null })).await;
    setup
        .simulator
        .configure(|settings| settings.expired_token = ExpiredToken::Hidden);
    setup.simulator.advance(DAY * 731);
    let applied = setup.apply(json!({ "expired_at": null })).await;
    applied.expect_warning("The Audit Trail Token Is Gone");
    applied.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn the_last_fourteen_days_of_a_token_warn() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY * (365 - 14));
    setup.plan(json!({})).await.expect_no_diagnostics();
    setup.simulator.advance(DAY / 2);
    let planned = setup.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, SOON);
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, ORGANIZATION]);
    assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);
}

#[tokio::test]
async fn the_last_tenth_of_a_short_lived_token_warns() {
    let short = json!({ "expired_at": "2026-01-11T00:00:00Z" });
    let setup = Setup::created(short.clone()).await;
    setup.simulator.advance(DAY * 9);
    setup.plan(short.clone()).await.expect_no_diagnostics();
    setup.simulator.advance(DAY / 24);
    let planned = setup.plan(short).await;
    sole_warning(&planned.diagnostics, SOON);
    planned.expect_ok();
}

#[tokio::test]
async fn a_date_that_the_api_changes_is_a_warning_with_both_dates() {
    let mut setup = Setup::new().await;
    setup
        .simulator
        .configure(|settings| settings.maximum_ttl = Some(DAY * 30));
    let applied = setup.apply(json!({})).await;
    let summary = "The Audit Trail Token Has Another Expiry Than Configured";
    let warning = sole_warning(&applied.diagnostics, summary);
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, "2026-01-31T00:00:00Z"]);
    applied.expect_ok();
    assert_eq!(setup.get("expired_at"), DATE);
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_ends_before_its_configured_date_warns_of_its_real_end() {
    // The organization limits its tokens to 30 days. The state keeps the configured date, as Terraform demands. A check
    // of that date alone gave no warning before the token expired, and reported a wrong date after it.
    let mut setup = Setup::new().await;
    setup
        .simulator
        .configure(|settings| settings.maximum_ttl = Some(DAY * 30));
    setup.apply(json!({})).await.expect_ok();
    setup.simulator.advance(DAY * 26);
    setup.plan(json!({})).await.expect_no_diagnostics();
    setup.simulator.advance(DAY * 2);
    let planned = setup.plan(json!({})).await;
    details(
        sole_warning(&planned.diagnostics, SOON),
        &["2026-01-31T00:00:00Z"],
    );
    setup.simulator.advance(DAY * 3);
    let planned = setup.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, "The Audit Trail Token Is Expired");
    details(warning, &["2026-01-31T00:00:00Z"]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.get("status"), "expired");
}

#[tokio::test]
async fn an_unknown_date_that_becomes_a_past_one_changes_nothing() {
    let mut setup = Setup::created(json!({})).await;
    let (before, old) = (setup.state().json(), setup.token());
    let planned = setup.plan(json!({ "expired_at": UNKNOWN })).await;
    let past = block(json!({ "expired_at": "2025-01-01T00:00:00Z" }));
    let applied = setup
        .core
        .apply(planned.expect_ok().with_config(past))
        .await;
    applied.expect_error("Invalid Date");
    assert_eq!(setup.state().json(), before);
    assert_eq!(setup.token().id, old.id);
}

#[tokio::test]
async fn a_saved_plan_that_crosses_the_date_applies() {
    let mut setup = Setup::created(json!({ "expired_at": null })).await;
    let change = json!({ "expired_at": null, "regenerate_triggers": { "a": "1" } });
    let plan = setup.plan(change).await.expect_no_diagnostics();
    setup.simulator.advance(DAY * 731);
    setup.core.apply(plan).await.expect_ok();
    assert_eq!(setup.get("regenerate_triggers"), json!({ "a": "1" }));
}
