//! Services where the endpoint of audit trail tokens means the organization's main token.

use serde_json::json;
use tfe_simulator::{Fault, ServiceKind};

use super::{DATE, EXAMPLE, ORGANIZATION, Setup, block, details};
use tfplugin_testing::{StoredObject, UNKNOWN};

const WORDS: [&str; 2] = [
    "Only HCP Terraform has audit trail tokens",
    "TFE_AUDIT_TRAILS_ASSUME_SUPPORTED",
];

/// Returns a setup whose organization has a main token, on a service of this kind.
async fn setup(kind: ServiceKind) -> Setup {
    let setup = Setup::new().await;
    setup.simulator.regenerate_organization_token(ORGANIZATION);
    setup.simulator.configure(|settings| settings.kind = kind);
    setup
}

/// Demands that only reads were sent, and that the main token is unchanged.
#[track_caller]
fn check_untouched(setup: &Setup, main_token: &str) {
    let sent = setup.sent();
    assert!(!sent.is_empty());
    let only_reads = sent.iter().all(|one| one.starts_with("GET "));
    assert!(only_reads, "{sent:?}");
    let now = setup.simulator.organization_token(ORGANIZATION).unwrap();
    assert_eq!(now.id, main_token);
}

#[tokio::test]
async fn nothing_is_generated_and_the_error_explains_why() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        for force in [false, true] {
            let mut setup = setup(kind).await;
            let main = setup.simulator.organization_token(ORGANIZATION).unwrap();
            let config = block(json!({ "force_regenerate": force }));
            let checked = "Error while checking if an audit token exists for organization";
            let planned = setup.core.plan(EXAMPLE, config.clone()).await;
            details(planned.expect_error(checked), &WORDS);
            check_untouched(&setup, &main.id);

            // The plan cannot see the service while the provider block is not known.
            setup.core.provider_config(json!({ "token": UNKNOWN }));
            let plan = setup.core.plan(EXAMPLE, config).await.expect_ok();
            setup.core.provider_config(json!({}));
            let applied = setup.core.apply(plan).await;
            details(applied.expect_error(checked), &WORDS);
            check_untouched(&setup, &main.id);
            assert!(setup.core.state(EXAMPLE).is_none());
        }
    }
}

/// The HTML page of a proxy does not name its service. The error advised to set TFE_AUDIT_TRAILS_ASSUME_SUPPORTED.
#[tokio::test]
async fn an_html_page_is_not_reported_as_another_service() {
    let mut setup = Setup::new().await;
    let page = Fault::on_any("").html().always();
    setup.simulator.inject(page);
    let config = block(json!({}));
    let plan = setup.core.plan(EXAMPLE, config).await.expect_ok();
    let applied = setup.core.apply(plan).await;
    let error = applied
        .expect_error("Error while checking if an audit token exists for organization")
        .clone();
    details(&error, &["a login page", "the answer is a web page"]);
    assert!(!error.detail().contains("ASSUME_SUPPORTED"), "{error}");
}

#[tokio::test]
async fn a_state_with_the_main_tokens_id_does_not_delete_the_main_token() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let mut setup = setup(kind).await;
        let main = setup.simulator.organization_token(ORGANIZATION).unwrap();
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
        setup.core.set_state(EXAMPLE, state);
        let unknown = json!({ "token": UNKNOWN });
        setup.core.provider_config(unknown);
        let plan = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
        setup.core.provider_config(json!({}));
        let applied = setup.core.apply(plan).await;
        let error = applied.expect_error("Error deleting organization audit trail token");
        details(error, &WORDS);
        check_untouched(&setup, &main.id);
    }
}
