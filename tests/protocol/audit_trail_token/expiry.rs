//! Dates: their spellings, and what comes of their passing.

use serde_json::json;
use tfe_simulator::ExpiredToken;
use tfplugin::Path;

use super::{DATE, DAY, LATER, ORGANIZATION, Scene, block, details, sole_warning};
use tfplugin_testing::{Action, UNKNOWN};

const SOON: &str = "The Audit Trail Token Expires Soon";

#[tokio::test]
async fn c58_the_same_instant_spelled_otherwise_is_no_change() {
    let scene = Scene::created(json!({})).await;
    for spelling in [
        "2027-01-01T02:00:00+02:00",
        "2026-12-31T19:00:00-05:00",
        "2027-01-01T00:00:00+00:00",
        "2027-01-01T00:00:00.000Z",
        "2027-01-01T00:00:00.999Z",
    ] {
        let plan = scene
            .plan(json!({ "expired_at": spelling }))
            .await
            .expect_no_diagnostics();
        assert_eq!(plan.action, Action::NoOp, "{spelling}");
        assert_eq!(plan.get("expired_at"), DATE);
    }
}

#[tokio::test]
async fn a_second_more_is_another_instant() {
    let scene = Scene::created(json!({})).await;
    let later = json!({ "expired_at": "2027-01-01T00:00:01Z" });
    let plan = scene.plan(later).await.expect_ok();
    assert_eq!(plan.action, Action::Update);
}

#[tokio::test]
async fn a_past_date_is_an_error_at_expired_at_of_a_plan_that_would_create() {
    let scene = Scene::new().await;
    for past in ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"] {
        let planned = scene.plan(json!({ "expired_at": past })).await;
        let error = planned.expect_error("Invalid Date");
        assert_eq!(error.path(), Some(&Path::of("expired_at")));
        details(error, &[past, "2026-01-01T00:00:00Z now"]);
    }
}

#[tokio::test]
async fn a_past_date_is_an_error_of_a_plan_that_would_regenerate() {
    let scene = Scene::created(json!({ "regenerate_triggers": { "a": "1" } })).await;
    scene.simulator.advance(DAY * 366);
    for change in [
        json!({ "regenerate_triggers": { "a": "2" } }),
        json!({ "regenerate_triggers": { "a": "1" }, "force_regenerate": true }),
        json!({ "regenerate_triggers": { "a": "1" }, "expired_at": "2026-06-01T00:00:00Z" }),
    ] {
        let planned = scene.plan(change).await;
        planned.expect_error("Invalid Date");
    }
}

#[tokio::test]
async fn a_past_date_of_a_token_that_stays_is_a_warning_that_asks_for_a_new_one() {
    let mut scene = Scene::created(json!({})).await;
    scene.simulator.advance(DAY * 366);
    let planned = scene.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, "The Audit Trail Token Is Expired");
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, ORGANIZATION]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(plan.get("status"), "expired");

    let applied = scene.apply(json!({ "expired_at": LATER })).await;
    applied.expect_ok();
    scene.check_alive();
}

#[tokio::test]
async fn removing_the_date_keeps_the_token() {
    let mut scene = Scene::created(json!({})).await;
    let old = scene.token();
    let plan = scene.plan(json!({ "expired_at": null })).await;
    assert_eq!(plan.expect_no_diagnostics().action, Action::NoOp);
    let applied = scene.apply(json!({ "expired_at": null })).await;
    applied.expect_no_diagnostics();
    assert_eq!(scene.token().id, old.id);
    assert_eq!(scene.get("expired_at"), DATE);
}

#[tokio::test]
async fn an_expired_token_whose_date_the_api_chose_is_regenerated() {
    let mut scene = Scene::created(json!({ "expired_at": null })).await;
    let old = scene.token();
    scene.simulator.advance(DAY * 731);
    let planned = scene.plan(json!({ "expired_at": null })).await;
    let summary = "The Audit Trail Token Will Be Regenerated";
    let warning = sole_warning(&planned.diagnostics, summary);
    details(warning, &["the present one is expired", &old.id]);
    let applied = scene.apply(json!({ "expired_at": null })).await;
    applied.expect_ok();
    assert_ne!(scene.token().id, old.id);
    assert_eq!(scene.get("expired_at"), "2030-01-02T00:00:00Z");
    scene.check_alive();
}

