//! `force_regenerate`: it works when it becomes true, and only then.

use serde_json::json;

use super::{EXAMPLE, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const REFUSED: &str = "The Audit Trail Token Is Not Managed by This Resource";
const WILL_REFUSE: &str = "Applying This Plan Will Be Refused";

#[tokio::test]
async fn force_regenerate_that_stays_true_changes_nothing() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let old = setup.token();
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::NoOp);
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_no_diagnostics();
    assert_eq!(setup.token().id, old.id);
}

#[tokio::test]
async fn force_regenerate_becoming_false_or_null_changes_only_the_state() {
    for less in [json!(false), json!(null)] {
        let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
        let old = setup.token();
        let applied = setup.apply(json!({ "force_regenerate": less })).await;
        applied.expect_no_diagnostics();
        assert_eq!(setup.applied, Vec::<String>::new());
        assert_eq!(setup.get("force_regenerate"), less);
        assert_eq!(setup.token().id, old.id);
        setup.check_current();
    }
}

#[tokio::test]
async fn force_regenerate_that_is_removed_and_set_again_regenerates_again() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let old = setup.token();
    setup.apply(json!({})).await.expect_no_diagnostics();
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

#[tokio::test]
async fn force_regenerate_becoming_true_invalidates_the_token_of_somebody_else() {
    let mut setup = Setup::created(json!({})).await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let warning = planned.expect_warning("The Audit Trail Token Is Regenerated");
    details(warning, &["force_regenerate becomes true", &elsewhere.id]);
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, elsewhere.id);
    setup.check_current();
}

#[tokio::test]
async fn the_apply_names_the_token_that_it_invalidates_if_the_plan_could_not() {
    let mut setup = Setup::created(json!({})).await;
    let ours = setup.token();
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    let plan = plan.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let used = setup.simulator.now();
    setup.simulator.use_token(ORGANIZATION, used);
    let applied = setup.core.apply(plan).await;
    let warning = applied.expect_warning("Another Audit Trail Token Was Invalidated");
    let named = [&*ours.id, &*elsewhere.id, "last used 2026-01-01T00:00:00Z"];
    details(warning, &named);
    applied.expect_ok();
    setup.check_current();

    // There is no warning if the token is the one in the state.
    setup.apply(json!({})).await.expect_no_diagnostics();
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    let applied = setup.core.apply(plan.expect_ok()).await;
    let of_the_plan = "The Audit Trail Token Is Regenerated";
    sole_warning(&applied.diagnostics, of_the_plan);
    applied.expect_ok();
}

#[tokio::test]
async fn force_regenerate_that_was_true_before_refuses_the_update_and_advises_replace() {
    let forced = json!({ "force_regenerate": true });
    let mut setup = Setup::created(forced.clone()).await;
    let ours = setup.token();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);

    let planned = setup.plan(forced.clone()).await;
    details(planned.expect_warning(REFUSED), &["-replace"]);
    let applied = setup.apply(forced.clone()).await;
    let error = applied.expect_error(REFUSED);
    details(error, &[&ours.id, &elsewhere.id, "-replace"]);
    assert_eq!(setup.token().id, elsewhere.id);

    let replaced = setup.core.replace(EXAMPLE, block(forced.clone())).await;
    let invalidated = "An Existing Audit Trail Token Is Invalidated";
    details(replaced.expect_warning(invalidated), &[&elsewhere.id]);
    replaced.expect_ok();
    setup.check_current();
    assert_ne!(setup.token().id, elsewhere.id);
    assert_eq!(
        setup.plan(forced).await.expect_ok().action,
        ResourceAction::NoOp
    );
}

#[tokio::test]
async fn a_refused_update_records_force_regenerate_so_that_setting_it_again_works() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let ours = setup.token();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);

    let refused = setup.apply(json!({ "expired_at": LATER })).await;
    let error = refused.expect_error(REFUSED);
    details(error, &[&ours.id, &elsewhere.id, "force_regenerate = true"]);
    assert_eq!(setup.token().id, elsewhere.id);
    let mut expected = setup.state().json();
    expected["force_regenerate"] = json!(null);
    expected["token"] = json!(ours.secret.expose());
    expected["token_id"] = json!(ours.id);
    expected["status"] = json!("replaced");
    expected["expired_at"] = json!("2027-01-01T00:00:00Z");
    assert_eq!(setup.state().json(), expected);
    assert!(!setup.state().tainted);

    let set_again = json!({ "expired_at": LATER, "force_regenerate": true });
    setup.apply(set_again).await.expect_ok();
    assert_ne!(setup.token().id, elsewhere.id);
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_somebody_generates_between_plan_and_apply_is_not_invalidated() {
    let mut setup = Setup::created(json!({})).await;
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let applied = setup.core.apply(plan).await;
    let error = applied.expect_error(REFUSED);
    details(error, &[&elsewhere.id]);
    assert_eq!(setup.token().id, elsewhere.id);

    // The next plan knows it.
    let planned = setup.plan(json!({ "expired_at": LATER })).await;
    let warning = planned.expect_warning("The Audit Trail Token Was Replaced");
    details(warning, &[&elsewhere.id]);
    planned.expect_ok();
}

#[tokio::test]
async fn a_replaced_token_is_not_regenerated_without_force_regenerate_and_the_plan_reports_it() {
    let mut setup = Setup::created(json!({})).await;
    let ours = setup.token();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    let planned = setup.plan(json!({})).await;
    let warning = planned.expect_warning(WILL_REFUSE);
    let words = ["force_regenerate = true", "remove the resource"];
    details(
        warning,
        &[&words[..], &[&*ours.id, &*elsewhere.id]].concat(),
    );
    assert_eq!(planned.expect_ok().action, ResourceAction::Update);
    let applied = setup.apply(json!({})).await;
    applied.expect_error(REFUSED);
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn an_unknown_force_regenerate_works_as_its_final_value() {
    for (value, regenerates) in [
        (json!(true), true),
        (json!(false), false),
        (json!(null), false),
    ] {
        let mut setup = Setup::created(json!({})).await;
        let old = setup.token();
        let planned = setup.plan(json!({ "force_regenerate": UNKNOWN })).await;
        let warning = planned.expect_warning("The Audit Trail Token Is Regenerated");
        details(warning, &["\"force_regenerate\" is not known yet"]);
        let known = block(json!({ "force_regenerate": value }));
        let plan = planned.expect_ok().with_config(known);
        setup.core.apply(plan).await.expect_ok();
        assert_eq!(setup.token().id != old.id, regenerates, "{value}");
        assert_eq!(setup.get("force_regenerate"), value);
        setup.check_current();
    }
}

#[tokio::test]
async fn plan_and_apply_give_the_same_advice_where_force_regenerate_is_removed() {
    // The plan advised -replace, because force_regenerate was true in the state, although the configuration no longer
    // had it: that fails with "An audit trail token already exists".
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let planned = setup.plan(json!({})).await;
    let warning = planned.expect_warning(WILL_REFUSE);
    details(warning, &["set force_regenerate = true"]);
    assert!(!warning.detail().contains("-replace"), "{warning}");
    let applied = setup.core.apply(planned.expect_ok()).await;
    let error = applied.expect_error(REFUSED);
    details(error, &["set force_regenerate = true"]);
    assert!(!error.detail().contains("-replace"), "{error}");
}
