//! `moved` from hashicorp/tfe's resource of the same name, and back.

use serde_json::{Value as Json, json};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Scene, TYPE, details, sole_warning};
use tfplugin_testing::{Action, HostProfile, MoveSource, StoredObject};

const FROM: [&str; 2] = [
    "registry.terraform.io/hashicorp/tfe",
    "registry.opentofu.org/hashicorp/tfe",
];
const UNABLE: &str = "Unable To Move Resource State";

/// What hashicorp/tfe keeps of a token whose secret is this.
fn theirs(provider: &'static str, secret: &Json) -> MoveSource<'static> {
    let attributes = json!({
        "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
        "force_regenerate": null, "token": secret,
    });
    MoveSource {
        provider,
        type_name: TYPE,
        object: StoredObject {
            attributes: attributes.to_string(),
            schema_version: 0,
            private: Vec::new(),
            tainted: false,
            identity: None,
        },
    }
}

/// Terraform 1.12, and a token that hashicorp/tfe has generated.
async fn scene() -> (Scene, Json) {
    let mut scene = Scene::new().await;
    scene.core = scene.core.on(HostProfile::TERRAFORM_1_12);
    let until = DATE.parse().unwrap();
    let token = scene
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    let secret = json!(token.secret.expose());
    (scene, secret)
}

#[tokio::test]
async fn a_token_is_taken_over_with_its_secret_from_either_registry() {
    for provider in FROM {
        let (mut scene, secret) = scene().await;
        scene
            .core
            .moved(EXAMPLE, theirs(provider, &secret))
            .await
            .expect_no_diagnostics();
        assert_eq!(scene.sent(), Vec::<String>::new());
        assert_eq!(scene.get("token"), secret);
        assert_eq!(scene.get("token_id"), json!(null));
        let plan = scene.plan(json!({})).await.expect_no_diagnostics();
        assert_eq!(plan.action, Action::NoOp);
        scene.apply(json!({})).await.expect_no_diagnostics();
        scene.check_alive();
        let identity = json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION });
        assert_eq!(scene.state().identity(), identity);
    }
}

#[tokio::test]
async fn a_token_that_is_dead_is_not_said_to_be_alive() {
    let (mut scene, secret) = scene().await;
    let elsewhere = scene.simulator.regenerate_elsewhere(ORGANIZATION);
    scene
        .core
        .moved(EXAMPLE, theirs(FROM[0], &secret))
        .await
        .expect_no_diagnostics();
    let refreshed = scene.core.refresh(EXAMPLE).await;
    let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
    details(warning, &["the token in the state", &elsewhere.id]);
    assert_eq!(scene.get("status"), "replaced");
    let refused = scene.apply(json!({ "expired_at": LATER })).await;
    refused.expect_error("The Audit Trail Token Is Not Managed by This Resource");
    assert_eq!(scene.token().id, elsewhere.id);
}

#[tokio::test]
async fn another_providers_private_data_is_not_taken_for_ours() {
    let ours = {
        let scene = Scene::created(json!({})).await;
        scene.state().private.clone()
    };
    assert_ne!(ours, b"");
    for private in [
        ours.as_slice(),
        b"not JSON",
        br#"{"last_seen":{"id":"at-1"}}"#,
    ] {
        let (mut scene, secret) = scene().await;
        let mut from = theirs(FROM[0], &secret);
        from.object.private = private.to_vec();
        scene
            .core
            .moved(EXAMPLE, from)
            .await
            .expect_no_diagnostics();
        assert_eq!(scene.state().private, b"");
        scene
            .apply(json!({ "expired_at": LATER }))
            .await
            .expect_ok();
        scene.check_alive();
    }
}

#[tokio::test]
async fn a_state_of_before_the_move_is_read_leniently() {
    let (mut scene, secret) = scene().await;
    let mut from = theirs(FROM[0], &secret);
    let attributes = json!({ "organization": ORGANIZATION, "token": secret, "long_gone": [1] });
    from.object.attributes = attributes.to_string();
    scene
        .core
        .moved(EXAMPLE, from)
        .await
        .expect_no_diagnostics();
    scene.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    scene.check_alive();
    assert_eq!(scene.get("expired_at"), DATE);
}

#[tokio::test]
async fn a_state_that_names_no_organization_is_refused() {
    let (mut scene, secret) = scene().await;
    let mut from = theirs(FROM[0], &secret);
    from.object.attributes = json!({ "token": secret }).to_string();
    let moved = scene.core.moved(EXAMPLE, from).await;
    assert!(moved.diagnostics.has_error());
    let text = moved.diagnostics.to_string();
    assert!(!text.contains(secret.as_str().unwrap()), "{text}");
    assert!(scene.core.state(EXAMPLE).is_none());
}

#[tokio::test]
async fn anything_else_is_told_what_to_do() {
    let (mut scene, secret) = scene().await;
    let mut check = async |provider, type_name, words: &[&str]| {
        let from = MoveSource {
            type_name,
            ..theirs(provider, &secret)
        };
        let moved = scene.core.moved(EXAMPLE, from).await;
        details(moved.expect_error(UNABLE), words);
    };
    let copy = "registry.example.com/my-org-name/tfe";
    let known = "tfe_audit_trail_token of registry.terraform.io/hashicorp/tfe";
    check(
        copy,
        TYPE,
        &[copy, known, "terraform state replace-provider"],
    )
    .await;
    check(
        FROM[0],
        "tfe_organization_token",
        &["tfe_organization_token", known, "import"],
    )
    .await;
    check("hashicorp/tfe", TYPE, &[known]).await;
}

#[tokio::test]
async fn a_state_of_a_later_version_is_refused() {
    let (mut scene, secret) = scene().await;
    let mut from = theirs(FROM[1], &secret);
    from.object.schema_version = 1;
    let moved = scene.core.moved(EXAMPLE, from).await;
    details(moved.expect_error(UNABLE), &["has version 1"]);
}
