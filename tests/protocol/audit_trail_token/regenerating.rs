//! Regenerating: a new token replaces the one in the state.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method};

use super::{DATE, DAY, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const WARNING: &str = "The Audit Trail Token Is Regenerated";

/// Demands that a change of the arguments from `before` to `after` regenerates the token in place.
async fn check(before: Json, after: Json) {
    let mut setup = Setup::created(before).await;
    let old = setup.token();
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(DAY);

    let planned = setup.plan(after.clone()).await;
    let warning = sole_warning(&planned.diagnostics, WARNING);
    details(warning, &[&old.id, "last used 2026-01-01T00:00:00Z"]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update, "{after}");
    for attribute in [
        "token",
        "token_id",
        "created_at",
        "secret_version",
        "status",
    ] {
        assert_eq!(plan.get(attribute), UNKNOWN, "{attribute} for {after}");
    }
    assert_eq!(plan.get("sealed_token"), json!(null), "{after}");
    assert_eq!(setup.sent(), ["GET token"], "{after}");

    setup.apply(after.clone()).await.expect_ok();
    assert_ne!(setup.token().id, old.id, "{after}");
    setup.check_current();
}

/// Demands that a change of the arguments from `before` to `after` changes only the state.
async fn check_kept(before: Json, after: Json) {
    let mut setup = Setup::created(before).await;
    let old = setup.token();
    setup.simulator.advance(DAY);
    setup.apply(after.clone()).await.expect_no_diagnostics();
    assert_eq!(setup.applied, Vec::<String>::new(), "{after}");
    assert_eq!(setup.token().id, old.id, "{after}");
    setup.check_current();
}

#[tokio::test]
async fn another_date_regenerates_in_place() {
    check(json!({}), json!({ "expired_at": LATER })).await;
    check(
        json!({ "expired_at": null }),
        json!({ "expired_at": LATER }),
    )
    .await;
}

#[tokio::test]
async fn force_regenerate_becoming_true_regenerates_in_place() {
    check(json!({}), json!({ "force_regenerate": true })).await;
    check(
        json!({ "force_regenerate": false }),
        json!({ "force_regenerate": true }),
    )
    .await;
}

#[tokio::test]
async fn a_changed_trigger_regenerates_in_place() {
    check(
        json!({ "regenerate_triggers": { "a": "1", "b": "1" } }),
        json!({ "regenerate_triggers": { "a": "1", "b": "2" } }),
    )
    .await;
}

#[tokio::test]
async fn setting_or_removing_a_trigger_keeps_the_token() {
    let none = json!({});
    let one = json!({ "regenerate_triggers": { "a": "1" } });
    let two = json!({ "regenerate_triggers": { "a": "1", "b": "1" } });
    let null = json!({ "regenerate_triggers": { "a": null } });
    for (before, after) in [
        (&none, &one),
        (&one, &two),
        (&two, &one),
        (&one, &none),
        (&one, &null),
        (&null, &one),
    ] {
        check_kept(before.clone(), after.clone()).await;
    }
}

#[tokio::test]
async fn the_plan_of_a_regeneration_without_a_configured_date_has_an_unknown_date() {
    let setup =
        Setup::created(json!({ "expired_at": null, "regenerate_triggers": { "a": "1" } })).await;
    let plan = setup
        .plan(json!({ "expired_at": null, "regenerate_triggers": { "a": "2" } }))
        .await
        .expect_ok();
    assert_eq!(
        plan.after(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": UNKNOWN,
            "force_regenerate": null, "regenerate_triggers": { "a": "2" }, "seal_token": null,
            "token": UNKNOWN, "sealed_token": null, "token_id": UNKNOWN,
            "created_at": UNKNOWN, "secret_version": UNKNOWN, "status": UNKNOWN,
        })
    );
}

/// Conformance: 50.
#[tokio::test]
async fn a_plan_without_a_regeneration_keeps_all_known_values() {
    let setup = Setup::created(json!({})).await;
    let plan = setup
        .plan(json!({ "force_regenerate": false, "regenerate_triggers": { "a": "1" } }))
        .await
        .expect_no_diagnostics();
    let mut expected = setup.state().json();
    expected["force_regenerate"] = json!(false);
    expected["regenerate_triggers"] = json!({ "a": "1" });
    assert_eq!(plan.after(), expected);
}

#[tokio::test]
async fn a_plan_without_a_change_is_one_request() {
    let setup = Setup::created(json!({})).await;
    setup.sent();
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(setup.sent(), ["GET token"]);
}

#[tokio::test]
async fn an_unknown_date_that_becomes_the_same_changes_nothing() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    let planned = setup.plan(json!({ "expired_at": UNKNOWN })).await;
    let warning = sole_warning(&planned.diagnostics, WARNING);
    details(warning, &["\"expired_at\" is not known yet", &old.id]);
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update);
    setup.sent();
    let same = block(json!({ "expired_at": "2027-01-01T01:00:00+01:00" }));
    setup
        .core
        .apply(plan.with_config(same))
        .await
        .expect_no_diagnostics();
    assert_eq!(setup.sent(), Vec::<String>::new());
    assert_eq!(setup.token().id, old.id);
    assert_eq!(setup.get("expired_at"), DATE);
    setup.check_current();
}

#[tokio::test]
async fn an_unknown_date_or_trigger_that_becomes_another_regenerates() {
    for (argument, before, after) in [
        ("expired_at", json!(DATE), json!(LATER)),
        (
            "regenerate_triggers",
            json!({ "a": "1" }),
            json!({ "a": "2" }),
        ),
    ] {
        let mut setup = Setup::created(json!({ argument: before })).await;
        let old = setup.token();
        let planned = setup.plan(json!({ argument: UNKNOWN })).await;
        let plan = planned
            .expect_ok()
            .with_config(block(json!({ argument: after })));
        setup.core.apply(plan).await.expect_ok();
        assert_ne!(setup.token().id, old.id);
        setup.check_current();
    }
}

#[tokio::test]
async fn a_failed_update_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let (old, before) = (setup.token(), setup.state().clone());
    let post = || Fault::on(Method::POST, "authentication-token");
    let not_created = "Unable to create organization audit trail token";
    let unknown = "Unknown Whether an Audit Trail Token Was Generated";
    for (refused, summary) in [
        (post().status(422), not_created),
        (post().status(403), not_created),
        // The service has not executed it, but the provider cannot know that: it reads the token, and sends the POST
        // again.
        (post().times(2).status(502), unknown),
    ] {
        setup.simulator.inject(refused);
        let applied = setup.apply(json!({ "force_regenerate": true })).await;
        applied.expect_error(summary);
        assert_eq!(setup.simulator.faults_left(), 0);
        assert_eq!(setup.state().json(), before.json());
        assert_eq!(setup.token().id, old.id);
        setup.check_current();
    }
    let again = setup.apply(json!({ "force_regenerate": true })).await;
    again.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

#[tokio::test]
async fn a_failed_read_before_an_update_generates_nothing() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    setup.sent();
    let unreadable = Fault::on_any("authentication-token").always().status(500);
    setup.simulator.inject(unreadable);
    let applied = setup.core.apply(plan).await;
    applied.expect_error("Error while checking if an audit token exists for organization");
    assert!(!setup.sent().contains(&"POST token".to_owned()));
    assert_eq!(setup.state().json(), before.json());
}

#[tokio::test]
async fn a_token_that_is_gone_at_apply_is_generated_again() {
    let mut setup = Setup::created(json!({})).await;
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    setup.core.apply(plan).await.expect_ok();
    setup.check_current();
}
