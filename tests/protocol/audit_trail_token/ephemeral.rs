//! The ephemeral resource that generates a token each time it is opened.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method};
use tfplugin::Path;

use super::{DATE, DAY, LATER, ORGANIZATION, Setup, TYPE, block, details, sole_warning};
use tfplugin_testing::{HostProfile, UNKNOWN, Walk};

const IN_USE: &str = "The Audit Trail Token Is in Use";
const INVALIDATED: &str = "An Audit Trail Token Was Invalidated";

/// Returns a setup with the token of somebody else, last used this long ago.
async fn used(ago: Duration) -> Setup {
    let setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    setup.simulator.advance(ago);
    setup
}

#[tokio::test]
async fn opening_the_ephemeral_resource_generates_a_token_and_returns_its_secret() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(host);
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, TYPE, block(json!({})))
            .await
            .expect_no_diagnostics();
        let token = setup.token();
        assert_eq!(
            opened.result(),
            json!({
                "organization": ORGANIZATION, "expired_at": DATE, "force_regenerate": null,
                "revoke_on_close": null,
                "token": token.secret.expose(), "token_id": token.id,
                "created_at": "2026-01-01T00:00:00Z",
            }),
            "{}",
            host.name
        );
        assert_eq!(opened.renew_at, None);
        setup.sent();

        // Close does nothing.
        opened.close().await.expect_no_diagnostics();
        assert_eq!(setup.sent(), Vec::<String>::new());
        assert_eq!(setup.token().id, token.id);
    }
}

#[tokio::test]
async fn arguments_that_are_not_configured_are_filled_in() {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, json!({})).await;
    let opened = opened.expect_no_diagnostics();
    assert_eq!(opened.get("organization"), ORGANIZATION);
    assert_eq!(opened.get("expired_at"), "2028-01-01T00:00:00Z");
}

/// Conformance: 66.
#[tokio::test]
async fn a_configured_date_is_returned_as_it_is_written() {
    for spelling in [
        "2027-01-01T02:00:00+02:00",
        "2027-01-01T00:00:00.250Z",
        "2051-04-11T23:15:59-11:30",
    ] {
        let setup = Setup::new().await;
        let config = block(json!({ "expired_at": spelling }));
        let opened = setup.core.open_ephemeral(Walk::Apply, TYPE, config).await;
        assert_eq!(opened.expect_no_diagnostics().get("expired_at"), spelling);
    }
}

#[tokio::test]
async fn a_token_in_use_is_not_invalidated() {
    for ago in [Duration::ZERO, DAY, DAY * 14] {
        for walk in [Walk::Plan, Walk::Apply] {
            let setup = used(ago).await;
            let before = setup.token();
            let config = block(json!({}));
            let opened = setup.core.open_ephemeral(walk, TYPE, config).await;
            let error = opened.expect_error(IN_USE);
            details(
                error,
                &[
                    &before.id,
                    "last used 2026-01-01T00:00:00Z",
                    "seal_token = true",
                    "tfe_unsealed_audit_trail_token",
                    "force_regenerate = true",
                ],
            );
            assert_eq!(setup.token().id, before.id);
        }
    }
}

#[tokio::test]
async fn force_regenerate_false_protects_a_token_in_use_too() {
    let setup = used(DAY).await;
    let config = block(json!({ "force_regenerate": false }));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    opened.expect_error(IN_USE);
}

#[tokio::test]
async fn force_regenerate_invalidates_a_token_in_use_and_the_warning_names_it() {
    let setup = used(DAY).await;
    let before = setup.token();
    let config = block(json!({ "force_regenerate": true }));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    let warning = sole_warning(&opened.diagnostics, INVALIDATED);
    details(
        warning,
        &[
            &before.id,
            "last used 2026-01-01T00:00:00Z",
            "seal_token = true",
        ],
    );
    let secret = setup.token().secret;
    assert_eq!(opened.expect_ok().get("token"), secret.expose());
    assert_ne!(setup.token().id, before.id);
}

