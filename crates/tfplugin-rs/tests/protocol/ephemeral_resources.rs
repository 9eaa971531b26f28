//! Ephemeral resources: items 66 and 67 of the conformance checklist.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;

use crate::echo::World;
use tfplugin_testing::{HostProfile, UNKNOWN, Walk};

#[tokio::test]
async fn c66_it_opens_and_closes_in_plan_and_apply_on_every_host() {
    for host in HostProfile::with_ephemeral_resources() {
        let world = World::starting_at(1);
        let core = crate::core(&world).await.on(host);
        for walk in [Walk::Plan, Walk::Apply] {
            let opened = core
                .open_ephemeral(walk, "echo_secret", json!({ "text": "a" }))
                .await
                .expect_no_diagnostics();
            assert_eq!(
                opened.result(),
                json!({ "text": "a", "renew_at": null, "secret": "secret of a", "script": null }),
                "{}",
                host.name
            );
            opened.close().await.expect_no_diagnostics();
        }
        let events = ["open a", "close a", "open a", "close a"];
        assert_eq!(world.events(), events, "{}", host.name);
    }
}

#[tokio::test]
async fn c66_an_unknown_result_is_accepted_on_terraform_and_a_bug_on_opentofu() {
    let world = World::starting_at(1);
    let config = json!({ "text": "a", "script": "open: unknown" });
    let core = crate::core(&world).await;
    let opened = core
        .open_ephemeral(Walk::Plan, "echo_secret", config.clone())
        .await
        .expect_no_diagnostics();
    assert_eq!(opened.get("secret"), UNKNOWN);
    opened.close().await.expect_no_diagnostics();

    let core = core.on(HostProfile::OPENTOFU_1_11);
    core.open_ephemeral(Walk::Plan, "echo_secret", config)
        .await
        .expect_error("Provider Bug");
}

#[tokio::test]
async fn nothing_is_opened_while_the_arguments_are_unknown() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let opened = core
        .open_ephemeral(Walk::Plan, "echo_secret", json!({ "text": UNKNOWN }))
        .await
        .expect_no_diagnostics();
    assert_eq!(opened.get("secret"), UNKNOWN);
    opened.close().await.expect_no_diagnostics();
    assert!(world.events().is_empty());
}

#[tokio::test]
async fn c67_renew_keeps_the_private_data_and_both_hosts_can_close() {
    for host in [HostProfile::TERRAFORM_1_11, HostProfile::OPENTOFU_1_11] {
        let world = World::starting_at(1);
        let core = crate::core(&world).await.on(host);
        let config = json!({ "text": "a", "renew_at": 1_000_000_000 });
        let mut opened = core
            .open_ephemeral(Walk::Apply, "echo_secret", config)
            .await
            .expect_no_diagnostics();
        let asked = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        assert_eq!(opened.renew_at, Some(asked));
        opened.renew().await.expect_no_diagnostics();
        // The time is past and no further renewal is requested, or a host would renew forever.
        assert_eq!(opened.renew_at, None);
        opened.renew().await.expect_no_diagnostics();
        opened.close().await.expect_no_diagnostics();
        let events = ["open a", "renew a", "renew a", "close a"];
        assert_eq!(world.events(), events, "{}", host.name);
    }
}

#[tokio::test]
async fn an_error_or_a_panic_in_a_call_is_reported() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    for (script, summary) in [
        ("open: error", "Scripted Error"),
        ("open: panic", "Provider Bug"),
    ] {
        let config = json!({ "text": "a", "script": script });
        core.open_ephemeral(Walk::Plan, "echo_secret", config)
            .await
            .expect_error(summary);
    }
    let config = json!({ "text": "a", "script": "renew: error; close: panic" });
    let mut opened = core
        .open_ephemeral(Walk::Plan, "echo_secret", config)
        .await
        .expect_no_diagnostics();
    opened.renew().await.expect_error("Scripted Error");
    opened.close().await.expect_error("Provider Bug");
}
