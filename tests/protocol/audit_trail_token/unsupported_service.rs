//! Services where the endpoint of audit trail tokens means the organization's main token.

use serde_json::json;
use tfe_simulator::{Fault, Method, ServiceKind, Settings, TrailTokenOnOrganization};

use super::{DATE, EXAMPLE, ORGANIZATION, Setup, TYPE, UNUSED, block, details};
use tfplugin_testing::{StoredObject, UNKNOWN, Walk};

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

const MAIN_TOKEN_REPLACED: &str = "The Service Replaced the Main API Token of the Organization";

/// Lets the service call itself HCP Terraform, and act on the organization's main token.
fn pretend(setup: &Setup) {
    setup.simulator.regenerate_organization_token(ORGANIZATION);
    let configure = |settings: &mut Settings| settings.kind = ServiceKind::Imitation;
    setup.simulator.configure(configure);
    let named = Fault::on_any("").header("TFP-AppName", "HCP Terraform");
    setup.simulator.inject(named.always());
}

/// The secret of the organization's main token was stored as the audit trail token's.
#[tokio::test]
async fn a_main_token_that_a_pretender_gives_reaches_no_state() {
    for (sealed, force) in [(false, true), (true, true)] {
        let mut setup = Setup::new().await;
        pretend(&setup);
        if sealed {
            let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
            setup.core.provider_config(json!({ "sealing_key": key }));
        }
        let config = block(json!({ "force_regenerate": force, "seal_token": sealed }));
        let plan = setup.core.plan(EXAMPLE, config).await.expect_ok();
        let before = setup.simulator.organization_token(ORGANIZATION).unwrap();
        let applied = setup.core.apply(plan).await;
        let error = applied.expect_error(MAIN_TOKEN_REPLACED);
        let main = setup.simulator.organization_token(ORGANIZATION).unwrap();
        assert_ne!(main.id, before.id, "the service did replace it");
        details(error, &[&main.id, "Revoke it", ORGANIZATION]);
        assert!(!error.to_string().contains(main.secret.expose()));
        assert!(setup.core.state(EXAMPLE).is_none());
    }
}

#[tokio::test]
async fn a_main_token_does_not_take_the_place_of_a_token_in_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.get("token");
    pretend(&setup);
    let plan = setup.plan(json!({ "force_regenerate": true })).await;
    let applied = setup.core.apply(plan.expect_ok()).await;
    applied.expect_error(MAIN_TOKEN_REPLACED);
    assert_eq!(setup.get("token"), before);
}

/// Returns how often the last apply read the organization, as only the try of a new secret does where the organization
/// has a token.
fn tries(setup: &Setup) -> usize {
    let applied = setup.applied.iter();
    applied.filter(|one| *one == "GET organization").count()
}

/// The secret is worth more than the answer to the question which kind it is of.
#[tokio::test]
async fn an_answer_that_says_nothing_costs_no_secret() {
    let organization = format!("/api/v2/organizations/{ORGANIZATION}");
    let read = || Fault::on_exactly(Method::GET, &organization);
    for fault in [
        read().status(500),
        read().status(503),
        read().status(429),
        read().html(),
        read().null_data(),
        read().redirect("https://example.com/"),
        read().cut(),
    ] {
        let mut setup = Setup::created(json!({})).await;
        setup.simulator.inject(fault.always());
        let applied = setup.apply(json!({ "force_regenerate": true })).await;
        applied.expect_ok();
        setup.check_current();
        assert_eq!(tries(&setup), 1, "{:?}", setup.applied);
    }
}

/// If HCP Terraform lets an audit trail token see its organization, that token is still not a main token.
#[tokio::test]
async fn an_audit_trail_token_that_sees_its_organization_is_stored() {
    let mut setup = Setup::new().await;
    setup.simulator.configure(|settings| {
        settings.trail_token_on_organization = TrailTokenOnOrganization::Views;
    });
    setup.apply(json!({})).await.expect_ok();
    setup.check_current();
}

/// The apply refuses to replace a token that was used since its plan, and the request may count as a use.
#[tokio::test]
async fn an_opened_token_is_not_tried() {
    let setup = Setup::created(json!({})).await;
    setup.simulator.advance(UNUSED);
    setup.sent();
    let config = json!({ "organization": ORGANIZATION });
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    opened.expect_ok();
    assert_eq!(setup.sent(), ["GET token", "POST token", "GET token"]);
}

/// One request for a process, beside those of each creation.
#[tokio::test]
async fn a_process_tries_its_first_new_secret_only() {
    const OTHER: &str = "other-org-name";
    const SECOND: &str = "tfe_audit_trail_token.second";
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.add_organization(OTHER);
    let other = |force| block(json!({ "organization": OTHER, "force_regenerate": force }));
    setup.core.apply_config(SECOND, other(false)).await;
    let mut walk = setup.core.plan_walk().await;
    let one = walk.plan(EXAMPLE, block(json!({ "force_regenerate": true })));
    let one = one.await.expect_ok();
    let two = walk.plan(SECOND, other(true)).await.expect_ok();
    drop(walk);
    setup.sent();
    setup.core.apply_together([one, two]).await.expect_ok();
    let organizations = [
        "GET organization",
        "GET /api/v2/organizations/other-org-name",
    ];
    let sent = setup.sent();
    let tried = sent
        .iter()
        .filter(|one| organizations.contains(&one.as_str()));
    assert_eq!(tried.count(), 1, "{sent:?}");
}