#[tokio::test]
async fn an_expired_token_that_the_api_hides_is_gone() {
    let mut scene = Scene::created(json!({ "expired_at": null })).await;
    scene
        .simulator
        .configure(|settings| settings.expired_token = ExpiredToken::Hidden);
    scene.simulator.advance(DAY * 731);
    let applied = scene.apply(json!({ "expired_at": null })).await;
    applied.expect_warning("The Audit Trail Token Is Gone");
    applied.expect_ok();
    scene.check_alive();
}

#[tokio::test]
async fn the_last_fourteen_days_of_a_token_warn() {
    let scene = Scene::created(json!({})).await;
    scene.simulator.advance(DAY * (365 - 14));
    scene.plan(json!({})).await.expect_no_diagnostics();
    scene.simulator.advance(DAY / 2);
    let planned = scene.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, SOON);
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, ORGANIZATION]);
    assert_eq!(planned.expect_ok().action, Action::NoOp);
}

#[tokio::test]
async fn the_last_tenth_of_a_short_life_warns() {
    let short = json!({ "expired_at": "2026-01-11T00:00:00Z" });
    let scene = Scene::created(short.clone()).await;
    scene.simulator.advance(DAY * 9);
    scene.plan(short.clone()).await.expect_no_diagnostics();
    scene.simulator.advance(DAY / 24);
    let planned = scene.plan(short).await;
    sole_warning(&planned.diagnostics, SOON);
    planned.expect_ok();
}

#[tokio::test]
async fn a_date_that_the_api_sets_otherwise_is_a_warning_with_both() {
    let mut scene = Scene::new().await;
    scene
        .simulator
        .configure(|settings| settings.maximum_ttl = Some(DAY * 30));
    let applied = scene.apply(json!({})).await;
    let summary = "The Audit Trail Token Has Another Expiry Than Configured";
    let warning = sole_warning(&applied.diagnostics, summary);
    assert_eq!(warning.path(), Some(&Path::of("expired_at")));
    details(warning, &[DATE, "2026-01-31T00:00:00Z"]);
    applied.expect_ok();
    assert_eq!(scene.get("expired_at"), DATE);
    scene.check_alive();
}

#[tokio::test]
async fn a_token_that_ends_before_its_configured_date_warns_of_its_real_end() {
    // The organization allows its tokens 30 days. The state keeps the configured date, as it must; whoever looked only
    // at that was told nothing before the token died, and a wrong date when it had.
    let mut scene = Scene::new().await;
    scene
        .simulator
        .configure(|settings| settings.maximum_ttl = Some(DAY * 30));
    scene.apply(json!({})).await.expect_ok();
    scene.simulator.advance(DAY * 26);
    scene.plan(json!({})).await.expect_no_diagnostics();
    scene.simulator.advance(DAY * 2);
    let planned = scene.plan(json!({})).await;
    details(
        sole_warning(&planned.diagnostics, SOON),
        &["2026-01-31T00:00:00Z"],
    );
    scene.simulator.advance(DAY * 3);
    let planned = scene.plan(json!({})).await;
    let warning = sole_warning(&planned.diagnostics, "The Audit Trail Token Is Expired");
    details(warning, &["2026-01-31T00:00:00Z"]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(plan.get("status"), "expired");
}

#[tokio::test]
async fn a_date_that_turns_out_to_be_past_changes_nothing() {
    let mut scene = Scene::created(json!({})).await;
    let (before, old) = (scene.state().json(), scene.token());
    let planned = scene.plan(json!({ "expired_at": UNKNOWN })).await;
    let past = block(json!({ "expired_at": "2025-01-01T00:00:00Z" }));
    let applied = scene
        .core
        .apply(planned.expect_ok().with_config(past))
        .await;
    applied.expect_error("Invalid Date");
    assert_eq!(scene.state().json(), before);
    assert_eq!(scene.token().id, old.id);
}

#[tokio::test]
async fn a_saved_plan_that_crosses_the_date_applies() {
    let mut scene = Scene::created(json!({ "expired_at": null })).await;
    let change = json!({ "expired_at": null, "regenerate_triggers": { "a": "1" } });
    let plan = scene.plan(change).await.expect_no_diagnostics();
    scene.simulator.advance(DAY * 731);
    scene.core.apply(plan).await.expect_ok();
    assert_eq!(scene.get("regenerate_triggers"), json!({ "a": "1" }));
}
