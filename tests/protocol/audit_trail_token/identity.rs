//! The identity of a token: its host and its organization.

use serde_json::{Value as Json, json};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, block, details};
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN};

const FAILED: &str = "Error importing organization audit trail token";

/// Returns a setup on Terraform 1.12 with a token of somebody else until [`DATE`].
async fn setup() -> Setup {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_12);
    let until = DATE.parse().unwrap();
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    setup
}

async fn empty() -> Setup {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_12);
    setup
}

fn ours() -> Json {
    json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION })
}

/// Conformance: 57.
#[tokio::test]
async fn the_identity_is_planned_stored_and_kept() {
    let mut setup = empty().await;
    let plan = setup.plan(json!({})).await.expect_ok();
    assert_eq!(plan.identity(), ours());
    setup.apply(json!({})).await.expect_ok();
    assert_eq!(setup.state().identity(), ours());
    setup
        .apply(json!({ "expired_at": LATER }))
        .await
        .expect_ok();
    assert_eq!(setup.state().identity(), ours());
    let plan = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
    assert_eq!(plan.identity(), ours());
    setup.core.apply(plan).await.expect_ok();
    assert!(setup.core.state(EXAMPLE).is_none());
}

/// Conformance: 57.
#[tokio::test]
async fn the_identity_is_filled_in_when_an_older_state_is_read() {
    let mut setup = Setup::created(json!({})).await;
    assert_eq!(setup.state().identity(), json!(null));
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_12);
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
    assert_eq!(plan.identity(), ours());
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.state().identity(), ours());
}

#[tokio::test]
async fn the_identity_is_kept_while_the_provider_is_unknown() {
    let mut setup = empty().await;
    setup.apply(json!({})).await.expect_ok();
    setup.core.provider_config(json!({ "hostname": UNKNOWN }));
    let plan = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update);
    assert_eq!(plan.identity(), ours());
    setup.core.provider_config(json!({}));
    setup.core.apply(plan).await.expect_ok();
    assert_eq!(setup.state().identity(), ours());
}

#[tokio::test]
async fn the_identity_is_set_at_apply_if_the_provider_was_unknown_in_the_plan() {
    let mut setup = empty().await;
    setup.core.provider_config(json!({ "token": UNKNOWN }));
    let plan = setup.plan(json!({})).await.expect_ok();
    assert_eq!(plan.identity(), json!(null));
    setup.core.provider_config(json!({}));
    setup.core.apply(plan).await.expect_ok();
    assert_eq!(setup.state().identity(), ours());
}

#[tokio::test]
async fn another_organization_is_another_identity() {
    let mut setup = empty().await;
    setup.simulator.add_organization("other-org-name");
    setup.apply(json!({})).await.expect_ok();
    let other = json!({ "organization": "other-org-name" });
    let plan = setup.plan(other.clone()).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
    let theirs = json!({ "hostname": "app.terraform.io", "organization": "other-org-name" });
    assert_eq!(plan.identity(), theirs);
    setup.apply(other).await.expect_ok();
    assert_eq!(setup.state().identity(), theirs);
}

#[tokio::test]
async fn an_unknown_organization_plans_no_identity() {
    let mut setup = empty().await;
    let plan = setup.plan(json!({ "organization": UNKNOWN })).await;
    let plan = plan.expect_ok();
    assert_eq!(plan.identity(), json!(null));
    let plan = plan.with_config(block(json!({})));
    setup.core.apply(plan).await.expect_ok();
    assert_eq!(setup.state().identity(), ours());
}

/// Conformance: 59.
#[tokio::test]
async fn a_token_is_imported_by_identity_with_or_without_the_hostname() {
    for named in [
        ours(),
        json!({ "organization": ORGANIZATION }),
        json!({ "organization": " my-org-name\n", "hostname": " App.Terraform.io:443" }),
    ] {
        let mut setup = setup().await;
        let imported = setup.core.import_by_identity(EXAMPLE, named).await;
        let imported = imported.expect_ok();
        assert_eq!(imported["token_id"], setup.token().id);
        assert_eq!(imported["organization"], ORGANIZATION);
        assert_eq!(setup.state().identity(), ours());
        let plan = setup.plan(json!({})).await.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp);
    }
}

#[tokio::test]
async fn an_import_by_id_sets_the_identity() {
    let mut setup = setup().await;
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await;
    imported.expect_ok();
    assert_eq!(setup.state().identity(), ours());
}

#[tokio::test]
async fn an_identity_of_another_host_is_not_imported() {
    let mut setup = setup().await;
    for host in ["app.eu.terraform.io", "", "https://app.terraform.io"] {
        let named = json!({ "hostname": host, "organization": ORGANIZATION });
        let imported = setup.core.import_by_identity(EXAMPLE, named).await;
        let error = imported.expect_error(FAILED);
        let quoted = format!("{host:?}");
        details(error, &[ORGANIZATION, &quoted, "app.terraform.io"]);
        assert_eq!(setup.sent(), Vec::<String>::new(), "{host:?}");
    }
}

/// Conformance: 59.
#[tokio::test]
async fn an_identity_with_an_invalid_organization_is_refused() {
    let mut setup = setup().await;
    for name in ["", "a/b", ".."] {
        let named = json!({ "organization": name });
        let imported = setup.core.import_by_identity(EXAMPLE, named).await;
        details(imported.expect_error(FAILED), &["The import identity"]);
        assert_eq!(setup.sent(), Vec::<String>::new(), "{name:?}");
    }
}
