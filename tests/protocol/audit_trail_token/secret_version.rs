//! `secret_version`, which the `…_wo_version` of a consumer gets.

use serde_json::json;

use super::{DATE, DAY, EXAMPLE, LATER, ORGANIZATION, Setup};
use tfplugin_testing::{Plan, ResourceAction, StoredObject, UNKNOWN};

const FIRST: i64 = 1_767_225_600;

/// Replaces the object in the state by one that was written before there was a `secret_version`.
fn forget_version(setup: &mut Setup) {
    let mut attributes = setup.state().json();
    attributes
        .as_object_mut()
        .expect("an object")
        .remove("secret_version")
        .expect("a version");
    let state = StoredObject {
        attributes: attributes.to_string(),
        ..setup.state().clone()
    };
    setup.core.set_state(EXAMPLE, state);
}

#[track_caller]
fn check_no_change(plan: &Plan) {
    assert_eq!(plan.action, ResourceAction::NoOp, "{}", plan.after());
}

#[tokio::test]
async fn the_version_changes_with_every_new_secret() {
    let mut setup = Setup::created(json!({})).await;
    assert_eq!(setup.get("secret_version"), FIRST);
    for (days, more) in [
        (1, json!({ "expired_at": LATER })),
        (2, json!({ "expired_at": LATER, "force_regenerate": true })),
    ] {
        setup.simulator.advance(DAY);
        let plan = setup.plan(more.clone()).await.expect_ok();
        assert_eq!(plan.get("secret_version"), UNKNOWN);
        setup.apply(more).await.expect_ok();
        assert_eq!(setup.get("secret_version"), FIRST + days * 24 * 60 * 60);
    }
}

/// The consumer kept a secret that was not valid any more.
#[tokio::test]
async fn secrets_of_one_second_have_different_versions() {
    let mut setup = Setup::created(json!({})).await;
    for more in [
        json!({ "force_regenerate": true }),
        json!({ "force_regenerate": true, "expired_at": LATER }),
    ] {
        let before = setup.get("secret_version");
        setup.apply(more).await.expect_ok();
        assert_ne!(setup.get("secret_version"), before);
        setup.check_current();
    }
}

#[tokio::test]
async fn the_version_stays_while_the_secret_stays() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY);
    for more in [
        json!({ "regenerate_triggers": { "a": "1" } }),
        json!({ "force_regenerate": false }),
        json!({ "expired_at": "2027-01-01T01:00:00+01:00" }),
    ] {
        let plan = setup.plan(more.clone()).await.expect_ok();
        assert_eq!(plan.get("secret_version"), FIRST, "{more}");
        setup.apply(more).await.expect_ok();
        assert_eq!(setup.get("secret_version"), FIRST);
    }
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    assert_eq!(setup.get("status"), "replaced");
    assert_eq!(setup.get("secret_version"), FIRST);
}

/// A consumer of an imported token would otherwise be written again, with null.
#[tokio::test]
async fn the_version_of_an_imported_token_is_known_and_stays_when_the_token_is_followed() {
    let mut setup = Setup::imported_until(DATE).await;
    assert_eq!(setup.get("secret_version"), FIRST);

    let until = DATE.parse().unwrap();
    setup.simulator.advance(DAY);
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    assert_eq!(setup.get("created_at"), "2026-01-02T00:00:00Z");
    assert_eq!(setup.get("secret_version"), FIRST);

    setup.simulator.advance(DAY);
    setup
        .apply(json!({ "force_regenerate": true }))
        .await
        .expect_ok();
    assert_eq!(setup.get("secret_version"), FIRST + 2 * 24 * 60 * 60);
}

#[tokio::test]
async fn a_state_without_a_version_gets_one_when_it_is_read() {
    let mut setup = Setup::created(json!({})).await;
    forget_version(&mut setup);
    check_no_change(&setup.plan(json!({})).await.expect_no_diagnostics());
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("secret_version"), FIRST);
    check_no_change(&setup.plan(json!({})).await.expect_no_diagnostics());
}

/// As with `-refresh=false`.
#[tokio::test]
async fn a_state_without_a_version_plans_no_change_without_a_read() {
    let mut setup = Setup::created(json!({})).await;
    forget_version(&mut setup);
    setup.core.provider_config(json!({ "token": UNKNOWN }));
    for _ in 0..2 {
        check_no_change(&setup.plan(json!({})).await.expect_no_diagnostics());
    }
}
