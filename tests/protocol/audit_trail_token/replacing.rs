//! Replacing an object: `terraform taint`, `-replace`, and an object that is tainted because its secret was lost.
//!
//! Terraform plans a replacement with two calls, the second without a prior state and with the first one's planned
//! private data. For a tainted object it calls once, without prior state and private data.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method};
use tfplugin::Diagnostics;

use super::{EXAMPLE, ORGANIZATION, Setup, block, details};
use tfplugin_testing::{Outcome, ResourceAction};

const WILL_FAIL: &str = "Replacing This Resource Will Fail";
pub(super) const LOST: &str = "The Secret of the New Audit Trail Token Was Lost";

impl Setup {
    /// Marks the object as tainted, as `terraform taint` does.
    pub(super) fn taint(&mut self) {
        let mut object = self.state().clone();
        object.tainted = true;
        self.core.set_state(EXAMPLE, object);
    }

    /// Removes the mark, as `terraform untaint` does.
    fn untaint(&mut self) {
        let mut object = self.state().clone();
        object.tainted = false;
        self.core.set_state(EXAMPLE, object);
    }

    /// Returns a setup whose imported object follows a token that somebody else has generated.
    pub(super) async fn following() -> Self {
        let mut setup = Self::new().await;
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        setup
    }

    /// Returns a setup whose creation has lost the secret, and the outcome of that.
    pub(super) async fn lost_at_creation() -> (Self, Outcome<()>) {
        let mut setup = Self::new().await;
        let lost = Fault::on(Method::POST, "authentication-token").always();
        setup.simulator.inject(lost.after_change().status(502));
        let applied = setup.apply(json!({})).await;
        applied.expect_error(LOST);
        setup.simulator.clear_faults();
        (setup, applied)
    }

    /// Returns a setup whose token somebody else has replaced.
    async fn replaced(more: Json) -> Self {
        let mut setup = Self::created(more).await;
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        setup
    }
}

pub(super) fn says(diagnostics: &Diagnostics, text: &str) -> bool {
    diagnostics.iter().any(|one| one.to_string().contains(text))
}

/// The plan said "Creating this resource will fail" of the object's own token.
#[tokio::test]
async fn a_tainted_object_is_replaced_without_a_warning_of_its_own_token() {
    for force in [json!(null), json!(true)] {
        let mut setup = Setup::created(json!({ "force_regenerate": force })).await;
        setup.taint();
        let planned = setup.plan(json!({ "force_regenerate": force })).await;
        setup.replace_silently(planned).await;
    }
}

/// Without a refresh, nothing was read. Then the plan must not say that the apply fails.
#[tokio::test]
async fn without_a_refresh_the_plan_of_a_tainted_object_says_nothing_false() {
    let mut setup = Setup::created(json!({})).await;
    setup.taint();
    setup.core.disable_refresh();
    let planned = setup.plan(json!({})).await;
    let warning = planned.expect_warning("An Audit Trail Token Exists Already");
    details(warning, &["Unless this plan destroys"]);
    setup
        .core
        .apply(planned.expect_ok())
        .await
        .expect_no_diagnostics();
    setup.check_current();
}

#[tokio::test]
async fn an_object_whose_secret_was_lost_at_its_creation_is_replaced_without_a_warning() {
    let (mut setup, applied) = Setup::lost_at_creation().await;
    details(
        applied.expect_error(LOST),
        &["terraform untaint", "prevent_destroy"],
    );
    assert!(setup.state().tainted);

    setup.apply(json!({})).await.expect_no_diagnostics();
    setup.check_current();
}

/// `prevent_destroy` blocks every plan of a tainted object. `terraform untaint` leaves an update.
#[tokio::test]
async fn an_object_whose_secret_was_lost_is_regenerated_in_place_after_untaint() {
    let (mut setup, _) = Setup::lost_at_creation().await;
    setup.untaint();
    let planned = setup.plan(json!({})).await;
    assert_eq!(planned.expect_ok().action, ResourceAction::Update);
    setup.apply(json!({})).await.expect_ok();
    setup.check_current();
}

/// An update does not taint the object.
#[tokio::test]
async fn an_update_whose_secret_was_lost_does_not_name_untaint() {
    let mut setup = Setup::created(json!({})).await;
    let lost = Fault::on(Method::POST, "authentication-token").always();
    setup.simulator.inject(lost.after_change().status(502));
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    assert!(!applied.expect_error(LOST).detail().contains("untaint"));
}

/// Deleting left the token alone, creating was refused, and the object was out of the state.
#[tokio::test]
async fn replacing_an_object_that_does_not_manage_the_token_is_refused_without_force() {
    for mut setup in [Setup::following().await, Setup::replaced(json!({})).await] {
        let (token, before) = (setup.token(), setup.state().clone());
        let planned = setup.core.plan_replace(EXAMPLE, block(json!({}))).await;
        let error = planned.expect_error(WILL_FAIL);
        details(error, &[&token.id, "force_regenerate = true", "-replace"]);

        setup.taint();
        let planned = setup.plan(json!({})).await;
        let error = planned.expect_error("Creating This Resource Will Fail");
        details(
            error,
            &[&token.id, "terraform untaint", "force_regenerate = true"],
        );
        setup.untaint();
        assert_eq!(setup.state(), &before);
        assert_eq!(setup.token().id, token.id);
    }
}

/// The value of `force_regenerate` may be true after the plan.
#[tokio::test]
async fn replacing_a_followed_token_is_not_refused_while_force_is_unknown() {
    let setup = Setup::following().await;
    let unknown = block(json!({ "force_regenerate": tfplugin_testing::UNKNOWN }));
    setup.core.plan_replace(EXAMPLE, unknown).await.expect_ok();
}

/// The plan said that the apply is refused, and the apply said that the token was left alone and will be invalidated.
#[tokio::test]
async fn replacing_with_force_invalidates_the_token_of_somebody_else_and_says_only_that() {
    let forced = json!({ "force_regenerate": true });
    for is_tainted in [false, true] {
        for mut setup in [
            Setup::following().await,
            Setup::replaced(forced.clone()).await,
        ] {
            let other = setup.token();
            let planned = if is_tainted {
                setup.taint();
                setup.plan(forced.clone()).await
            } else {
                setup
                    .core
                    .plan_replace(EXAMPLE, block(forced.clone()))
                    .await
            };
            let said = &planned.diagnostics;
            assert!(!says(said, "Applying This Plan Will Be Refused"), "{said}");
            let applied = setup.core.apply(planned.expect_ok()).await;
            let said = &applied.diagnostics;
            assert!(!says(said, "Left Alone"), "{said}");
            assert!(!says(said, "not deleted"), "{said}");
            applied.expect_ok();
            assert_ne!(setup.token().id, other.id);
            setup.check_current();
        }
    }
}

/// A warning of the first call is shown for an update and for a replacement, so it must be true of both.
#[tokio::test]
async fn the_plan_of_a_replaced_token_with_standing_force_is_true_of_update_and_replacement() {
    let setup = Setup::replaced(json!({ "force_regenerate": true })).await;
    let other = setup.token();
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let warning = planned.expect_warning("The Audit Trail Token Is Not Managed by This Resource");
    details(
        warning,
        &[&other.id, "updates", "refuse", "replaces", "invalidates"],
    );
}
