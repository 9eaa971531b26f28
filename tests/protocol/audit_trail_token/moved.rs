//! `moved` from hashicorp/tfe's resource of the same name, and back.

use serde_json::{Value as Json, json};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, TYPE, details, sole_warning};
use tfplugin_testing::{HostProfile, MoveSource, ResourceAction, StoredObject};

const FROM: [&str; 2] = [
    "registry.terraform.io/hashicorp/tfe",
    "registry.opentofu.org/hashicorp/tfe",
];
const UNABLE: &str = "Unable To Move Resource State";

/// Returns the object that hashicorp/tfe stores for a token with this secret.
fn theirs(provider: &'static str, secret: &Json) -> MoveSource<'static> {
    theirs_of(ORGANIZATION, provider, secret)
}

/// Returns the same for an organization as it is spelled in the state.
pub(super) fn theirs_of(
    organization: &str,
    provider: &'static str,
    secret: &Json,
) -> MoveSource<'static> {
    let attributes = json!({
        "id": organization, "organization": organization, "expired_at": DATE,
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

/// Returns a setup on Terraform 1.12 with a token that hashicorp/tfe has generated.
async fn setup() -> (Setup, Json) {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_12);
    let until = DATE.parse().unwrap();
    let token = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    let secret = json!(token.secret.expose());
    (setup, secret)
}

#[tokio::test]
async fn a_token_is_moved_with_its_secret_from_either_registry() {
    for provider in FROM {
        let (mut setup, secret) = setup().await;
        setup
            .core
            .moved(EXAMPLE, theirs(provider, &secret))
            .await
            .expect_no_diagnostics();
        assert_eq!(setup.sent(), Vec::<String>::new());
        assert_eq!(setup.get("token"), secret);
        assert_eq!(setup.get("token_id"), json!(null));
        let plan = setup.plan(json!({})).await.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::NoOp);
        setup.apply(json!({})).await.expect_no_diagnostics();
        setup.check_current();
        let identity = json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION });
        assert_eq!(setup.state().identity(), identity);
    }
}

#[tokio::test]
async fn a_moved_token_that_somebody_has_replaced_is_reported_as_replaced() {
    let (mut setup, secret) = setup().await;
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup
        .core
        .moved(EXAMPLE, theirs(FROM[0], &secret))
        .await
        .expect_no_diagnostics();
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let warning = sole_warning(&refreshed.diagnostics, "The Audit Trail Token Was Replaced");
    details(warning, &["the token in the state", &elsewhere.id]);
    assert_eq!(setup.get("status"), "replaced");
    let refused = setup.apply(json!({ "expired_at": LATER })).await;
    refused.expect_error("The Audit Trail Token Is Not Managed by This Resource");
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn the_private_data_of_a_moved_state_is_dropped() {
    let ours = {
        let setup = Setup::created(json!({})).await;
        setup.state().private.clone()
    };
    assert_ne!(ours, b"");
    for private in [
        ours.as_slice(),
        b"not JSON",
        br#"{"last_seen":{"id":"at-1"}}"#,
    ] {
        let (mut setup, secret) = setup().await;
        let mut from = theirs(FROM[0], &secret);
        from.object.private = private.to_vec();
        setup
            .core
            .moved(EXAMPLE, from)
            .await
            .expect_no_diagnostics();
        assert_eq!(setup.state().private, b"");
        setup
            .apply(json!({ "expired_at": LATER }))
            .await
            .expect_ok();
        setup.check_current();
    }
}

#[tokio::test]
async fn a_moved_state_with_missing_and_unknown_attributes_is_read() {
    let (mut setup, secret) = setup().await;
    let mut from = theirs(FROM[0], &secret);
    let attributes = json!({ "organization": ORGANIZATION, "token": secret, "long_gone": [1] });
    from.object.attributes = attributes.to_string();
    setup
        .core
        .moved(EXAMPLE, from)
        .await
        .expect_no_diagnostics();
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    setup.check_current();
    assert_eq!(setup.get("expired_at"), DATE);
}

#[tokio::test]
async fn a_moved_state_without_an_organization_is_refused() {
    let (mut setup, secret) = setup().await;
    let mut from = theirs(FROM[0], &secret);
    from.object.attributes = json!({ "token": secret }).to_string();
    let moved = setup.core.moved(EXAMPLE, from).await;
    assert!(moved.diagnostics.has_error());
    let text = moved.diagnostics.to_string();
    assert!(!text.contains(secret.as_str().unwrap()), "{text}");
    assert!(setup.core.state(EXAMPLE).is_none());
}

#[tokio::test]
async fn a_move_from_another_resource_is_an_error_that_advises_what_to_do() {
    let (mut setup, secret) = setup().await;
    let mut check = async |provider, type_name, words: &[&str]| {
        let from = MoveSource {
            type_name,
            ..theirs(provider, &secret)
        };
        let moved = setup.core.moved(EXAMPLE, from).await;
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
    let (mut setup, secret) = setup().await;
    let mut from = theirs(FROM[1], &secret);
    from.object.schema_version = 1;
    let moved = setup.core.moved(EXAMPLE, from).await;
    details(moved.expect_error(UNABLE), &["has version 1"]);
}