#[tokio::test]
async fn a_token_that_was_not_used_for_fourteen_days_is_invalidated_with_a_warning() {
    let setup = used(DAY * 14 + Duration::from_secs(1)).await;
    let before = setup.token();
    let config = block(json!({}));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    let warning = sole_warning(&opened.diagnostics, INVALIDATED);
    details(warning, &[&before.id]);
    opened.expect_ok();
    assert_ne!(setup.token().id, before.id);
}

#[tokio::test]
async fn the_apply_invalidates_the_token_of_the_plan_unless_it_was_used_since() {
    let setup = Setup::new().await;
    let config = block(json!({}));
    let planned = setup
        .core
        .open_ephemeral(Walk::Plan, TYPE, config.clone())
        .await
        .expect_no_diagnostics();
    planned.close().await.expect_no_diagnostics();
    let of_plan = setup.token();
    let applied = setup
        .core
        .open_ephemeral(Walk::Apply, TYPE, config.clone())
        .await;
    details(
        sole_warning(&applied.diagnostics, INVALIDATED),
        &[&of_plan.id],
    );
    applied.expect_ok();

    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    let again = setup.core.open_ephemeral(Walk::Apply, TYPE, config).await;
    again.expect_error(IN_USE);
}

#[tokio::test]
async fn an_error_that_the_plan_can_know_generates_nothing() {
    let check = |provider: Json, config: Json, summary: &'static str, attribute: &'static str| async move {
        let mut setup = Setup::new().await;
        setup.core.provider_config(provider);
        let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
        let error = opened.expect_error(summary);
        assert_eq!(error.path(), Some(&Path::of(attribute)));
        assert_eq!(setup.sent(), Vec::<String>::new());
    };
    let invalid_date = "Invalid RFC3339 String Value";
    let not_given = "No organization was specified on the resource or provider";
    let invalid_name = "Invalid Organization Name";
    check(
        json!({}),
        block(json!({ "expired_at": "2025-01-01T00:00:00Z" })),
        "Invalid Date",
        "expired_at",
    )
    .await;
    check(
        json!({}),
        block(json!({ "expired_at": "2030-01-01" })),
        invalid_date,
        "expired_at",
    )
    .await;
    check(json!({}), json!({}), not_given, "organization").await;
    check(
        json!({}),
        json!({ "organization": "a/b" }),
        invalid_name,
        "organization",
    )
    .await;
    // These errors do not depend on the unknown API token.
    let unknown = || json!({ "token": UNKNOWN });
    check(unknown(), json!({}), not_given, "organization").await;
    check(
        unknown(),
        block(json!({ "expired_at": "2025-01-01T00:00:00Z" })),
        "Invalid Date",
        "expired_at",
    )
    .await;
}

#[tokio::test]
async fn an_unknown_argument_defers_the_opening_to_apply_on_every_host() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(host);
        let config = block(json!({ "expired_at": UNKNOWN }));
        let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
        assert_eq!(opened.expect_no_diagnostics().get("token"), UNKNOWN);
        assert_eq!(setup.sent(), Vec::<String>::new());
        let config = block(json!({ "expired_at": LATER }));
        let opened = setup.core.open_ephemeral(Walk::Apply, TYPE, config).await;
        let secret = setup.token().secret;
        assert_eq!(opened.expect_no_diagnostics().get("token"), secret.expose());
    }
}

#[tokio::test]
async fn an_opened_secret_that_is_invalid_at_once_is_an_error() {
    let setup = Setup::new().await;
    let replaced = Fault::on(Method::POST, "authentication-token").meanwhile(|simulator| {
        simulator.regenerate_elsewhere(ORGANIZATION);
    });
    setup.simulator.inject(replaced);
    let config = block(json!({}));
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    let error = opened.expect_error("The New Audit Trail Token Was Replaced at Once");
    details(error, &[&setup.token().id]);
}
