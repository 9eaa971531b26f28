//! Unknown provider configuration: the provider sends nothing to a guessed host or with a guessed token.

use serde_json::{Value as Json, json};

use super::{DATE, EXAMPLE, LATER, ORGANIZATION, Setup, TYPE, block, details};
use tfplugin_testing::{HostProfile, ResourceAction, UNKNOWN, Walk};

/// The arguments without which the provider cannot send a request.
fn blocks() -> [(&'static str, Json); 3] {
    [
        ("token", json!({ "token": UNKNOWN })),
        ("hostname", json!({ "hostname": UNKNOWN })),
        ("ssl_skip_verify", json!({ "ssl_skip_verify": UNKNOWN })),
    ]
}

#[tokio::test]
async fn an_unknown_provider_configuration_sends_no_request_and_keeps_the_state() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::created(json!({})).await;
        let before = setup.state().clone();
        setup.simulator.regenerate_elsewhere(ORGANIZATION);
        setup.core.provider_config(provider);
        setup.sent();
        setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
        assert_eq!(setup.state(), &before, "{argument}");
        let plan = setup.plan(json!({})).await.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::NoOp, "{argument}");
        let update = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
        assert_eq!(update.action, ResourceAction::Update, "{argument}");
        assert_eq!(setup.sent(), Vec::<String>::new(), "{argument}");
    }
}

/// Conformance: 72.
#[tokio::test]
async fn a_creation_is_planned_without_a_request_and_applied_when_the_configuration_is_known() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::new().await;
        setup.core.provider_config(provider);
        let plan = setup.plan(json!({})).await.expect_no_diagnostics();
        assert_eq!(plan.action, ResourceAction::Create, "{argument}");
        assert_eq!(plan.get("id"), ORGANIZATION);
        assert_eq!(setup.sent(), Vec::<String>::new(), "{argument}");
        setup.core.provider_config(json!({}));
        setup.core.apply(plan).await.expect_no_diagnostics();
        setup.check_current();
    }
}

#[tokio::test]
async fn an_operation_that_needs_the_api_is_an_error_that_names_the_unknown_argument() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::created(json!({})).await;
        let destruction = setup.core.plan_destroy(EXAMPLE).await.expect_ok();
        let update = setup.plan(json!({ "expired_at": LATER })).await.expect_ok();
        let named = format!("\"{argument}\"");
        setup.core.provider_config(provider);
        setup.sent();
        for plan in [destruction, update] {
            let applied = setup.core.apply(plan).await;
            let error = applied.expect_error("Provider Configuration Not Known Yet");
            details(error, &[&named]);
            assert!(setup.core.state(EXAMPLE).is_some());
        }
        let imported = setup
            .core
            .import("tfe_audit_trail_token.other", ORGANIZATION);
        let imported = imported.await;
        let error = imported.expect_error("Provider Configuration Not Known Yet");
        details(error, &[&named]);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_result_of_an_ephemeral_resource_is_unknown_on_terraform() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::new().await;
        setup.core.provider_config(provider);
        let config = block(json!({ "force_regenerate": true }));
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, TYPE, config)
            .await
            .expect_no_diagnostics();
        assert_eq!(
            opened.result(),
            json!({
                "organization": ORGANIZATION, "expired_at": DATE, "force_regenerate": true,
                "revoke_on_close": null, "token": UNKNOWN, "token_id": UNKNOWN, "created_at": UNKNOWN,
            }),
            "{argument}"
        );
        assert_eq!(setup.sent(), Vec::<String>::new());
        opened.close().await.expect_no_diagnostics();
    }
}

/// Conformance: 66, 72.
#[tokio::test]
async fn an_ephemeral_resource_is_an_error_that_names_the_argument_on_opentofu() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(HostProfile::OPENTOFU_1_11);
        setup.core.provider_config(provider);
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, TYPE, block(json!({})))
            .await;
        let error = opened.expect_error("Provider Configuration Not Known Yet");
        details(error, &[&format!("\"{argument}\"")]);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_ephemeral_resource_waits_for_an_unknown_default_organization() {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "organization": UNKNOWN }));
    let config = json!({ "expired_at": DATE });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, TYPE, config.clone())
        .await
        .expect_no_diagnostics();
    assert_eq!(opened.get("organization"), UNKNOWN);
    assert_eq!(opened.get("token"), UNKNOWN);
    setup.core = setup.core.on(HostProfile::OPENTOFU_1_11);
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    let error = opened.expect_error("Provider Configuration Not Known Yet");
    details(error, &["\"organization\""]);
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn a_data_source_is_an_error_that_names_depends_on() {
    for (argument, provider) in blocks() {
        let mut setup = Setup::new().await;
        setup.core.provider_config(provider);
        let read = setup
            .core
            .read_data(TYPE, json!({ "organization": ORGANIZATION }))
            .await;
        let error = read.expect_error("Provider Configuration Not Known Yet");
        details(error, &["depends_on", &format!("\"{argument}\"")]);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_past_date_is_an_error_while_the_provider_is_unknown() {
    let mut setup = Setup::new().await;
    setup.core.provider_config(json!({ "token": UNKNOWN }));
    let planned = setup
        .plan(json!({ "expired_at": "2020-01-01T00:00:00Z" }))
        .await;
    planned.expect_error("Invalid Date");
}
