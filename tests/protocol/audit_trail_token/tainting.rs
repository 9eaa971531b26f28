//! Replacing an object whose token may be somebody else's, where the calls of Terraform say little: a tainted object, and
//! `-refresh=false`.

use serde_json::json;
use tfe_simulator::{Fault, Method};

use super::replacing::says;
use super::{EXAMPLE, ORGANIZATION, Setup, block, details};
use tfplugin_testing::{HostProfile, UNKNOWN};

const WILL_INVALIDATE: &str = "An Existing Audit Trail Token Is Invalidated";

/// The private data of the plan of a tainted object does not have what was stored with the object.
#[tokio::test]
async fn a_tainted_object_does_not_delete_a_token_that_it_follows() {
    for host in HostProfile::ALL {
        for refreshes in [true, false] {
            let mut setup = Setup::following().await;
            setup.core = setup.core.on(host);
            if !refreshes {
                setup.core.disable_refresh();
            }
            let other = setup.token();
            setup.taint();
            let planned = setup.plan(json!({ "force_regenerate": true })).await;
            let warning = planned.expect_warning(WILL_INVALIDATE);
            details(warning, &[&other.id]);
            setup.sent();
            let applied = setup.core.apply(planned.expect_ok()).await;
            let said = &applied.diagnostics;
            assert!(!says(said, "Left Alone"), "{said}");
            applied.expect_ok();
            let changes: Vec<_> = setup.sent();
            let changes = changes.iter().filter(|one| !one.starts_with("GET "));
            assert_eq!(
                changes.collect::<Vec<_>>(),
                ["POST token"],
                "{host:?} {refreshes}"
            );
            setup.check_current();
        }
    }
}

/// The object was out of the state, and the token of somebody else was deleted.
#[tokio::test]
async fn without_a_refresh_a_tainted_object_without_a_secret_is_not_destroyed() {
    for host in HostProfile::ALL {
        let mut setup = Setup::following().await;
        setup.core = setup.core.on(host);
        let other = setup.token();
        setup.taint();
        setup.core.disable_refresh();
        let plan = setup.plan(json!({})).await.expect_ok();
        let before = setup.state().attributes.clone();
        let applied = setup.core.apply(plan).await;
        let error = applied.expect_error("Unknown Whose Audit Trail Token This Is");
        let ways_out = ["-refresh=false", "terraform untaint", "force_regenerate"];
        details(error, &ways_out);
        details(error, &[&other.id]);
        assert_eq!(setup.state().attributes, before);
        // Terraform has kept the private data of the creation's plan with the object.
        setup.core.enable_refresh();
        setup
            .plan(json!({}))
            .await
            .expect_error("Creating This Resource Will Fail");
        setup.core.destroy(EXAMPLE).await.expect_ok();
        assert_eq!(setup.token().id, other.id);
    }
}

/// An imported token that nobody has replaced is ours.
#[tokio::test]
async fn a_tainted_object_that_was_imported_is_replaced() {
    for is_dead in [false, true] {
        let mut setup = Setup::imported_until(super::LATER).await;
        if is_dead {
            setup.simulator.advance(super::DAY * 600);
        }
        setup.taint();
        let date = json!({ "expired_at": "2029-01-01T00:00:00Z" });
        let planned = setup.plan(date).await;
        let applied = setup.core.apply(planned.expect_ok()).await;
        applied.expect_no_diagnostics();
        setup.check_current();
    }
}

/// Terraform does not show the warnings of the second plan, which is the first to read the token.
#[tokio::test]
async fn without_a_refresh_a_replacement_does_not_invalidate_a_token_that_no_plan_has_named() {
    for host in HostProfile::ALL {
        for force in [json!(true), json!(UNKNOWN)] {
            let mut setup = Setup::created(json!({})).await;
            setup.core = setup.core.on(host);
            let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
            setup.core.disable_refresh();
            let forced = block(json!({ "force_regenerate": force }));
            let planned = setup.core.plan_replace(EXAMPLE, forced).await;
            let error =
                planned.expect_error("The Plan Does Not Show the Token That It Invalidates");
            details(error, &[&other.id, "-refresh=false"]);
            assert_eq!(setup.token().id, other.id);
        }
    }
}

/// "Another Audit Trail Token Was Left Alone … not deleted", and then it was invalidated.
#[tokio::test]
async fn without_a_refresh_a_token_is_not_said_to_be_left_alone_and_then_invalidated() {
    let (mut setup, _) = Setup::lost_at_creation().await;
    let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.disable_refresh();
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let warning = planned.expect_warning(WILL_INVALIDATE);
    details(warning, &[&other.id]);
    let applied = setup.core.apply(planned.expect_ok()).await;
    let said = &applied.diagnostics;
    assert!(!says(said, "Left Alone"), "{said}");
    applied.expect_ok();
    setup.check_current();
}

/// Terraform keeps the private data of the creation's plan with an object whose destruction failed.
#[tokio::test]
async fn a_failed_destruction_of_a_tainted_object_does_not_change_whose_its_token_is() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup.taint();
    let refused = Fault::on(Method::DELETE, "authentication-token").always();
    setup.simulator.inject(refused.status(403));
    let applied = setup.apply(json!({})).await;
    applied.expect_error("Error deleting organization audit trail token");
    setup.simulator.clear_faults();
    let ours = setup.token();
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup.core.destroy(EXAMPLE).await.expect_ok();
    let left = setup.simulator.audit_trail_token(ORGANIZATION);
    assert!(left.is_none(), "{} is ours", ours.id);
}

/// The new token exists before the old object is destroyed.
#[tokio::test]
async fn create_before_destroy_of_a_followed_token_says_only_that_it_is_invalidated() {
    for is_tainted in [false, true] {
        let mut setup = Setup::following().await;
        setup.core.create_before_destroy(EXAMPLE);
        let forced = json!({ "force_regenerate": true });
        let planned = if is_tainted {
            setup.taint();
            setup.plan(forced).await
        } else {
            setup.core.plan_replace(EXAMPLE, block(forced)).await
        };
        let applied = setup.core.apply(planned.expect_ok()).await;
        let said = &applied.diagnostics;
        assert!(!says(said, "Left Alone"), "{said}");
        applied.expect_ok();
        setup.check_current();
    }
}
