//! Another spelling of an organization's name, which HCP Terraform finds without regard to case.

use serde_json::{Value as Json, json};
use tfe_simulator::OrganizationNames;

use super::moved::theirs_of;
use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, TYPE, block};
use tfplugin_testing::{HostProfile, ResourceAction};

const SHOUTED: &str = "MY-ORG-NAME";

fn shouted() -> Json {
    json!({ "organization": SHOUTED })
}

/// Demands that this configuration plans nothing, sends one read, and that an apply of it changes nothing.
async fn check_no_change(setup: &mut Setup, more: Json) {
    setup.sent();
    let (before, token) = (setup.state().json(), setup.token());
    let plan = setup.plan(more.clone()).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp, "{}", plan.after());
    assert_eq!(setup.sent().len(), 1);
    setup.apply(more).await.expect_no_diagnostics();
    assert_eq!(setup.state().json(), before);
    assert_eq!(setup.token().id, token.id);
}

/// A practitioner wrote `Acme` instead of `acme`: with force_regenerate the token was deleted and generated anew, and
/// without it the plan advised to force.
#[tokio::test]
async fn another_spelling_in_the_configuration_changes_nothing() {
    for host in HostProfile::ALL {
        for more in [json!({}), json!({ "force_regenerate": true })] {
            let mut setup = Setup::new().await;
            setup.core = setup.core.on(host);
            setup.apply(more.clone()).await.expect_no_diagnostics();
            let mut respelled = more;
            respelled["organization"] = json!(SHOUTED);
            check_no_change(&mut setup, respelled).await;
            assert_eq!(setup.get("organization"), ORGANIZATION);
        }
    }
}

#[tokio::test]
async fn another_spelling_of_the_default_organization_changes_nothing() {
    let default = json!({ "organization": null });
    let mut setup = Setup::created(json!({})).await;
    for spelling in [SHOUTED, "My-Org-Name", ORGANIZATION] {
        setup
            .core
            .provider_config(json!({ "organization": spelling }));
        check_no_change(&mut setup, default.clone()).await;
    }
    let mut setup =
        Setup::with(|environment| environment.variable("TFE_ORGANIZATION", SHOUTED)).await;
    setup.apply(json!({})).await.expect_no_diagnostics();
    check_no_change(&mut setup, default).await;
}

#[tokio::test]
async fn a_token_is_created_in_the_configured_spelling() {
    let mut setup = Setup::new().await;
    setup.apply(shouted()).await.expect_no_diagnostics();
    assert_eq!(setup.get("organization"), SHOUTED);
    assert_eq!(setup.get("id"), SHOUTED);
    check_no_change(&mut setup, json!({})).await;
}

#[tokio::test]
async fn a_token_is_imported_or_moved_in_another_spelling() {
    let host = HostProfile::TERRAFORM_1_12;
    for by_identity in [false, true] {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(host);
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        let imported = if by_identity {
            setup.core.import_by_identity(EXAMPLE, shouted()).await
        } else {
            setup.core.import(EXAMPLE, SHOUTED).await
        };
        imported.expect_ok();
        let plan = setup.plan(json!({ "expired_at": null })).await.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp);
    }

    let mut setup = Setup::new().await;
    setup.core = setup.core.on(host);
    let until = DATE.parse().unwrap();
    let token = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    let secret = json!(token.secret.expose());
    let source = theirs_of(SHOUTED, "registry.terraform.io/hashicorp/tfe", &secret);
    setup
        .core
        .moved(EXAMPLE, source)
        .await
        .expect_no_diagnostics();
    let plan = setup.plan(json!({})).await.expect_no_diagnostics();
    assert_eq!(plan.action, ResourceAction::NoOp);
}

/// What the provider remembers of a token is found under every spelling.
#[tokio::test]
async fn another_spelling_loses_nothing_that_is_remembered_of_a_token() {
    let setup = Setup::created(json!({})).await;
    let replaced = setup.core.plan_replace(EXAMPLE, block(shouted())).await;
    replaced.expect_no_diagnostics();

    // A followed token is left alone.
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, SHOUTED).await.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup.core.destroy(EXAMPLE).await.expect_ok();
    assert_eq!(setup.token().id, elsewhere.id);
}

#[tokio::test]
async fn a_regeneration_in_another_spelling_keeps_the_spelling_in_the_state() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    let later = json!({ "organization": SHOUTED, "expired_at": LATER });
    setup.apply(later).await.expect_ok();
    assert_eq!(
        setup.applied,
        ["GET token", "POST token", "GET token", "GET organization"]
    );
    assert_eq!(setup.get("organization"), ORGANIZATION);
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
}

/// Whether a service compares names exactly does not matter: the state keeps the spelling that was found.
#[tokio::test]
async fn another_spelling_changes_nothing_where_names_are_exact() {
    let mut setup = Setup::created(json!({})).await;
    setup
        .simulator
        .configure(|settings| settings.organization_names = OrganizationNames::ExactCase);
    check_no_change(&mut setup, shouted()).await;
}

#[tokio::test]
async fn data_sources_and_lists_find_an_organization_in_any_spelling() {
    let setup = Setup::created(json!({})).await;
    let read = setup.core.read_data(TYPE, shouted()).await.expect_ok();
    assert_eq!(read["organization"], SHOUTED);
    assert_eq!(read["token_id"], setup.token().id);
}
