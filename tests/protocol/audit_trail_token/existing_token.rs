//! Creating in an organization that has a token already.

use serde_json::json;
use tfe_simulator::Fault;

use super::{DAY, EXAMPLE, ORGANIZATION, Setup, block, details, sole_warning};

/// Returns a setup with the token of somebody else, 30 days old and used on its second day.
async fn setup() -> Setup {
    let setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.simulator.advance(DAY);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(DAY * 29);
    setup
}

#[tokio::test]
async fn the_plan_reports_its_id_age_and_last_use_and_that_the_apply_will_fail() {
    let setup = setup().await;
    let planned = setup.plan(json!({})).await;
    let summary = "An Audit Trail Token Exists Already";
    let warning = sole_warning(&planned.diagnostics, summary);
    let id = setup.token().id;
    details(
        warning,
        &[&id, "30 days old", "2026-01-02T00:00:00Z", "is refused"],
    );
    planned.expect_ok();
}

#[tokio::test]
async fn without_force_regenerate_the_apply_fails_and_advises_what_to_do() {
    let mut setup = setup().await;
    let before = setup.token();
    for force_regenerate in [json!(null), json!(false)] {
        let applied = setup
            .apply(json!({ "force_regenerate": force_regenerate }))
            .await;
        let error = applied.expect_error("An audit trail token already exists");
        details(
            error,
            &[
                "already exists for organization: my-org-name",
                &before.id,
                "force_regenerate = true",
                "import",
            ],
        );
        assert!(!setup.applied.contains(&"POST token".to_owned()));
        assert!(setup.core.state(EXAMPLE).is_none());
        assert_eq!(setup.token().id, before.id);
    }
}

#[tokio::test]
async fn with_force_regenerate_it_is_invalidated_and_the_plan_reports_it() {
    let mut setup = setup().await;
    let before = setup.token();
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let summary = "An Existing Audit Trail Token Is Invalidated";
    let warning = sole_warning(&planned.diagnostics, summary);
    details(
        warning,
        &[&before.id, "30 days old", "2026-01-02T00:00:00Z"],
    );
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_ok();
    setup.check_current();
    assert_ne!(setup.token().id, before.id);
}

#[tokio::test]
async fn a_failed_read_of_it_does_not_fail_the_plan() {
    let everything = || Fault::on_any("/organizations/").always();
    for fault in [
        everything().status(500),
        everything().status(403),
        everything().status(404),
        everything().status(429),
        everything().cut(),
        everything().html(),
        everything().null_data(),
        everything().wrong_shape(),
    ] {
        let setup = setup().await;
        let which = format!("{fault:?}");
        setup.simulator.inject(fault);
        let planned = setup.plan(json!({})).await;
        assert!(
            !planned.diagnostics.has_error(),
            "{which}: {}",
            planned.diagnostics
        );
        let warning = "Unable to Look for an Existing Audit Trail Token";
        sole_warning(&planned.diagnostics, warning);
        planned.expect_ok();
    }
}

/// Such a plan exited with 0, and its apply failed.
#[tokio::test]
async fn a_plan_whose_apply_cannot_succeed_fails() {
    let everything = || Fault::on_any("").always();
    for (fault, says) in [
        (everything().status(401), "does not know the API token"),
        (
            everything().without_header("TFP-AppName"),
            "Only HCP Terraform has audit trail tokens",
        ),
    ] {
        let setup = setup().await;
        setup.simulator.inject(fault);
        check_plan_fails(&setup, says).await;
    }
}

#[tokio::test]
async fn a_plan_for_a_host_that_cannot_be_reached_fails() {
    let mut setup = setup().await;
    setup
        .core
        .provider_config(json!({ "hostname": "localhost:1" }));
    check_plan_fails(&setup, "localhost:1").await;
}

async fn check_plan_fails(setup: &Setup, says: &str) {
    let planned = setup.plan(json!({})).await;
    let error =
        planned.expect_error("Error while checking if an audit token exists for organization");
    details(error, &["Nothing was changed", says]);
    let warnings = planned.diagnostics.iter().filter(|one| {
        one.severity() == tfplugin::Severity::Warning && !one.summary().contains("TFE_TOKEN")
    });
    assert_eq!(warnings.count(), 0, "{}", planned.diagnostics);
}

#[tokio::test]
async fn a_token_that_appears_between_plan_and_apply_is_not_invalidated() {
    let mut setup = Setup::new().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let applied = setup.core.apply(plan).await;
    applied.expect_error("An audit trail token already exists");
    assert!(setup.core.state(EXAMPLE).is_none());
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn nothing_is_generated_if_the_token_cannot_be_read() {
    let mut setup = setup().await;
    let plan = setup
        .plan(json!({ "force_regenerate": true }))
        .await
        .expect_ok();
    setup.sent();
    let unreadable = Fault::on_any("authentication-token").always().status(500);
    setup.simulator.inject(unreadable);
    let applied = setup.core.apply(plan).await;
    applied.expect_error("Error while checking if an audit token exists for organization");
    assert!(!setup.sent().contains(&"POST token".to_owned()));
    assert!(setup.core.state(EXAMPLE).is_none());
}

/// The plan of one object does not know what manages the token: an object that is replaced, was renamed, or is another
/// instance. It said that this configuration does not manage it.
#[tokio::test]
async fn the_warnings_do_not_claim_to_know_who_manages_it() {
    for force_regenerate in [true, false] {
        let setup = Setup::created(json!({ "force_regenerate": true })).await;
        let second = block(json!({ "force_regenerate": force_regenerate }));
        let planned = setup
            .core
            .plan("tfe_audit_trail_token.second", second)
            .await;
        let says = planned.diagnostics.to_string();
        assert!(!says.contains("does not manage"), "{says}");
        let advice = if force_regenerate {
            "before the apply"
        } else {
            "moved block"
        };
        assert!(says.contains(advice), "{says}");
    }
}
