//! Importing: the organization's token without its secret.

use serde_json::json;

use super::{DATE, DAY, EXAMPLE, LATER, ORGANIZATION, Setup, UNUSED, details, sole_warning};
use tfplugin_testing::ResourceAction;

const NO_SECRET: &str = "The Secret of the Audit Trail Token Is Not Known";
const FAILED: &str = "Error importing organization audit trail token";

/// Returns a setup whose organization has a token until [`DATE`].
async fn setup() -> Setup {
    let setup = Setup::new().await;
    let until = DATE.parse().unwrap();
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    setup
}

/// Conformance: 59.
#[tokio::test]
async fn everything_but_the_secret_is_imported() {
    let mut setup = setup().await;
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await;
    let warning = sole_warning(&imported.diagnostics, NO_SECRET);
    details(warning, &["gets null", "force_regenerate = true"]);
    assert_eq!(
        imported.expect_ok(),
        json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "regenerate_triggers": null, "seal_token": null,
            "token": null, "sealed_token": null, "token_id": setup.token().id,
            "created_at": "2026-01-01T00:00:00Z", "secret_version": 1_767_225_600, "status": "current",
        })
    );
}

#[tokio::test]
async fn the_id_is_trimmed() {
    let mut setup = setup().await;
    let imported = setup.core.import(EXAMPLE, " my-org-name\n").await;
    assert_eq!(imported.expect_ok()["id"], ORGANIZATION);
}

/// Conformance: 59.
#[tokio::test]
async fn an_invalid_organization_is_refused_without_a_request() {
    let mut setup = setup().await;
    for id in [
        "",
        "  ",
        "a/b",
        "my org",
        "..",
        "my.org",
        "my-org-name,at-1",
        "my-org-name:x",
    ] {
        let imported = setup.core.import(EXAMPLE, id).await;
        details(imported.expect_error(FAILED), &["name of an organization"]);
        assert_eq!(setup.sent(), Vec::<String>::new(), "{id:?}");
        assert!(setup.core.state(EXAMPLE).is_none());
    }
}

/// Conformance: 59.
#[tokio::test]
async fn an_organization_without_a_token_cannot_be_imported() {
    let mut setup = Setup::new().await;
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await;
    let error = imported.expect_error(FAILED);
    details(
        error,
        &["Audit trail token does not exist or has no details"],
    );
    let imported = setup.core.import(EXAMPLE, "nobody").await;
    details(imported.expect_error(FAILED), &["nobody"]);
}

#[tokio::test]
async fn only_plans_that_change_an_imported_token_warn_of_the_missing_secret() {
    let mut setup = setup().await;
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    for more in [json!({}), json!({ "expired_at": null })] {
        let planned = setup.plan(more).await.expect_no_diagnostics();
        assert_eq!(planned.action, ResourceAction::NoOp);
    }
    let trigger = json!({ "regenerate_triggers": { "a": "1" } });
    let planned = setup.plan(trigger.clone()).await;
    let warning = sole_warning(&planned.diagnostics, NO_SECRET);
    details(warning, &["gets null", "force_regenerate = true"]);
    setup.apply(trigger.clone()).await.expect_ok();
    setup.plan(trigger).await.expect_no_diagnostics();
}

/// A practitioner who imports a token wants to keep it. The plan said that the date is "another", not which one keeps the token.
#[tokio::test]
async fn the_plan_says_how_an_imported_token_with_another_date_is_kept() {
    let mut setup = setup().await;
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    let own_date = setup.get("expired_at").as_str().unwrap().to_owned();
    let planned = setup.plan(json!({ "expired_at": LATER })).await;
    let warning = planned.expect_warning("The Audit Trail Token Is Regenerated");
    details(warning, &[&own_date, "leave expired_at out"]);
    for kept in [json!(own_date), json!(null)] {
        let planned = setup.plan(json!({ "expired_at": kept })).await;
        assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);
    }
}

#[tokio::test]
async fn force_regenerate_replaces_an_imported_token_in_place() {
    let mut setup = setup().await;
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    let old = setup.token();
    let planned = setup.plan(json!({ "force_regenerate": true })).await;
    let summary = "The Audit Trail Token Is Regenerated";
    let warning = sole_warning(&planned.diagnostics, summary);
    details(warning, &[&old.id]);
    assert_eq!(planned.expect_ok().action, ResourceAction::Update);
    let applied = setup.apply(json!({ "force_regenerate": true })).await;
    applied.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
    setup
        .plan(json!({ "force_regenerate": true }))
        .await
        .expect_no_diagnostics();
}

#[tokio::test]
async fn an_expired_token_is_imported_with_status_expired() {
    let mut setup = setup().await;
    setup.simulator.advance(DAY * 366);
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    assert_eq!(imported["status"], "expired");
}

#[tokio::test]
async fn the_configuration_that_terraform_generates_for_an_import_plans_no_change() {
    let mut setup = setup().await;
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    // Terraform generates optional arguments from the state (its package `genconfig`).
    let generated = json!({
        "organization": imported["organization"], "expired_at": imported["expired_at"],
        "force_regenerate": imported["force_regenerate"],
        "regenerate_triggers": imported["regenerate_triggers"],
        "seal_token": imported["seal_token"],
    });
    let plan = setup.plan(generated).await;
    assert_eq!(plan.expect_ok().action, ResourceAction::NoOp);
}

/// The import ID named one organization and the block another: the plan advised how to move to the other one, and an
/// apply would have deleted the token that had just been imported.
#[tokio::test]
async fn an_import_of_another_organization_than_the_block_s_is_refused() {
    let mut setup = setup().await;
    setup.simulator.add_organization("other-org-name");
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup
        .core
        .provider_config(json!({ "organization": "other-org-name" }));
    for organization in [json!("other-org-name"), json!(null)] {
        let planned = setup.plan(json!({ "organization": organization })).await;
        let error = planned.expect_error("The Import Names Another Organization");
        details(
            error,
            &[ORGANIZATION, "other-org-name", "terraform state rm"],
        );
    }
    // After an apply, another organization is a move.
    setup
        .apply(json!({ "regenerate_triggers": { "a": "1" } }))
        .await
        .expect_ok();
    let planned = setup
        .plan(json!({ "organization": "other-org-name" }))
        .await;
    let action = planned.expect_ok().action;
    assert_eq!(action, ResourceAction::DeleteThenCreate);
}

#[tokio::test]
async fn destroying_an_imported_token_deletes_it() {
    let mut setup = setup().await;
    setup.simulator.advance(UNUSED);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup.core.destroy(EXAMPLE).await.expect_no_diagnostics();
    assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
}
