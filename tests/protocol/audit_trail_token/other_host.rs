//! A state whose token is on another host than the provider's.

use serde_json::{Value as Json, json};
use tfe_simulator::Simulator;

use super::{EXAMPLE, LATER, ORGANIZATION, OWNER, Setup, details};
use tfplugin_testing::{HostProfile, ResourceAction, StoredObject};

const OTHER: &str = "The Audit Trail Token Is on Another Host";
const HERE: &str = "app.terraform.io";
const THERE: &str = "app.eu.terraform.io";
const LOCAL: &str = "localterraform.com";

/// Returns a setup whose provider can reach two services, of which the second has the same organization without a token.
/// [`LOCAL`] is another name of the first.
async fn setup(host: HostProfile) -> (Setup, Simulator) {
    let here = Simulator::start().await;
    let there = Simulator::start().await;
    for service in [&here, &there] {
        service.add_organization(ORGANIZATION);
    }
    there.add_owner_token(OWNER);
    let block = |name: &str, service: &Simulator| {
        let url = service.api_url();
        format!("host \"{name}\" {{\n  services = {{ \"tfe.v2\" = \"{url}\" }}\n}}\n")
    };
    let cli = block(HERE, &here) + &block(LOCAL, &here) + &block(THERE, &there);
    let change = |environment: terraform_provider_tfe::client::Environment| {
        environment.file("/cli.tfrc", cli)
    };
    let mut setup = Setup::at(here, OWNER, change, None).await;
    setup.core = setup.core.on(host);
    setup.apply(json!({})).await.expect_ok();
    (setup, there)
}

fn point_to(setup: &mut Setup, hostname: &str) {
    let provider = json!({ "hostname": hostname, "token": OWNER });
    setup.core.provider_config(provider);
}

fn without_private_data(setup: &mut Setup) {
    let object = StoredObject {
        private: Vec::new(),
        ..setup.state().clone()
    };
    setup.core.set_state(EXAMPLE, object);
}

/// `TFE_HOSTNAME` named another host in one shell: the object with its only secret left the state, and a token was
/// generated on that host.
#[tokio::test]
async fn a_token_on_another_host_is_an_error_that_keeps_the_state_and_sends_nothing() {
    for host in HostProfile::ALL {
        let (mut setup, there) = setup(host).await;
        let before = setup.state().clone();
        point_to(&mut setup, THERE);
        setup.sent();
        let refreshed = setup.core.refresh(EXAMPLE).await;
        let error = refreshed.expect_error(OTHER);
        details(error, &[ORGANIZATION, HERE, THERE, "terraform state rm"]);
        let planned = setup.plan(json!({})).await;
        planned.expect_error(OTHER);
        setup.core.plan_destroy(EXAMPLE).await.expect_error(OTHER);
        assert_eq!(setup.state(), &before, "{}", host.name);
        assert_eq!(there.requests(), []);
        assert_eq!(setup.sent(), [""; 0]);

        point_to(&mut setup, HERE);
        let plan = setup.plan(json!({})).await.expect_ok();
        assert_eq!(plan.action, ResourceAction::NoOp);
    }
}

#[tokio::test]
async fn a_plan_without_a_refresh_refuses_another_host() {
    let (mut setup, there) = setup(HostProfile::ALL[0]).await;
    setup.core.disable_refresh();
    point_to(&mut setup, THERE);
    for more in [json!({}), json!({ "expired_at": LATER })] {
        setup.plan(more).await.expect_error(OTHER);
    }
    setup.core.plan_destroy(EXAMPLE).await.expect_error(OTHER);
    assert_eq!(there.requests(), []);
}

#[tokio::test]
async fn an_apply_refuses_another_host_than_its_plan() {
    let (mut setup, there) = setup(HostProfile::ALL[0]).await;
    let token = setup.token();
    let updated = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
    let destroyed = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
    point_to(&mut setup, THERE);
    for plan in [updated, destroyed] {
        setup.core.apply(plan).await.expect_error(OTHER);
        assert_eq!(there.requests(), []);
        assert_eq!(setup.token().id, token.id);
        assert_eq!(setup.get("token"), token.secret.expose());
    }
}

/// Another name leads to the same service, as `localterraform.com` does in an HCP Terraform run.
#[tokio::test]
async fn another_name_of_the_same_service_is_the_same_host() {
    for host in HostProfile::ALL {
        let (mut setup, _) = setup(host).await;
        let identity = setup.state().identity();
        for name in [LOCAL, "APP.terraform.io:443", HERE] {
            point_to(&mut setup, name);
            let plan = setup.plan(json!({})).await.expect_no_diagnostics();
            assert_eq!(plan.action, ResourceAction::NoOp, "{name}");
            setup.apply(json!({})).await.expect_no_diagnostics();
            assert_eq!(setup.state().identity(), identity);
        }
        point_to(&mut setup, LOCAL);
        setup
            .apply(json!({ "expired_at": LATER }))
            .await
            .expect_ok();
        setup.check_current();
        setup.core.destroy(EXAMPLE).await.expect_ok();
        assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    }
}

#[tokio::test]
async fn the_identity_says_which_host_if_the_private_data_does_not() {
    let (mut setup, there) = setup(HostProfile::TERRAFORM_1_12).await;
    without_private_data(&mut setup);
    point_to(&mut setup, THERE);
    setup.core.refresh(EXAMPLE).await.expect_error(OTHER);
    assert_eq!(there.requests(), []);
    point_to(&mut setup, HERE);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    setup.check_current();
}

/// A state of hashicorp/tfe, or of an earlier version, does not say which host its token is on.
#[tokio::test]
async fn a_state_that_names_no_host_belongs_to_the_provider_s() {
    let (mut setup, there) = setup(HostProfile::ALL[0]).await;
    without_private_data(&mut setup);
    point_to(&mut setup, THERE);
    there.regenerate_elsewhere(ORGANIZATION);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_warning("The Audit Trail Token Was Replaced");
    let identity: Json = setup.state().identity();
    assert_eq!(identity, json!(null));
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_keeps_the_state() {
    let (mut setup, _) = setup(HostProfile::ALL[0]).await;
    let before = setup.state().clone();
    let cut = tfe_simulator::Fault::on_any("").always().cut();
    setup.simulator.inject(cut);
    point_to(&mut setup, "unknown.invalid");
    let refreshed = setup.core.refresh(EXAMPLE).await;
    let error = refreshed.expect_error(OTHER);
    details(error, &["unknown.invalid", HERE]);
    assert_eq!(setup.state(), &before);
}
