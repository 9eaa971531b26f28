//! A token that is dead is in nobody's way; one that is in use is protected.

use std::time::Duration;

use serde_json::json;
use tfplugin::Diagnostics;
use tfplugin_testing::Walk;

use super::{DAY, LATER, ORGANIZATION, Setup, TYPE, block, sole_warning};

const MINUTE: Duration = Duration::from_secs(60);

/// Returns a setup with the token of somebody else, which was used and then expired this long ago.
async fn expired(ago: Duration) -> Setup {
    let setup = Setup::new().await;
    let expiry = setup.simulator.now() + DAY;
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, expiry);
    setup.simulator.advance(DAY - MINUTE);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(MINUTE + ago);
    setup
}

/// Demands that no diagnostic speaks of a token that is invalidated, or in the way.
#[track_caller]
fn check_silent(diagnostics: &Diagnostics) {
    assert!(diagnostics.is_empty(), "{diagnostics}");
}

// The ephemeral resource was refused for 14 days after the last use, although the token had expired.
#[tokio::test]
async fn opening_replaces_a_dead_token_without_force_and_without_a_warning() {
    let setup = expired(MINUTE * 6).await;
    let before = setup.token().id;
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, TYPE, block(json!({})))
        .await;
    check_silent(&opened.diagnostics);
    opened.expect_ok();
    assert_ne!(setup.token().id, before);
}

#[tokio::test]
async fn a_token_that_expired_less_than_five_minutes_ago_may_still_work() {
    let mut setup = expired(MINUTE * 4).await;
    let before = setup.token().id;
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, TYPE, block(json!({})))
        .await;
    opened.expect_error("The Audit Trail Token Is in Use");
    let applied = setup.apply(json!({})).await;
    applied.expect_error("An audit trail token already exists");
    assert_eq!(setup.token().id, before);
}

// Create demanded force_regenerate, and the plan said that it would fail.
#[tokio::test]
async fn creating_over_a_dead_token_needs_no_force() {
    let mut setup = expired(MINUTE * 6).await;
    let before = setup.token().id;
    let applied = setup.apply(json!({})).await;
    check_silent(&applied.diagnostics);
    applied.expect_ok();
    setup.check_current();
    assert_ne!(setup.token().id, before);
}

#[tokio::test]
async fn force_regenerate_warns_of_no_outage_over_a_dead_token() {
    let mut setup = expired(MINUTE * 6).await;
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    check_silent(&applied.diagnostics);
    applied.expect_ok();
}

#[tokio::test]
async fn a_move_to_an_organization_with_a_dead_token_is_not_refused() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.add_organization("other");
    let expiry = setup.simulator.now() + DAY;
    setup.simulator.regenerate_elsewhere_until("other", expiry);
    setup.simulator.advance(DAY * 20);
    let moved = json!({ "organization": "other" });
    let applied = setup.apply(moved).await;
    check_silent(&applied.diagnostics);
    applied.expect_ok();
    assert_eq!(setup.get("organization"), "other");
}

/// Returns a setup whose token somebody replaced by one that has expired since.
async fn replaced_by_dead() -> Setup {
    let setup = Setup::created(json!({})).await;
    let expiry = setup.simulator.now() + DAY;
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, expiry);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(DAY + MINUTE * 6);
    setup
}

#[tokio::test]
async fn a_dead_token_that_replaced_the_managed_one_is_regenerated_without_force() {
    let mut setup = replaced_by_dead().await;
    let applied = setup.apply(json!({})).await;
    let warnings: Vec<_> = applied
        .diagnostics
        .iter()
        .map(|one| one.summary())
        .collect();
    assert!(
        !warnings.contains(&"Applying This Plan Will Be Refused")
            && !warnings.contains(&"Another Audit Trail Token Was Invalidated"),
        "{}",
        applied.diagnostics
    );
    applied.expect_ok();
    setup.check_current();
}

#[tokio::test]
async fn deleting_a_dead_token_warns_of_no_outage() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY * 365 - MINUTE);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(MINUTE * 7);
    let destroyed = setup.core.destroy(super::EXAMPLE).await;
    check_silent(&destroyed.diagnostics);
    destroyed.expect_ok();
}

// A sealed token was delivered to a store; 80 seconds later a plan in another folder invalidated it.
#[tokio::test]
async fn a_token_that_its_collector_has_not_used_yet_is_not_invalidated() {
    for age in [Duration::from_secs(80), DAY, DAY * 14] {
        let setup = Setup::created(json!({})).await;
        setup.simulator.advance(age);
        let other = setup.beside("another-owner").await;
        let before = setup.token().id;
        for walk in [Walk::Plan, Walk::Apply] {
            let config = block(json!({ "expired_at": LATER }));
            let opened = other.core.open_ephemeral(walk, TYPE, config).await;
            opened.expect_error("The Audit Trail Token Is in Use");
        }
        assert_eq!(setup.token().id, before);
    }
}

#[tokio::test]
async fn a_token_that_nobody_has_ever_used_is_replaced_after_fourteen_days() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY * 14 + MINUTE);
    let before = setup.token().id;
    let config = block(json!({ "expired_at": LATER }));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    sole_warning(&opened.diagnostics, "An Audit Trail Token Was Invalidated");
    opened.expect_ok();
    assert_ne!(setup.token().id, before);
}

#[tokio::test]
async fn deleting_a_token_that_its_collector_may_have_just_received_warns() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY);
    let destroyed = setup.core.destroy(super::EXAMPLE).await;
    let summary = "An Audit Trail Token in Use Is Deleted";
    let warning = sole_warning(&destroyed.diagnostics, summary);
    super::details(warning, &["never used", "may have received it just now"]);
    destroyed.expect_ok();
}
