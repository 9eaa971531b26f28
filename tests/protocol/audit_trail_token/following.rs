//! A followed token: imported without a secret, and replaced by somebody since. It is not ours.

use serde_json::{Value as Json, json};
use tfe_simulator::Token;
use tfplugin::Path;

use super::{DATE, DAY, EXAMPLE, LATER, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN};

const KEEPS_DATE: &str = "A Followed Audit Trail Token Keeps Its Date";
const REGENERATES: &str = "The Audit Trail Token Is Regenerated";

/// Returns a setup that follows a token of somebody else until [`LATER`]; the imported one had [`DATE`].
async fn setup() -> (Setup, Token) {
    let setup = Setup::imported_until(DATE).await;
    let theirs = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, LATER.parse().unwrap());
    (setup, theirs)
}

async fn followed() -> (Setup, Token) {
    let (mut setup, theirs) = setup().await;
    setup.core.refresh(EXAMPLE).await.expect_ok();
    (setup, theirs)
}

/// Demands that an apply of these arguments sends no change, and that the token is still there.
async fn check_kept(setup: &mut Setup, theirs: &Token, more: Json) {
    let applied = setup.apply(more.clone()).await;
    let regenerates = |summary: &str| summary == REGENERATES;
    assert!(
        !applied
            .diagnostics
            .iter()
            .any(|one| regenerates(one.summary())),
        "{more}: {}",
        applied.diagnostics
    );
    applied.expect_ok();
    assert_eq!(setup.applied, [""; 0], "{more}");
    assert_eq!(setup.token().id, theirs.id, "{more}");
}

/// A colleague regenerated the token in the user interface, with another date: the next apply invalidated it, though
/// nobody had changed the configuration.
#[tokio::test]
async fn a_followed_token_is_not_regenerated_by_its_date() {
    for host in HostProfile::ALL {
        let (mut setup, theirs) = setup().await;
        setup.core = setup.core.on(host);
        let planned = setup.plan(json!({})).await;
        let warning = planned.expect_warning(KEEPS_DATE);
        assert_eq!(warning.path(), Some(&Path::of("expired_at")));
        details(warning, &[&theirs.id, LATER, "force_regenerate = true"]);
        assert_eq!(planned.expect_ok().action, ResourceAction::Update);
        check_kept(&mut setup, &theirs, json!({})).await;
        assert_eq!(setup.get("expired_at"), DATE);
        assert_eq!(setup.get("token_id"), theirs.id);
    }
}

#[tokio::test]
async fn a_followed_token_is_not_regenerated_by_any_later_date() {
    let (mut setup, theirs) = followed().await;
    for date in [json!(DATE), json!("2028-01-01T00:00:00Z"), json!(null)] {
        check_kept(&mut setup, &theirs, json!({ "expired_at": date })).await;
    }
    let unknown = json!({ "expired_at": UNKNOWN });
    let plan = setup.plan(unknown).await.expect_ok();
    assert_eq!(plan.get("token_id"), theirs.id);
    let later = super::block(json!({ "expired_at": "2029-01-01T00:00:00Z" }));
    setup.core.apply(plan.with_config(later)).await.expect_ok();
    assert_eq!(setup.token().id, theirs.id);
    assert_eq!(setup.get("expired_at"), "2029-01-01T00:00:00Z");
    // A past date is no error where nothing is generated.
    let past = json!({ "expired_at": "2025-01-01T00:00:00Z" });
    check_kept(&mut setup, &theirs, past).await;
}

#[tokio::test]
async fn a_followed_token_is_not_regenerated_when_it_expires() {
    let (mut setup, theirs) = followed().await;
    setup.simulator.advance(DAY * 600);
    for date in [json!(null), json!("2029-01-01T00:00:00Z")] {
        let planned = setup.plan(json!({ "expired_at": date })).await;
        let warning = planned.expect_warning("The Audit Trail Token Is Expired");
        details(warning, &[LATER, "does not renew it"]);
        check_kept(&mut setup, &theirs, json!({ "expired_at": date })).await;
        assert_eq!(setup.get("status"), "expired");
    }
}

#[tokio::test]
async fn a_followed_token_is_regenerated_by_force_or_a_changed_trigger() {
    let triggers = |value: &str| json!({ "a": value });
    for (before, after) in [
        (json!({}), json!({ "force_regenerate": true })),
        (
            json!({ "regenerate_triggers": triggers("1") }),
            json!({ "regenerate_triggers": triggers("2") }),
        ),
    ] {
        let (mut setup, theirs) = followed().await;
        check_kept(&mut setup, &theirs, before).await;
        let applied = setup.apply(after).await;
        let warning = sole_warning(&applied.diagnostics, REGENERATES);
        details(warning, &[&theirs.id]);
        applied.expect_ok();
        assert_ne!(setup.token().id, theirs.id);
        setup.check_current();
        // Now it is ours: another date regenerates it.
        let ours = setup.token();
        setup
            .apply(json!({ "expired_at": "2028-01-01T00:00:00Z" }))
            .await
            .expect_ok();
        assert_ne!(setup.token().id, ours.id);
    }
}

/// hashicorp/tfe has no secret of a token that was imported there.
#[tokio::test]
async fn a_token_that_hashicorp_tfe_has_imported_is_followed_too() {
    let (mut setup, theirs) = setup().await;
    let mut object = setup.state().clone();
    let attributes = json!({
        "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
        "force_regenerate": null, "token": null,
    });
    object.attributes = attributes.to_string();
    object.private = Vec::new();
    setup.core.set_state(EXAMPLE, object);
    // The first read adopts the token that is there.
    setup.core.refresh(EXAMPLE).await.expect_ok();
    assert_eq!(setup.get("token_id"), theirs.id);
    let again = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    check_kept(&mut setup, &again, json!({})).await;
}

#[tokio::test]
async fn a_followed_token_says_what_will_regenerate_it() {
    let (mut setup, theirs) = setup().await;
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let warning = sole_warning(
        &refreshed.diagnostics,
        "The Imported Audit Trail Token Was Replaced",
    );
    let words = ["force_regenerate", "regenerate_triggers", "destroy"];
    details(warning, &words);
    details(warning, &[&theirs.id]);
}
