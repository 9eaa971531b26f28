//! Services where the endpoint of audit trail tokens means the organization's main token.

use serde_json::json;
use tfe_simulator::{Fault, ServiceKind};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Scene, TYPE, block, details};
use tfplugin_testing::{StoredObject, UNKNOWN, Walk};

const WORDS: [&str; 2] = [
    "Only HCP Terraform has audit trail tokens",
    "TFE_AUDIT_TRAILS_ASSUME_SUPPORTED",
];

/// An organization with a main token, on such a service.
async fn scene(kind: ServiceKind) -> Scene {
    let scene = Scene::new().await;
    scene.simulator.regenerate_organization_token(ORGANIZATION);
    scene.simulator.configure(|settings| settings.kind = kind);
    scene
}

/// Nothing but looks was sent, and the main token is what it was.
#[track_caller]
fn check_untouched(scene: &Scene, main_token: &str) {
    let sent = scene.sent();
    assert!(!sent.is_empty());
    let only_looks = sent.iter().all(|one| one.starts_with("GET "));
    assert!(only_looks, "{sent:?}");
    let now = scene.simulator.organization_token(ORGANIZATION).unwrap();
    assert_eq!(now.id, main_token);
}

#[tokio::test]
async fn nothing_is_generated_and_the_error_explains_why() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        for force in [false, true] {
            let mut scene = scene(kind).await;
            let main = scene.simulator.organization_token(ORGANIZATION).unwrap();
            let config = block(json!({ "force_regenerate": force }));
            let plan = scene.core.plan(EXAMPLE, config).await.expect_ok();
            let applied = scene.core.apply(plan).await;
            let error = applied
                .expect_error("Error while checking if an audit token exists for organization");
            details(error, &WORDS);
            check_untouched(&scene, &main.id);
            assert!(scene.core.state(EXAMPLE).is_none());
        }
    }
}

/// A proxy's page names nobody, so that switching the guard off was advised.
#[tokio::test]
async fn a_page_is_not_mistaken_for_another_service() {
    let mut scene = Scene::new().await;
    let page = Fault::on_any("").html().always();
    scene.simulator.inject(page);
    let config = block(json!({}));
    let plan = scene.core.plan(EXAMPLE, config).await.expect_ok();
    let applied = scene.core.apply(plan).await;
    let error = applied
        .expect_error("Error while checking if an audit token exists for organization")
        .clone();
    details(&error, &["a login page", "the answer is a web page"]);
    assert!(!error.detail().contains("ASSUME_SUPPORTED"), "{error}");
}

#[tokio::test]
async fn nothing_is_regenerated_deleted_or_believed() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let mut scene = Scene::created(json!({})).await;
        let before = scene.state().json();
        let main = scene.simulator.regenerate_organization_token(ORGANIZATION);
        let update = scene.plan(json!({ "expired_at": LATER })).await.expect_ok();
        let destruction = scene.core.plan_destroy(EXAMPLE).await.expect_ok();
        scene.simulator.configure(|settings| settings.kind = kind);
        scene.sent();

        let refreshed = scene.core.refresh(EXAMPLE).await;
        let error = refreshed.expect_error("Error reading Organization Audit Trail Token");
        details(error, &WORDS);
        let updated = scene.core.apply(update).await;
        updated.expect_error("Error while checking if an audit token exists for organization");
        let deleted = scene.core.apply(destruction).await;
        deleted.expect_error("Error deleting organization audit trail token");
        assert_eq!(scene.state().json(), before);
        check_untouched(&scene, &main.id);
    }
}

#[tokio::test]
async fn a_state_that_even_names_the_main_token_does_not_delete_it() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let mut scene = scene(kind).await;
        let main = scene.simulator.organization_token(ORGANIZATION).unwrap();
        let attributes = json!({
            "id": ORGANIZATION, "organization": ORGANIZATION, "expired_at": DATE,
            "force_regenerate": null, "token": "some-secret", "token_id": main.id,
            "created_at": "2026-01-01T00:00:00Z", "status": "current",
        });
        let state = StoredObject {
            attributes: attributes.to_string(),
            schema_version: 0,
            private: Vec::new(),
            tainted: false,
            identity: None,
        };
        scene.core.set_state(EXAMPLE, state);
        let unknown = json!({ "token": UNKNOWN });
        scene.core.provider_config(unknown);
        let plan = scene.core.plan_destroy(EXAMPLE).await.expect_ok();
        scene.core.provider_config(json!({}));
        let applied = scene.core.apply(plan).await;
        let error = applied.expect_error("Error deleting organization audit trail token");
        details(error, &WORDS);
        check_untouched(&scene, &main.id);
    }
}

#[tokio::test]
async fn ephemeral_data_source_and_import_refuse_too() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let mut scene = scene(kind).await;
        let main = scene.simulator.organization_token(ORGANIZATION).unwrap();
        let forced = block(json!({ "force_regenerate": true }));
        let opened = scene.core.open_ephemeral(Walk::Plan, TYPE, forced).await;
        let error =
            opened.expect_error("Error while checking if an audit token exists for organization");
        details(error, &WORDS);
        let config = json!({ "organization": ORGANIZATION });
        let read = scene.core.read_data(TYPE, config).await;
        read.expect_error("Error reading Organization Audit Trail Token");
        let imported = scene.core.import(EXAMPLE, ORGANIZATION).await;
        imported.expect_error("Error importing organization audit trail token");
        check_untouched(&scene, &main.id);
    }
}

#[tokio::test]
async fn what_sends_x_tfe_version_is_refused_whatever_is_assumed() {
    let scene = Scene::with(|environment| {
        environment.variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", "app.terraform.io")
    });
    let mut scene = scene.await;
    let main = scene.simulator.regenerate_organization_token(ORGANIZATION);
    scene
        .simulator
        .configure(|settings| settings.kind = ServiceKind::TerraformEnterprise);
    let config = block(json!({ "force_regenerate": true }));
    let plan = scene.core.plan(EXAMPLE, config).await.expect_ok();
    let applied = scene.core.apply(plan).await;
    applied.expect_error("Error while checking if an audit token exists for organization");
    check_untouched(&scene, &main.id);
}

#[tokio::test]
async fn a_host_that_does_not_name_itself_works_where_it_is_assumed_to_be_supported() {
    let scene = Scene::with(|environment| {
        environment.variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", "app.terraform.io")
    });
    let mut scene = scene.await;
    let nameless = Fault::on_any("/api/v2/")
        .always()
        .without_header("TFP-AppName");
    scene.simulator.inject(nameless);
    scene.apply(json!({})).await.expect_silent();
    scene.check_alive();
}
