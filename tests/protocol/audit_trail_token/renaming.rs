//! An organization that was renamed: the same token is found under the new name.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method, Token};
use tfplugin::Path;

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, block, details, sole_warning};
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN};

const NEW: &str = "new-org-name";
const RENAMED: &str = "The Organization Was Renamed";
const FORMER: &str = "The Configuration Has a Former Name of the Organization";
const NOT_READ: &str = "Error reading Organization Audit Trail Token";

/// Returns a setup whose organization was renamed after the token was generated, beside other organizations.
async fn setup(host: HostProfile, more: Json) -> (Setup, Token) {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(host);
    setup.apply(more).await.expect_ok();
    let token = setup.token();
    for other in ["another-org-name", "zoo-org-name"] {
        setup.simulator.add_organization(other);
    }
    setup.simulator.regenerate_elsewhere("another-org-name");
    setup.simulator.rename_organization(ORGANIZATION, NEW);
    setup.sent();
    (setup, token)
}

async fn renamed() -> (Setup, Token) {
    setup(HostProfile::TERRAFORM_1_12, json!({})).await
}

#[track_caller]
fn check_kept(setup: &Setup, token: &Token) {
    let now = setup.simulator.audit_trail_token(NEW).unwrap();
    assert_eq!(now.id, token.id);
    assert_eq!(setup.get("token"), token.secret.expose());
    assert_eq!(setup.get("token_id"), token.id);
    assert_eq!(setup.get("status"), "current");
}

fn to(organization: &str) -> Json {
    json!({ "organization": organization })
}

/// A practitioner had to edit the state by hand after a rename.
#[tokio::test]
async fn a_renamed_organization_is_followed_and_the_plan_is_empty() {
    for host in HostProfile::ALL {
        let (mut setup, token) = setup(host, json!({})).await;
        let planned = setup.plan(to(NEW)).await;
        let warning = sole_warning(&planned.diagnostics, RENAMED);
        details(warning, &[ORGANIZATION, NEW, &token.id]);
        let plan = planned.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp, "{}", host.name);
        assert!(setup.sent().iter().all(|sent| sent.starts_with("GET ")));
        setup.apply(to(NEW)).await.expect_ok();
        assert_eq!(setup.applied, [""; 0]);
        check_kept(&setup, &token);
        assert_eq!(setup.get("organization"), NEW);
        assert_eq!(setup.get("id"), NEW);
        if host.identities {
            let identity = json!({ "hostname": "app.terraform.io", "organization": NEW });
            assert_eq!(setup.state().identity(), identity);
        }
        setup.plan(to(NEW)).await.expect_no_diagnostics();
        assert_eq!(setup.sent().len(), 1);
    }
}

#[tokio::test]
async fn a_renamed_default_organization_is_followed() {
    let (mut setup, token) = renamed().await;
    setup.core.provider_config(to(NEW));
    let none = json!({ "organization": null });
    setup.apply(none.clone()).await.expect_ok();
    check_kept(&setup, &token);
    setup.plan(none).await.expect_no_diagnostics();
}

/// Replacing the object would delete the token under the new name, and fail to generate one under the old name.
#[tokio::test]
async fn a_former_name_in_the_configuration_destroys_nothing_and_is_named() {
    for (provider, more) in [
        (json!({}), json!({})),
        (to(ORGANIZATION), json!({ "organization": null })),
    ] {
        let (mut setup, token) = renamed().await;
        setup.core.provider_config(provider);
        let planned = setup.plan(more.clone()).await;
        // One warning for one situation: it says what to write.
        let warning = sole_warning(&planned.diagnostics, RENAMED);
        details(warning, &[ORGANIZATION, NEW, "change it to"]);
        assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);
        setup.apply(more.clone()).await.expect_ok();
        check_kept(&setup, &token);

        let planned = setup.plan(more.clone()).await;
        let warning = sole_warning(&planned.diagnostics, FORMER);
        details(warning, &[ORGANIZATION, NEW]);
        assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);

        let mut later = more;
        later["expired_at"] = json!(LATER);
        setup.apply(later).await.expect_ok();
        let now = setup.simulator.audit_trail_token(NEW).unwrap();
        assert_ne!(now.id, token.id);
        assert_eq!(setup.get("token"), now.secret.expose());
        assert_eq!(setup.get("organization"), NEW);
    }
}

#[tokio::test]
async fn a_replacement_under_a_former_name_is_refused() {
    let (mut setup, token) = renamed().await;
    setup.apply(json!({})).await.expect_ok();
    for creates_first in [false, true] {
        if creates_first {
            setup.core.create_before_destroy(EXAMPLE);
        }
        let planned = setup.core.plan_replace(EXAMPLE, block(json!({}))).await;
        let error = planned.expect_error("The Organization Has Another Name");
        assert_eq!(error.path(), Some(&Path::of("organization")));
        details(error, &[ORGANIZATION, NEW]);
    }
    check_kept(&setup, &token);
}

/// Terraform plans the creation that replaces a tainted object without its private data.
#[tokio::test]
async fn a_tainted_object_is_not_replaced_under_a_former_name() {
    let (mut setup, _) = renamed().await;
    let mut object = setup.state().clone();
    object.tainted = true;
    setup.core.set_state(EXAMPLE, object);
    let planned = setup.plan(json!({})).await;
    let error = planned.expect_error("The Organization Has Another Name");
    details(error, &[ORGANIZATION, NEW]);
    let plan = setup.plan(to(NEW)).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
}

