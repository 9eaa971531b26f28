//! The identity of a token: its organization, and the host that is on.

use serde_json::{Value as Json, json};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Scene, block, details};
use tfplugin_testing::{Action, HostProfile, UNKNOWN};

const FAILED: &str = "Error importing organization audit trail token";

/// Terraform 1.12, and a token until [`DATE`] that somebody else generated.
async fn scene() -> Scene {
    let mut scene = Scene::new().await;
    scene.core = scene.core.on(HostProfile::TERRAFORM_1_12);
    let until = DATE.parse().unwrap();
    scene
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    scene
}

async fn empty() -> Scene {
    let mut scene = Scene::new().await;
    scene.core = scene.core.on(HostProfile::TERRAFORM_1_12);
    scene
}

fn ours() -> Json {
    json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION })
}

/// Conformance: 57.
#[tokio::test]
async fn it_is_planned_stored_and_kept() {
    let mut scene = empty().await;
    let plan = scene.plan(json!({})).await.expect_ok();
    assert_eq!(plan.identity(), ours());
    scene.apply(json!({})).await.expect_ok();
    assert_eq!(scene.state().identity(), ours());
    scene
        .apply(json!({ "expired_at": LATER }))
        .await
        .expect_ok();
    assert_eq!(scene.state().identity(), ours());
    let plan = scene.core.plan_destroy(EXAMPLE).await.expect_ok();
    assert_eq!(plan.identity(), ours());
    scene.core.apply(plan).await.expect_ok();
    assert!(scene.core.state(EXAMPLE).is_none());
}

/// Conformance: 57.
#[tokio::test]
async fn it_is_filled_in_when_an_older_state_is_first_read() {
    let mut scene = Scene::created(json!({})).await;
    assert_eq!(scene.state().identity(), json!(null));
    scene.core = scene.core.on(HostProfile::TERRAFORM_1_12);
    let plan = scene.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, Action::NoOp);
    assert_eq!(plan.identity(), ours());
    scene.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(scene.state().identity(), ours());
}

#[tokio::test]
async fn it_is_kept_where_the_provider_is_not_known_yet() {
    let mut scene = empty().await;
    scene.apply(json!({})).await.expect_ok();
    scene.core.provider_config(json!({ "hostname": UNKNOWN }));
    let plan = scene.plan(json!({ "expired_at": LATER })).await.expect_ok();
    assert_eq!(plan.action, Action::Update);
    assert_eq!(plan.identity(), ours());
    scene.core.provider_config(json!({}));
    scene.core.apply(plan).await.expect_ok();
    assert_eq!(scene.state().identity(), ours());
}

#[tokio::test]
async fn it_is_told_after_apply_where_the_provider_was_not_known() {
    let mut scene = empty().await;
    scene.core.provider_config(json!({ "token": UNKNOWN }));
    let plan = scene.plan(json!({})).await.expect_ok();
    assert_eq!(plan.identity(), json!(null));
    scene.core.provider_config(json!({}));
    scene.core.apply(plan).await.expect_ok();
    assert_eq!(scene.state().identity(), ours());
}

#[tokio::test]
async fn another_organization_is_another_identity() {
    let mut scene = empty().await;
    scene.simulator.add_organization("other-org-name");
    scene.apply(json!({})).await.expect_ok();
    let other = json!({ "organization": "other-org-name" });
    let plan = scene.plan(other.clone()).await.expect_ok();
    assert_eq!(plan.action, Action::DeleteThenCreate);
    let theirs = json!({ "hostname": "app.terraform.io", "organization": "other-org-name" });
    assert_eq!(plan.identity(), theirs);
    scene.apply(other).await.expect_ok();
    assert_eq!(scene.state().identity(), theirs);
}

#[tokio::test]
async fn an_organization_that_is_not_known_yet_leaves_it_out_of_the_plan() {
    let mut scene = empty().await;
    let plan = scene.plan(json!({ "organization": UNKNOWN })).await;
    let plan = plan.expect_ok();
    assert_eq!(plan.identity(), json!(null));
    let plan = plan.with_config(block(json!({})));
    scene.core.apply(plan).await.expect_ok();
    assert_eq!(scene.state().identity(), ours());
}

/// Conformance: 59.
#[tokio::test]
async fn a_token_is_imported_by_it_with_the_hostname_or_without() {
    for named in [
        ours(),
        json!({ "organization": ORGANIZATION }),
        json!({ "organization": " my-org-name\n", "hostname": " App.Terraform.io:443" }),
    ] {
        let mut scene = scene().await;
        let imported = scene.core.import_by_identity(EXAMPLE, named).await;
        let imported = imported.expect_no_diagnostics();
        assert_eq!(imported["token_id"], scene.token().id);
        assert_eq!(imported["organization"], ORGANIZATION);
        assert_eq!(scene.state().identity(), ours());
        let plan = scene.plan(json!({})).await.expect_ok();
        assert_eq!(plan.action, Action::NoOp);
    }
}

#[tokio::test]
async fn an_import_by_id_brings_it_too() {
    let mut scene = scene().await;
    let imported = scene.core.import(EXAMPLE, ORGANIZATION).await;
    imported.expect_no_diagnostics();
    assert_eq!(scene.state().identity(), ours());
}

#[tokio::test]
async fn an_organization_of_another_host_is_not_imported_from_this_one() {
    let mut scene = scene().await;
    for host in ["app.eu.terraform.io", "", "https://app.terraform.io"] {
        let named = json!({ "hostname": host, "organization": ORGANIZATION });
        let imported = scene.core.import_by_identity(EXAMPLE, named).await;
        let error = imported.expect_error(FAILED);
        let quoted = format!("{host:?}");
        details(error, &[ORGANIZATION, &quoted, "app.terraform.io"]);
        assert_eq!(scene.sent(), Vec::<String>::new(), "{host:?}");
    }
}

/// Conformance: 59.
#[tokio::test]
async fn what_cannot_be_an_organization_is_no_identity() {
    let mut scene = scene().await;
    for name in ["", "a/b", ".."] {
        let named = json!({ "organization": name });
        let imported = scene.core.import_by_identity(EXAMPLE, named).await;
        details(imported.expect_error(FAILED), &["The import identity"]);
        assert_eq!(scene.sent(), Vec::<String>::new(), "{name:?}");
    }
}
