//! Consent is bound to the plan: an apply invalidates the token that its plan named, and no other one that works.
//!
//! Terraform 1.16 hands a plan's private data on to its apply. On other hosts the apply warns, see `force`.

use serde_json::{Value as Json, json};
use tfe_simulator::Token;
use tfplugin::Diagnostic;

use super::{DAY, EXAMPLE, ORGANIZATION, Setup, block, details};
use tfplugin_testing::{HostProfile, Outcome, Plan};

const REFUSED: &str = "The Plan Named Another Audit Trail Token";

fn forced() -> Json {
    json!({ "force_regenerate": true })
}

/// Returns a setup on a host that hands a plan's private data on to its apply.
async fn setup() -> Setup {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_16);
    setup
}

async fn created() -> Setup {
    let mut setup = setup().await;
    setup.apply(json!({})).await.expect_ok();
    setup
}

fn generate_elsewhere(setup: &Setup) -> Token {
    setup.simulator.advance(DAY);
    setup.simulator.regenerate_elsewhere(ORGANIZATION)
}

/// Applies a plan, and demands that the organization keeps its token. Returns the error.
#[track_caller]
fn check_refused<'a>(setup: &Setup, applied: &'a Outcome<()>, token: &Token) -> &'a Diagnostic {
    let error = applied.expect_error(REFUSED);
    details(error, &[ORGANIZATION, &token.id, "Plan again"]);
    assert_eq!(setup.token().id, token.id);
    assert!(!setup.sent().contains(&"POST token".to_owned()));
    let invalidated = "An Existing Audit Trail Token Is Invalidated";
    let says_so = |one: &Diagnostic| one.summary() == invalidated;
    assert!(
        !applied.diagnostics.iter().any(says_so),
        "{}",
        applied.diagnostics
    );
    error
}

async fn plan(setup: &Setup) -> Plan {
    setup.plan(forced()).await.expect_ok()
}

#[tokio::test]
async fn an_update_invalidates_only_the_token_that_its_plan_named() {
    let mut setup = created().await;
    let ours = setup.token();
    let before = setup.state().json();
    let planned = plan(&setup).await;
    let elsewhere = generate_elsewhere(&setup);
    let applied = setup.core.apply(planned).await;
    let error = check_refused(&setup, &applied, &elsewhere);
    details(error, &[&ours.id]);
    assert_eq!(setup.state().json(), before);
    assert!(!setup.state().tainted);

    // The next plan names it, and force_regenerate becomes true again.
    let planned = setup.plan(forced()).await;
    let warning = planned.expect_warning("The Audit Trail Token Is Regenerated");
    details(warning, &[&elsewhere.id]);
    setup.core.apply(planned.expect_ok()).await.expect_ok();
    setup.check_current();
    assert_ne!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn a_plan_without_a_refresh_names_the_token_that_an_apply_has_refused_to_invalidate() {
    let mut setup = created().await;
    let planned = plan(&setup).await;
    let elsewhere = generate_elsewhere(&setup);
    let applied = setup.core.apply(planned).await;
    check_refused(&setup, &applied, &elsewhere);

    setup.core.disable_refresh();
    let planned = setup.plan(forced()).await;
    let warning = planned.expect_warning("The Audit Trail Token Is Regenerated");
    details(warning, &[&elsewhere.id]);
    setup.core.apply(planned.expect_ok()).await.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn a_creation_invalidates_only_the_token_that_its_plan_named() {
    let mut setup = setup().await;
    let first = generate_elsewhere(&setup);
    let planned = plan(&setup).await;
    let second = generate_elsewhere(&setup);
    let applied = setup.core.apply(planned).await;
    let error = check_refused(&setup, &applied, &second);
    details(error, &[&first.id]);
    assert!(setup.core.state(EXAMPLE).is_none());

    let planned = plan(&setup).await;
    setup.core.apply(planned).await.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn a_creation_whose_plan_named_no_token_invalidates_none() {
    let mut setup = setup().await;
    let planned = plan(&setup).await;
    let elsewhere = generate_elsewhere(&setup);
    let applied = setup.core.apply(planned).await;
    let error = check_refused(&setup, &applied, &elsewhere);
    details(error, &["names no token"]);
}

#[tokio::test]
async fn a_replacement_invalidates_only_the_token_that_its_plan_named() {
    for create_before_destroy in [false, true] {
        let mut setup = created().await;
        if create_before_destroy {
            setup.core.create_before_destroy(EXAMPLE);
        }
        setup.apply(forced()).await.expect_ok();
        let planned = setup.core.plan_replace(EXAMPLE, block(forced())).await;
        let planned = planned.expect_ok();
        let elsewhere = generate_elsewhere(&setup);
        let applied = setup.core.apply(planned).await;
        check_refused(&setup, &applied, &elsewhere);
    }
}

#[tokio::test]
async fn a_replacement_invalidates_the_token_that_it_replaces() {
    for create_before_destroy in [false, true] {
        let mut setup = created().await;
        if create_before_destroy {
            setup.core.create_before_destroy(EXAMPLE);
        }
        setup.apply(forced()).await.expect_ok();
        setup
            .core
            .replace(EXAMPLE, block(forced()))
            .await
            .expect_ok();
        setup.check_current();
    }
}

#[tokio::test]
async fn what_the_plan_named_does_not_stay_in_the_state() {
    let mut setup = setup().await;
    for more in [forced(), json!({}), forced()] {
        setup.apply(more).await.expect_ok();
        let private = String::from_utf8_lossy(&setup.state().private).into_owned();
        assert!(!private.contains("consent"), "{private}");
    }
}

/// The plan cannot see the organization's token before its name is known.
#[tokio::test]
async fn an_organization_that_is_named_by_the_apply_keeps_its_token() {
    let mut setup = setup().await;
    let elsewhere = generate_elsewhere(&setup);
    let unknown = json!({ "organization": tfplugin_testing::UNKNOWN, "force_regenerate": true });
    let planned = setup.plan(unknown).await.expect_ok();
    let planned = planned.with_config(block(forced()));
    let applied = setup.core.apply(planned).await;
    check_refused(&setup, &applied, &elsewhere);
}

#[tokio::test]
async fn a_host_that_hands_nothing_on_to_the_apply_warns() {
    for host in HostProfile::ALL {
        if host == HostProfile::TERRAFORM_1_16 {
            continue;
        }
        let mut setup = Setup::created(json!({})).await;
        setup.core = setup.core.on(host);
        let planned = plan(&setup).await;
        let elsewhere = generate_elsewhere(&setup);
        let applied = setup.core.apply(planned).await;
        let warning = applied.expect_warning("Another Audit Trail Token Was Invalidated");
        details(warning, &[&elsewhere.id]);
        applied.expect_ok();
        setup.check_current();
    }
}
