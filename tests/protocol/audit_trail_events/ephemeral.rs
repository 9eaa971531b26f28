//! The ephemeral resource reads what the data source reads, and reports what it reports.

use serde_json::json;
use tfplugin::Path;
use tfplugin_testing::{HostProfile, UNKNOWN, Walk};

use super::setup::{TYPE, nothing};
use super::{Setup, details};

#[tokio::test]
async fn it_returns_what_the_data_source_returns_on_every_host() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = Setup::with(2500).await;
        setup.core = setup.core.on(host);
        for config in [
            nothing(),
            json!({ "limit": 3, "include_meta": true, "token": setup.secret }),
            json!({ "since": "2026-01-05T11:59:00Z", "actions": ["create"] }),
        ] {
            let read = setup.read(config.clone()).await.expect_ok();
            for walk in [Walk::Plan, Walk::Apply] {
                let opened = setup.core.open_ephemeral(walk, TYPE, config.clone()).await;
                let opened = opened.expect_no_diagnostics();
                assert_eq!(opened.result(), read, "{}", host.name);
                setup.simulator.clear_requests();
                opened.close().await.expect_no_diagnostics();
                assert_eq!(setup.sent(), Vec::<String>::new());
            }
        }
    }
}

#[tokio::test]
async fn it_reports_a_token_that_does_not_work() {
    let setup = Setup::new().await;
    let config = json!({ "token": "planted-token-of-nobody" });
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    let error = opened.expect_error("Unknown or Expired Token for the Audit Trail");
    assert_eq!(error.path(), Some(&Path::of("token")));
    assert!(!error.to_string().contains("planted"));
}

#[tokio::test]
async fn a_wrong_period_is_found_before_anything_is_read() {
    let setup = Setup::new().await;
    let config = json!({ "since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z" });
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config).await;
    opened.expect_error("Invalid Period of Time");
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn with_an_unknown_provider_the_result_is_unknown_or_an_error() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(host);
        setup.core.provider_config(json!({ "token": UNKNOWN }));
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, TYPE, json!({ "limit": 7 }));
        let opened = opened.await;
        if host.unknown_ephemeral_results {
            let opened = opened.expect_no_diagnostics();
            assert_eq!(opened.get("events"), UNKNOWN);
            assert_eq!(opened.get("limit"), 7);
        } else {
            let error = opened.expect_error("Provider Configuration Not Known Yet");
            details(error, &["\"token\""]);
        }
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}
