//! "Not found" has many reasons, of which only one is that the token is gone.

use serde_json::json;
use tfe_simulator::{Access, Fault, Method};

use super::{EXAMPLE, ORGANIZATION, OWNER, Setup, details};
use tfplugin_testing::{ResourceAction, StoredObject};

const NOT_READ: &str = "Error reading Organization Audit Trail Token";

/// Demands that a refresh fails with an error that contains these words, and that the state is kept.
async fn check_kept(setup: &mut Setup, before: &StoredObject, words: &[&str]) {
    let refreshed = setup.core.refresh(EXAMPLE).await;
    details(refreshed.expect_error(NOT_READ), words);
    assert_eq!(setup.state(), before);
    let planned = setup.plan(json!({})).await;
    planned.expect_error(NOT_READ);
}

#[tokio::test]
async fn an_organization_that_is_not_found_keeps_the_state_and_advises_what_to_do_after_a_rename() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    let words = ["renamed", "\"organization\" and \"id\" in the state"];
    setup.simulator.hide_organization(ORGANIZATION);
    check_kept(&mut setup, &before, &words).await;
}

#[tokio::test]
async fn the_advice_after_a_rename_keeps_the_token() {
    let mut setup = Setup::created(json!({})).await;
    setup
        .simulator
        .rename_organization(ORGANIZATION, "new-org-name");
    let mut edited = setup.state().clone();
    edited.attributes = edited.attributes.replace(ORGANIZATION, "new-org-name");
    setup.core.set_state(EXAMPLE, edited);
    let plan = setup.plan(json!({ "organization": "new-org-name" })).await;
    assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::NoOp);
}

#[tokio::test]
async fn a_missing_permission_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    setup
        .simulator
        .set_access(OWNER, ORGANIZATION, Access::Views);
    check_kept(&mut setup, &before, &["may manage its tokens"]).await;
}

#[tokio::test]
async fn a_permission_that_is_not_stated_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    setup
        .simulator
        .set_access(OWNER, ORGANIZATION, Access::ManagesUnstated);
    setup.plan(json!({})).await.expect_no_diagnostics();
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    check_kept(&mut setup, &before, &["may manage its tokens"]).await;
}

#[tokio::test]
async fn an_organization_that_cannot_be_read_keeps_the_state() {
    let organization = || {
        Fault::on(Method::GET, "/organizations/my-org-name")
            .skip(1)
            .always()
    };
    for fault in [
        organization().status(500),
        organization().status(403),
        organization().html(),
        organization().cut(),
    ] {
        let mut setup = Setup::created(json!({})).await;
        let before = setup.state().clone();
        setup.simulator.revoke_elsewhere(ORGANIZATION);
        setup.simulator.inject(fault);
        let refreshed = setup.core.refresh(EXAMPLE).await;
        refreshed.expect_error(NOT_READ);
        assert_eq!(setup.state(), &before);
    }
}

#[tokio::test]
async fn an_invalid_api_token_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    setup.simulator.remove_caller(OWNER);
    check_kept(&mut setup, &before, &["does not know the API token"]).await;
}

#[tokio::test]
async fn without_the_entitlement_a_token_is_read_and_deleted_and_not_regenerated() {
    let mut setup = Setup::unused().await;
    setup.simulator.withdraw_audit_logging(ORGANIZATION);
    setup.plan(json!({})).await.expect_no_diagnostics();
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    let error = applied.expect_error("Unable to create organization audit trail token");
    details(error, &["does not include audit logging"]);
    setup.check_current();
    setup.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn a_destroy_without_the_permission_fails_and_keeps_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let plan = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
    let before = setup.state().json();
    setup
        .simulator
        .set_access(OWNER, ORGANIZATION, Access::Views);
    let applied = setup.core.apply(plan).await;
    applied.expect_error("Error deleting organization audit trail token");
    assert_eq!(setup.state().json(), before);
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_some());
}