#[tokio::test]
async fn a_token_of_a_renamed_organization_is_destroyed_under_the_new_name() {
    let (mut setup, _) = renamed().await;
    setup.core.destroy(EXAMPLE).await.expect_ok();
    assert!(setup.simulator.audit_trail_token(NEW).is_none());
    let other = setup.simulator.audit_trail_token("another-org-name");
    assert!(other.is_some());
}

#[tokio::test]
async fn another_organization_still_replaces_after_a_rename() {
    let (mut setup, _) = renamed().await;
    setup.apply(to(NEW)).await.expect_ok();
    let plan = setup.plan(to("zoo-org-name")).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::DeleteThenCreate);
}

#[tokio::test]
async fn an_imported_and_a_followed_token_are_found_after_a_rename() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    let elsewhere = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.core.refresh(EXAMPLE).await.expect_ok();
    setup.simulator.rename_organization(ORGANIZATION, NEW);
    let plan = setup.plan(to(NEW)).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::Update, "expired_at alone");
    setup.core.destroy(EXAMPLE).await.expect_ok();
    let left = setup.simulator.audit_trail_token(NEW).unwrap();
    assert_eq!(left.id, elsewhere.id);
}

#[tokio::test]
async fn an_organization_whose_token_is_found_nowhere_keeps_the_state() {
    let (mut setup, _) = renamed().await;
    let before = setup.state().clone();
    // Another token now: nothing shows which organization was renamed.
    setup.simulator.regenerate_elsewhere(NEW);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_error(NOT_READ);
    assert_eq!(setup.state(), &before);
}

#[tokio::test]
async fn a_search_that_fails_keeps_the_state_and_the_first_error() {
    let organizations = || Fault::on(Method::GET, "/organizations?").always();
    for fault in [
        organizations().status(500),
        organizations().status(403),
        organizations().html(),
        organizations().cut(),
    ] {
        let (mut setup, _) = renamed().await;
        let before = setup.state().clone();
        setup.simulator.inject(fault);
        let refreshed = setup.core.refresh(EXAMPLE).await;
        let error = refreshed.expect_error(NOT_READ);
        details(error, &["there is no organization of this name"]);
        assert_eq!(setup.state(), &before);
    }
}

#[tokio::test]
async fn an_organization_whose_token_cannot_be_read_does_not_end_the_search() {
    let (mut setup, token) = renamed().await;
    let (views, owner) = (tfe_simulator::Access::Views, super::OWNER);
    setup.simulator.set_access(owner, "another-org-name", views);
    setup.apply(to(NEW)).await.expect_ok();
    check_kept(&setup, &token);
}

#[tokio::test]
async fn at_most_fifty_organizations_are_searched() {
    let mut setup = Setup::created(json!({})).await;
    setup.simulator.hide_organization(ORGANIZATION);
    for number in 0..60 {
        let name = format!("org-{number:02}");
        setup.simulator.add_organization(name.as_str());
        setup.simulator.regenerate_elsewhere(&name);
    }
    setup.sent();
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_error(NOT_READ);
    let searched = setup.sent();
    let tokens = searched.iter().filter(|sent| sent.contains("/org-"));
    assert_eq!(tokens.count(), 50);
}

#[tokio::test]
async fn an_unknown_name_after_a_rename_warns_as_before_one() {
    let (mut setup, _) = renamed().await;
    setup.apply(to(NEW)).await.expect_ok();
    let planned = setup.plan(to(UNKNOWN)).await;
    planned.expect_warning("The Audit Trail Token May Be Destroyed");
    assert_eq!(setup.get("expired_at"), DATE);
}

/// Another organization has taken the former name: the object with the only secret left the state as "gone".
#[tokio::test]
async fn a_renamed_organization_is_followed_if_another_one_has_its_former_name() {
    for host in HostProfile::ALL {
        let (mut setup, token) = setup(host, json!({})).await;
        setup.simulator.add_organization(ORGANIZATION);
        let planned = setup.plan(to(NEW)).await;
        let warning = sole_warning(&planned.diagnostics, RENAMED);
        details(warning, &[ORGANIZATION, NEW, &token.id]);
        assert_eq!(planned.expect_ok().action, ResourceAction::NoOp);
        setup.apply(to(NEW)).await.expect_ok();
        check_kept(&setup, &token);
    }
}

/// What the other organizations have is not known, so the token may exist.
#[tokio::test]
async fn a_token_is_not_gone_while_the_search_for_it_fails() {
    let (mut setup, token) = renamed().await;
    setup.simulator.add_organization(ORGANIZATION);
    let failing = Fault::on(Method::GET, "/organizations?").always();
    setup.simulator.inject(failing.status(500));
    let planned = setup.plan(json!({})).await;
    let error = planned.expect_error("The Audit Trail Token Was Not Found");
    details(error, &[&token.id, "state is kept"]);
    setup.simulator.clear_faults();
    setup.core.refresh(EXAMPLE).await.expect_ok();
    check_kept(&setup, &token);
}

/// Nothing connects the state with the organization any more.
#[tokio::test]
async fn a_renamed_organization_whose_token_was_replaced_is_an_error_with_the_ways_out() {
    let (setup, _) = renamed().await;
    setup.simulator.regenerate_elsewhere(NEW);
    let planned = setup.plan(json!({})).await;
    let ways_out = ["replaced", "terraform state rm", "import"];
    details(planned.expect_error(NOT_READ), &ways_out);
}
