//! The provider keeps Terraform's rules.
//!
//! Not here: what the provider's objects do (`audit_trail_token`, `audit_trail_events`). The tests of a new object start
//! from [`core`]; the `Setup` of each of those folders is for its own object.

use serde_json::json;
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::Simulator;

use crate::environment;
use tfplugin_testing::{Core, HostProfile, ResourceAction, UNKNOWN, Walk};

const EXAMPLE: &str = "tfe_audit_trail_token.example";

/// Returns a simulator with an organization, and Terraform with the provider that is configured for it.
pub(crate) async fn core() -> (Simulator, Core<Tfe>) {
    let simulator = Simulator::start().await;
    simulator.add_organization("my-org-name");
    simulator.add_owner_token("owner-secret");
    let environment = environment::environment(&simulator, "owner-secret");
    let clock = environment::clock(&simulator);
    let start = move || Tfe::new(environment.clone(), clock.clone(), environment::timing());
    (simulator, Core::start(start).await)
}

#[tokio::test]
async fn c63_unknown_values_are_valid_before_the_provider_is_configured() {
    for host in HostProfile::ALL {
        let (simulator, core) = core().await;
        let mut core = core.on(host);
        core.provider_config(json!({
            "hostname": UNKNOWN, "token": UNKNOWN, "organization": UNKNOWN,
        }));
        let config = json!({ "organization": UNKNOWN, "expired_at": UNKNOWN });
        let validated = core.validate(EXAMPLE, config).await;
        assert!(
            validated.diagnostics.is_empty(),
            "{}: {}",
            host.name,
            validated.diagnostics
        );
        assert!(simulator.requests().is_empty());
    }
}

#[tokio::test]
async fn c54_an_apply_returns_what_was_planned_and_the_next_plan_is_empty() {
    let (simulator, mut core) = core().await;
    let config =
        json!({ "organization": "my-org-name", "expired_at": "2051-04-11T23:15:59+02:00" });
    let object = core.apply_config(EXAMPLE, config).await;
    let token = simulator.audit_trail_token("my-org-name").unwrap();
    assert_eq!(object.get("token_id"), token.id);
    assert_eq!(object.get("expired_at"), "2051-04-11T23:15:59+02:00");
    // Nobody has used it yet.
    let destroyed = core.destroy(EXAMPLE).await;
    destroyed.expect_warning("An Audit Trail Token in Use Is Deleted");
    destroyed.expect_ok();
    assert!(simulator.audit_trail_token("my-org-name").is_none());
}

#[tokio::test]
async fn c59_an_import_leads_to_a_plan_without_changes() {
    let (simulator, mut core) = core().await;
    simulator.regenerate_elsewhere("my-org-name");
    core.import(EXAMPLE, "my-org-name").await.expect_ok();
    let config = json!({ "organization": "my-org-name" });
    let plan = core.plan(EXAMPLE, config).await.expect_ok();
    assert_eq!(
        plan.action,
        ResourceAction::NoOp,
        "{} {}",
        plan.before(),
        plan.after()
    );
}

#[tokio::test]
async fn c66_an_opened_token_is_known_and_keeps_its_arguments_on_every_host() {
    for host in HostProfile::with_ephemeral_resources() {
        let (_simulator, core) = core().await;
        let core = core.on(host);
        let config = json!({
            "organization": "my-org-name", "expired_at": "2051-04-11T23:15:59+02:00",
        });
        let opened = core
            .open_ephemeral(Walk::Plan, "tfe_audit_trail_token", config)
            .await
            .expect_ok();
        assert_eq!(opened.get("expired_at"), "2051-04-11T23:15:59+02:00");
        assert!(opened.get("token").is_string(), "{}", host.name);
        opened.close().await.expect_no_diagnostics();
    }
}
