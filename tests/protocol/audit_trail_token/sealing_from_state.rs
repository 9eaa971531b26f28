//! A secret of the state that is to be sealed is tried first: somebody may have put another one there.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method};

use super::sealing::{KEY, key};
use super::{DAY, EXAMPLE, LATER, ORGANIZATION, Setup, details};
use tfplugin_testing::{StoredObject, UNKNOWN};

const INVALID: &str = "The Secret to Seal Does Not Work";
const UNTRIED: &str = "Unable to Try the Secret to Seal";

fn seals() -> Json {
    json!({ "seal_token": true })
}

/// Returns a setup with a plain secret in the state, and a sealing key.
async fn plain() -> Setup {
    let mut setup = Setup::created(json!({})).await;
    setup.core.provider_config(key(KEY));
    setup
}

fn forge(setup: &mut Setup, secret: &str) {
    let mut state = setup.state().clone();
    let mut attributes = state.json();
    attributes["token"] = json!(secret);
    state.attributes = attributes.to_string();
    setup.core.set_state(EXAMPLE, state);
}

#[tokio::test]
async fn the_secret_is_tried_once_and_sealed() {
    let mut setup = plain().await;
    setup.apply(seals()).await.expect_no_diagnostics();
    assert_eq!(setup.applied, ["GET trail"]);
    assert_eq!(setup.get("token"), json!(null));
}

/// The next apply sealed it, and every collector got it.
#[tokio::test]
async fn a_forged_secret_is_not_sealed() {
    let mut setup = plain().await;
    forge(&mut setup, "planted.atlasv1.forged");
    let before = setup.state().clone();
    let applied = setup.apply(seals()).await;
    let error = applied.expect_error(INVALID);
    details(
        error,
        &[ORGANIZATION, &setup.token().id, "regenerate_triggers"],
    );
    assert!(!error.detail().contains("forged"), "{error}");
    assert_eq!(setup.applied, ["GET trail"]);
    assert_eq!(setup.state(), &before);

    // The practitioner does what the error advises.
    let regenerated = json!({ "seal_token": true, "force_regenerate": true });
    setup.apply(regenerated).await.expect_ok();
    assert_eq!(setup.get("token"), json!(null));
}

#[tokio::test]
async fn an_answer_that_proves_nothing_seals_nothing() {
    let trail = || Fault::on(Method::GET, "audit-trail?").always();
    for fault in [
        trail().status(403),
        trail().status(404),
        trail().status(500),
        trail().html(),
        trail().cut(),
    ] {
        let mut setup = plain().await;
        setup.simulator.inject(fault);
        let before = setup.state().clone();
        let applied = setup.apply(seals()).await;
        let error = applied.expect_error(UNTRIED);
        details(error, &[ORGANIZATION, "apply again", "regenerate_triggers"]);
        assert_eq!(setup.state(), &before);
        assert!(!error.detail().contains("atlasv1"), "{error}");
        setup.simulator.clear_faults();
        setup.apply(seals()).await.expect_no_diagnostics();
        assert_eq!(setup.get("token"), json!(null));
    }
}

#[tokio::test]
async fn a_regeneration_seals_the_new_secret_without_trying_the_old_one() {
    let mut setup = plain().await;
    forge(&mut setup, "planted.atlasv1.forged");
    setup.simulator.advance(DAY);
    let regenerated = json!({ "seal_token": true, "expired_at": LATER });
    setup.apply(regenerated).await.expect_ok();
    assert!(!setup.applied.contains(&"GET trail".to_owned()));
    assert_eq!(setup.get("token_id"), setup.token().id);
}

#[tokio::test]
async fn a_missing_key_is_reported_before_the_secret_is_tried() {
    let mut setup = plain().await;
    setup
        .core
        .provider_config(json!({ "sealing_key": UNKNOWN }));
    let plan = setup.plan(seals()).await.expect_ok();
    setup.core.provider_config(json!({}));
    setup.sent();
    setup.core.apply(plan).await.expect_error("No Sealing Key");
    assert_eq!(setup.sent(), [""; 0]);
}

/// A sealed token names its token, and a state of hashicorp/tfe does not before it is read.
#[tokio::test]
async fn a_token_without_an_id_is_not_sealed() {
    let mut setup = plain().await;
    let attributes = json!({
        "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": super::DATE,
        "force_regenerate": null, "token": setup.token().secret.expose(),
    });
    let state = StoredObject {
        attributes: attributes.to_string(),
        private: Vec::new(),
        ..setup.state().clone()
    };
    setup.core.set_state(EXAMPLE, state);
    setup.core.disable_refresh();
    let planned = setup.plan(seals()).await;
    let error = planned.expect_error("The Token to Seal Is Not Known");
    details(error, &["-refresh=false"]);
    setup.core.enable_refresh();
    setup.apply(seals()).await.expect_no_diagnostics();
}
