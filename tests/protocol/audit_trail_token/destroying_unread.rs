//! Plans that destroy an object before it was read.
//!
//! Terraform 1.11 to 1.15 plan the destruction of an object that the configuration does not have any more, and read it
//! only then. With `-refresh=false`, no host reads it. The state and its private data may be a year old.

use serde_json::json;
use tfe_simulator::{Fault, Method};

use super::{DATE, DAY, EXAMPLE, ORGANIZATION, Setup, UNUSED, details, sole_warning};
use tfplugin_testing::StoredObject;

const IN_USE: &str = "An Audit Trail Token in Use Is Deleted";
const LEFT_ALONE: &str = "The Audit Trail Token Is Left Alone";

/// Returns a setup whose plans do not read the object.
async fn setup() -> Setup {
    let mut setup = Setup::created(json!({})).await;
    setup.core.disable_refresh();
    setup
}

/// The plan said that the token of the state, which was dead, is deleted, and that nobody can read with it afterwards.
#[tokio::test]
async fn a_token_that_was_replaced_is_not_said_to_be_deleted() {
    for is_imported in [false, true] {
        let mut setup = setup().await;
        if is_imported {
            setup.core.forget(EXAMPLE);
            setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        }
        let ours = setup.token();
        let theirs = setup.simulator.regenerate_elsewhere(ORGANIZATION);
        let planned = setup.core.plan_destroy(EXAMPLE).await;
        let warning = sole_warning(&planned.diagnostics, LEFT_ALONE);
        details(warning, &[&ours.id, &theirs.id]);
        setup.core.apply(planned.expect_ok()).await.expect_ok();
        assert_eq!(setup.token().id, theirs.id);
    }
}

/// The state had been written when nobody had used the token. The plan was silent, and a collector lost access.
#[tokio::test]
async fn a_token_that_was_used_since_is_said_to_be_in_use() {
    let setup = setup().await;
    setup.simulator.advance(UNUSED);
    let used = setup.simulator.now();
    setup.simulator.use_token(ORGANIZATION, used);
    let planned = setup.core.plan_destroy(EXAMPLE).await;
    let warning = sole_warning(&planned.diagnostics, IN_USE);
    details(warning, &[&setup.token().id, "2026-01-16T00:00:00Z"]);
}

#[tokio::test]
async fn a_token_that_nobody_uses_is_deleted_without_a_warning() {
    let setup = setup().await;
    setup.simulator.advance(UNUSED);
    let planned = setup.core.plan_destroy(EXAMPLE).await;
    planned.expect_no_diagnostics();
}

#[tokio::test]
async fn a_token_that_is_gone_is_not_mentioned() {
    let mut setup = setup().await;
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    let planned = setup.core.plan_destroy(EXAMPLE).await;
    let plan = planned.expect_no_diagnostics();
    setup.core.apply(plan).await.expect_no_diagnostics();
}

/// A state of hashicorp/tfe has no private data. The plan was silent, and a collector lost access.
#[tokio::test]
async fn a_state_of_hashicorp_tfe_warns_of_a_token_in_use() {
    for is_valid in [true, false] {
        let mut setup = setup().await;
        let until = DATE.parse().unwrap();
        let token = setup
            .simulator
            .regenerate_elsewhere_until(ORGANIZATION, until);
        let secret = token.secret.expose().to_owned();
        if !is_valid {
            setup.simulator.regenerate_elsewhere(ORGANIZATION);
        }
        let attributes = json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "token": secret,
        });
        let stored = StoredObject {
            attributes: attributes.to_string(),
            schema_version: 0,
            private: Vec::new(),
            tainted: false,
            identity: None,
        };
        setup.core.set_state(EXAMPLE, stored);
        let planned = setup.core.plan_destroy(EXAMPLE).await;
        let summary = if is_valid { IN_USE } else { LEFT_ALONE };
        let warning = sole_warning(&planned.diagnostics, summary);
        details(warning, &[&setup.token().id]);
    }
}

/// The apply reads the token again and deletes nothing without an answer, so the plan says what the state knows.
#[tokio::test]
async fn a_look_that_fails_does_not_fail_the_plan() {
    for status in [401, 403, 422] {
        let setup = setup().await;
        let refused = Fault::on(Method::GET, "authentication-token").always();
        setup.simulator.inject(refused.status(status));
        let planned = setup.core.plan_destroy(EXAMPLE).await;
        let warning = sole_warning(&planned.diagnostics, IN_USE);
        details(warning, &[&setup.token().id]);
        planned.expect_ok();
    }
}

/// An object that was read is not read twice.
#[tokio::test]
async fn an_object_that_was_read_is_not_looked_at_again() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.advance(DAY);
    setup.sent();
    let mut walk = setup.core.plan_walk().await;
    walk.plan_destroy(EXAMPLE).await.expect_warning(IN_USE);
    assert_eq!(setup.sent(), ["GET token"]);
}
