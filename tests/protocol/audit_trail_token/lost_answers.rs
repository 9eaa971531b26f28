//! Answers that do not arrive: the secret of a new token is stored, or a diagnostic reports that it is lost.

use serde_json::json;
use tfe_simulator::{Fault, Method};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const LOST: &str = "The Secret of the New Audit Trail Token Was Lost";
const AGAIN: &str = "An Audit Trail Token Was Generated More Than Once";

/// Returns a fault by which the service generates a token and its answer does not arrive.
fn lost() -> Fault {
    Fault::on(Method::POST, "authentication-token").after_change()
}

fn posts(sent: &[String]) -> usize {
    sent.iter().filter(|one| *one == "POST token").count()
}

#[tokio::test]
async fn a_lost_answer_is_followed_by_a_read_and_the_token_is_generated_again_with_a_warning() {
    for fault in [
        lost().cut(),
        lost().status(502),
        lost().html(),
        lost().truncated(),
    ] {
        let which = format!("{fault:?}");
        let mut setup = Setup::new().await;
        setup.simulator.inject(fault);
        let applied = setup.apply(json!({})).await;
        let warning = sole_warning(&applied.diagnostics, AGAIN);
        details(warning, &[ORGANIZATION, &setup.token().id]);
        applied.expect_ok();
        assert_eq!(posts(&setup.applied), 2, "{which}");
        setup.check_current();
    }
}

#[tokio::test]
async fn a_rate_limited_request_is_sent_again_after_its_wait() {
    let mut setup = Setup::new().await;
    let limited = Fault::on(Method::POST, "authentication-token").times(2);
    setup.simulator.inject(limited.status(429));
    setup.apply(json!({})).await.expect_no_diagnostics();
    assert_eq!(posts(&setup.applied), 3);
    setup.check_current();
}

/// Conformance: 55.
#[tokio::test]
async fn a_creation_whose_secret_is_lost_for_good_is_an_error_and_tainted() {
    let mut setup = Setup::new().await;
    setup.simulator.inject(lost().cut().always());
    let applied = setup.apply(json!({})).await;
    let token = setup.token();
    details(applied.expect_error(LOST), &[ORGANIZATION, &token.id]);
    assert_eq!(
        setup.state().json(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "regenerate_triggers": null, "seal_token": null,
            "token": null, "sealed_token": null, "token_id": token.id,
            "created_at": "2026-01-01T00:00:00Z", "secret_version": 1_767_225_600, "status": "secret_lost",
        })
    );
    assert!(setup.state().tainted);

    setup.simulator.clear_faults();
    let applied = setup.apply(json!({})).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, token.id);
    setup.check_current();
}

#[tokio::test]
async fn an_update_whose_secret_is_lost_for_good_is_an_error_and_not_tainted() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    setup.simulator.inject(lost().cut().always());
    let applied = setup.apply(json!({ "expired_at": LATER })).await;
    let token = setup.token();
    assert_ne!(token.id, old.id);
    details(applied.expect_error(LOST), &[ORGANIZATION, &token.id]);
    let mut expected = setup.state().json();
    expected["token"] = json!(null);
    expected["token_id"] = json!(token.id);
    expected["status"] = json!("secret_lost");
    expected["expired_at"] = json!(LATER);
    assert_eq!(setup.state().json(), expected);
    assert!(!setup.state().tainted);
}

#[tokio::test]
async fn the_next_apply_regenerates_a_lost_secret_without_force() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.inject(lost().cut().always());
    let change = json!({ "expired_at": LATER });
    setup.apply(change.clone()).await.expect_error(LOST);
    let lost = setup.token();
    setup.simulator.clear_faults();

    let planned = setup.plan(change.clone()).await;
    let summary = "The Audit Trail Token Is Regenerated";
    let warning = sole_warning(&planned.diagnostics, summary);
    details(
        warning,
        &["the secret of the present one never arrived", &lost.id],
    );
    let plan = planned.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update);
    assert_eq!(plan.get("token"), UNKNOWN);
    assert_eq!(plan.before()["status"], "secret_lost");
    setup.apply(change).await.expect_ok();
    assert_ne!(setup.token().id, lost.id);
    setup.check_current();
}

#[tokio::test]
async fn a_lost_secret_whose_token_was_replaced_since_is_not_regenerated_without_force() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.inject(lost().cut().always());
    let change = json!({ "expired_at": LATER });
    setup.apply(change.clone()).await.expect_error(LOST);
    setup.simulator.clear_faults();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let applied = setup.apply(change).await;
    applied.expect_error("The Audit Trail Token Is Not Managed by This Resource");
    assert_eq!(setup.token().id, elsewhere.id);
    assert_eq!(setup.get("status"), "replaced");
}

#[tokio::test]
async fn an_update_with_an_unknown_result_keeps_the_state_and_reports_it() {
    let mut setup = Setup::created(json!({})).await;
    let (before, old) = (setup.state().json(), setup.token());
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    setup.simulator.inject(lost().cut());
    let blind = Fault::on(Method::GET, "authentication-token").skip(1);
    setup.simulator.inject(blind.always().status(500));
    let applied = setup.core.apply(plan).await;
    let error = applied.expect_error("Unknown Whether an Audit Trail Token Was Generated");
    details(error, &[ORGANIZATION, "plan again"]);
    assert_eq!(setup.state().json(), before);

    // The next plan reports the current token.
    setup.simulator.clear_faults();
    let planned = setup.plan(json!({})).await;
    let warning = planned.expect_warning("The Audit Trail Token Was Replaced");
    details(warning, &[&old.id, &setup.token().id]);
    planned.expect_ok();
}

#[tokio::test]
async fn a_creation_with_an_unknown_result_stores_nothing() {
    let mut setup = Setup::new().await;
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    setup.simulator.inject(lost().cut());
    // The first two reads succeed: the one of the plan within the apply, and the one before the POST.
    let blind = Fault::on(Method::GET, "authentication-token").skip(2);
    setup.simulator.inject(blind.always().status(500));
    let applied = setup.core.apply(plan).await;
    applied.expect_error("Unknown Whether an Audit Trail Token Was Generated");
    assert!(setup.core.state(EXAMPLE).is_none());
}
