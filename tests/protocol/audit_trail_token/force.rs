//! `force_regenerate`: it works when it becomes true, and only then.

use serde_json::json;

use super::{EXAMPLE, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{ResourceAction, UNKNOWN};

const REFUSED: &str = "The Audit Trail Token Is Not Managed by This Resource";
const WILL_REFUSE: &str = "Applying This Plan Will Be Refused";

#[tokio::test]
async fn that_it_stays_true_does_nothing() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let old = setup.token();
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    assert_eq!(plan.expect_no_diagnostics().action, ResourceAction::NoOp);
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_no_diagnostics();
    assert_eq!(setup.token().id, old.id);
}

#[tokio::test]
async fn becoming_false_or_away_changes_the_state_only() {
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
async fn taken_away_and_set_anew_it_regenerates_again() {
    let mut setup = Setup::created(json!({ "force_regenerate": true })).await;
    let old = setup.token();
    setup.apply(json!({})).await.expect_no_diagnostics();
    let anew = setup.apply(json!({ "force_regenerate": true })).await;
    anew.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_somebody_else_made_is_invalidated_when_it_becomes_true() {
    let mut setup = Setup::created(json!({})).await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let warning = planned.expect_warning("The Audit Trail Token Will Be Regenerated");
    details(warning, &["force_regenerate becomes true", &elsewhere.id]);
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, elsewhere.id);
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_the_plan_could_not_name_is_named_by_the_apply_that_invalidates_it() {
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

    // Where the token is the one in the state, there is nothing to tell.
    setup.apply(json!({})).await.expect_no_diagnostics();
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    let applied = setup.core.apply(plan.expect_ok()).await;
    let of_the_plan = "The Audit Trail Token Will Be Regenerated";
    sole_warning(&applied.diagnostics, of_the_plan);
    applied.expect_ok();
}

#[tokio::test]
async fn where_it_stands_already_an_update_is_refused_and_replace_is_the_way_out() {
    let forced = json!({ "force_regenerate": true });
    let mut setup = Setup::created(forced.clone()).await;
    let ours = setup.token();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);

    let planned = setup.plan(forced.clone()).await;
    details(planned.expect_warning(WILL_REFUSE), &["-replace"]);
    let applied = setup.apply(forced.clone()).await;
    let error = applied.expect_error(REFUSED);
    details(error, &[&ours.id, &elsewhere.id, "-replace"]);
    assert_eq!(setup.token().id, elsewhere.id);

    let replaced = setup.core.replace(EXAMPLE, block(forced.clone())).await;
    replaced.expect_warning("Another Audit Trail Token Was Left Alone");
    replaced.expect_ok();
    setup.check_current();
    assert_ne!(setup.token().id, elsewhere.id);
    assert_eq!(
        setup.plan(forced).await.expect_ok().action,
        ResourceAction::NoOp
    );
}

#[tokio::test]
async fn a_refused_update_keeps_the_token_and_records_it_so_that_setting_it_anew_works() {
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

    let anew = json!({ "expired_at": LATER, "force_regenerate": true });
    setup.apply(anew).await.expect_ok();
    assert_ne!(setup.token().id, elsewhere.id);
    setup.check_current();
}

#[tokio::test]
async fn a_token_that_somebody_made_between_plan_and_apply_is_not_invalidated() {
    let mut setup = Setup::created(json!({})).await;
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let applied = setup.core.apply(plan).await;
    let error = applied.expect_error(REFUSED);
    details(error, &[&elsewhere.id]);
    assert_eq!(setup.token().id, elsewhere.id);

    // The plan after it knows.
    let planned = setup.plan(json!({ "expired_at": LATER })).await;
    let warning = planned.expect_warning("The Audit Trail Token Was Replaced");
    details(warning, &[&elsewhere.id]);
    planned.expect_ok();
}

#[tokio::test]
async fn a_replaced_token_is_not_regenerated_without_it_and_the_plan_says_so() {
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
async fn what_is_not_known_yet_works_as_it_turns_out() {
    for (value, regenerates) in [
        (json!(true), true),
        (json!(false), false),
        (json!(null), false),
    ] {
        let mut setup = Setup::created(json!({})).await;
        let old = setup.token();
        let planned = setup.plan(json!({ "force_regenerate": UNKNOWN })).await;
        let warning = planned.expect_warning("The Audit Trail Token Will Be Regenerated");
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
async fn where_it_is_taken_away_plan_and_apply_name_the_same_way_out() {
    // The plan named -replace, "for force_regenerate is true already", though the configuration had dropped it: that
    // ends in "An audit trail token already exists".
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
