//! Deleting: only the token in the state.

use serde_json::json;
use tfe_simulator::{ExpiredToken, Fault, Method};

use super::{DAY, EXAMPLE, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::ResourceAction;

const LEFT_ALONE: &str = "Another Audit Trail Token Was Left Alone";

/// Conformance: 53.
#[tokio::test]
async fn destroying_deletes_the_token_in_the_state() {
    let mut setup = Setup::unused().await;
    let plan = setup
        .core
        .plan_destroy(EXAMPLE)
        .await
        .expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::Delete);
    setup.core.apply(plan).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    assert!(setup.core.state(EXAMPLE).is_none());
}

#[tokio::test]
async fn another_token_is_left_alone_with_a_warning() {
    let mut setup = Setup::unused().await;
    let ours = setup.token();
    let plan = setup
        .core
        .plan_destroy(EXAMPLE)
        .await
        .expect_no_diagnostics();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.sent();
    let applied = setup.core.apply(plan).await;
    let warning = sole_warning(&applied.diagnostics, LEFT_ALONE);
    details(warning, &[&ours.id, &elsewhere.id]);
    applied.expect_ok();
    assert_eq!(setup.token().id, elsewhere.id);
    assert!(setup.core.state(EXAMPLE).is_none());
}

/// Conformance: 54.
#[tokio::test]
async fn destroying_a_token_that_is_gone_succeeds() {
    let mut setup = Setup::unused().await;
    let plan = setup
        .core
        .plan_destroy(EXAMPLE)
        .await
        .expect_no_diagnostics();
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    setup.core.apply(plan).await.expect_no_diagnostics();
    assert!(setup.core.state(EXAMPLE).is_none());
}

/// Conformance: 56.
#[tokio::test]
async fn a_deletion_that_fails_keeps_the_state() {
    let mut setup = Setup::unused().await;
    let before = setup.state().json();
    let refused = Fault::on(Method::DELETE, "authentication-token").status(403);
    setup.simulator.inject(refused);
    let destroyed = setup.core.destroy(EXAMPLE).await;
    let error = destroyed.expect_error("Error deleting organization audit trail token");
    details(error, &[ORGANIZATION, "the state is kept"]);
    assert_eq!(setup.state().json(), before);
    setup.check_current();
    setup.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn create_before_destroy_without_force_regenerate_fails_and_names_the_argument() {
    let mut setup = Setup::created(json!({})).await;
    let ours = setup.token();
    setup.core.create_before_destroy(EXAMPLE);
    let replaced = setup.core.replace(EXAMPLE, block(json!({}))).await;
    let error = replaced.expect_error("An audit trail token already exists");
    details(error, &["create_before_destroy", "force_regenerate = true"]);
    assert_eq!(setup.token().id, ours.id);
    setup.check_current();
    assert_eq!(setup.core.deposed(EXAMPLE), []);
}

#[tokio::test]
async fn create_before_destroy_with_force_regenerate_keeps_the_new_token() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let old = setup.token();
    setup.core.create_before_destroy(EXAMPLE);
    let forced = block(json!({ "force_regenerate": true }));
    let plan = setup.core.plan_replace(EXAMPLE, forced).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::CreateThenDelete);
    setup.sent();
    let applied = setup.core.apply(plan).await;
    applied.expect_ok();
    assert!(!setup.sent().contains(&"DELETE token".to_owned()));
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
    assert_eq!(setup.core.deposed(EXAMPLE), []);
    let next = setup.plan(json!({ "force_regenerate": true })).await;
    assert_eq!(next.expect_ok().action, ResourceAction::NoOp);
}

/// The new token invalidated the old one. A request about it could only fail: then the apply failed, said that the old token
/// "may still be alive", and left a deposed object behind.
#[tokio::test]
async fn after_create_before_destroy_the_deletion_sends_nothing() {
    let forced = block(json!({ "force_regenerate": true }));
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    setup.core.create_before_destroy(EXAMPLE);
    let plan = setup.core.plan_replace(EXAMPLE, forced).await.expect_ok();
    setup.sent();
    // The third GET confirms the new token.
    let refused = Fault::on(Method::GET, "authentication-token").skip(3);
    setup.simulator.inject(refused.always().status(401));
    setup.core.apply(plan).await.expect_ok();
    let sent = setup.sent();
    let reads = sent.iter().filter(|one| *one == "GET token").count();
    assert_eq!(reads, 3, "{sent:?}");
    setup.check_current();
    assert_eq!(setup.core.deposed(EXAMPLE), []);
}

/// The apply has deleted the token before. The error did not say that nobody can read the audit trail now.
#[tokio::test]
async fn a_replacement_whose_creation_fails_says_that_there_is_no_token() {
    let mut setup = Setup::unused().await;
    let later = block(json!({ "expired_at": LATER }));
    let plan = setup.core.plan_replace(EXAMPLE, later).await.expect_ok();
    let refused = Fault::on(Method::POST, "authentication-token").status(422);
    setup.simulator.inject(refused);
    let applied = setup.core.apply(plan).await;
    let error = applied.expect_error("Unable to create organization audit trail token");
    details(error, &["it has no audit trail token now"]);
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn replacing_deletes_and_creates_and_the_plan_does_not_warn_of_the_objects_own_token() {
    let mut setup = Setup::created(json!({})).await;
    let planned = setup.core.plan_replace(EXAMPLE, block(json!({}))).await;
    setup.replace_silently(planned).await;
}

#[tokio::test]
async fn create_before_destroy_for_another_organization_needs_no_force_regenerate() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.add_organization("other-org-name");
    setup.core.create_before_destroy(EXAMPLE);
    let other = block(json!({ "organization": "other-org-name" }));
    setup.core.apply_config(EXAMPLE, other).await;
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    let new = setup.simulator.audit_trail_token("other-org-name").unwrap();
    assert_eq!(setup.get("token"), new.secret.expose());
    assert_eq!(setup.core.deposed(EXAMPLE), []);
}

#[tokio::test]
async fn an_expired_token_is_destroyed_even_if_the_api_hides_it() {
    for shown in [ExpiredToken::Shown, ExpiredToken::Hidden] {
        let mut setup = Setup::unused().await;
        let plan = setup
            .core
            .plan_destroy(EXAMPLE)
            .await
            .expect_no_diagnostics();
        setup.simulator.advance(DAY * 366);
        setup
            .simulator
            .configure(|settings| settings.expired_token = shown);
        setup.core.apply(plan).await.expect_no_diagnostics();
        assert!(setup.core.state(EXAMPLE).is_none(), "{shown:?}");
    }
}
