//! The pages that a read requests: only those that it needs, and at most fifty.

use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use tfe_simulator::{Event, Since};

use super::setup::{nothing, resources};
use super::{ORGANIZATION, Setup, details};
use tfplugin_testing::UNKNOWN;

async fn check(setup: &Setup, config: Json, pages: &[(u32, u32)]) {
    setup.read(config.clone()).await.expect_no_diagnostics();
    assert_eq!(setup.pages(), pages, "{config}");
}

#[tokio::test]
async fn a_read_ends_with_the_page_that_reaches_the_limit() {
    let setup = Setup::with(5000).await;
    check(&setup, nothing(), &[(1, 1000)]).await;
    check(&setup, json!({ "limit": 1 }), &[(1, 100)]).await;
    check(&setup, json!({ "limit": 300 }), &[(1, 300)]).await;
    check(&setup, json!({ "limit": 1000 }), &[(1, 1000)]).await;
    check(
        &setup,
        json!({ "limit": 2001 }),
        &[(1, 1000), (2, 1000), (3, 1000)],
    )
    .await;
}

#[tokio::test]
async fn a_filtered_read_ends_at_the_limit() {
    let setup = Setup::with(5000).await;
    let config = json!({ "limit": 1500, "actions": ["create"] });
    check(&setup, config, &[(1, 1000), (2, 1000)]).await;
}

#[tokio::test]
async fn a_read_with_until_skips_newer_events_and_ends_at_the_limit() {
    let setup = Setup::with(5000).await;
    let until = (setup.now() - TimeDelta::seconds(1500)).to_rfc3339();
    let config = json!({ "limit": 10, "until": until });
    check(&setup, config, &[(1, 1000), (2, 1000)]).await;
}

#[tokio::test]
async fn a_read_ends_at_since_even_if_the_service_ignores_it() {
    let setup = Setup::with(5000).await;
    // The first page ends with an event before `since`, and the following pages have more of them.
    setup
        .simulator
        .configure(|settings| settings.since = Since::Inclusive);
    let start = setup.now() - TimeDelta::seconds(999);
    for _ in 0..50 {
        let event = Event::new("run", "apply").at(start);
        setup.simulator.add_event(ORGANIZATION, event);
    }
    let since = start.to_rfc3339();
    let config = json!({ "since": since, "limit": 5000 });
    let read = setup.read(config).await.expect_no_diagnostics();
    assert_eq!(resources(&read).len(), 999);
    assert_eq!(setup.pages(), [(1, 1000)]);
    assert_eq!(read["truncated"], json!(false));
}

#[tokio::test]
async fn arguments_that_match_no_event_send_no_request() {
    let setup = Setup::with(10).await;
    let noon = "2026-01-05T12:00:00Z";
    for config in [
        json!({ "resource_types": [] }),
        json!({ "actions": [] }),
        json!({ "accessor_ids": [] }),
        json!({ "since": noon, "until": "2026-01-05T13:00:00+01:00" }),
    ] {
        let read = setup.read(config.clone()).await.expect_no_diagnostics();
        assert_eq!(read["events"], json!([]), "{config}");
        assert_eq!(read["truncated"], json!(false), "{config}");
        assert_eq!(read["total_count"], json!(null), "{config}");
        assert_eq!(setup.sent(), Vec::<String>::new(), "{config}");
    }
}

#[tokio::test]
async fn a_read_ends_after_fifty_pages_and_reports_it() {
    let setup = Setup::with(600).await;
    setup
        .simulator
        .configure(|settings| settings.trail_page_size = 10);
    let config = json!({ "resource_types": ["authentication_token"] });
    let read = setup.read(config).await;
    let warning = read.expect_warning("The Audit Trail Was Not Read to Its End");
    details(warning, &["50 pages", "\"truncated\" is true", "\"since\""]);
    let read = read.expect_ok();
    assert_eq!(
        (&read["events"], &read["truncated"]),
        (&json!([]), &json!(true))
    );
    assert_eq!(read["total_count"], json!(601));
    assert_eq!(setup.pages().len(), 50);
}

#[tokio::test]
async fn a_trail_of_exactly_fifty_pages_is_whole() {
    let setup = Setup::with(499).await;
    setup
        .simulator
        .configure(|settings| settings.trail_page_size = 10);
    let read = setup
        .read(json!({ "limit": 50_000 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(resources(&read).len(), 500);
    assert_eq!(read["truncated"], json!(false));
    assert_eq!(setup.pages().len(), 50);
}

#[tokio::test]
async fn an_unknown_argument_sends_no_request() {
    let setup = Setup::with(10).await;
    for config in [
        json!({ "since": UNKNOWN }),
        json!({ "token": UNKNOWN }),
        json!({ "limit": UNKNOWN, "actions": UNKNOWN }),
    ] {
        assert_eq!(setup.read(config).await.expect_no_diagnostics(), UNKNOWN);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_unknown_provider_configuration_is_an_error_that_names_depends_on() {
    for argument in ["hostname", "token", "ssl_skip_verify"] {
        let mut setup = Setup::with(10).await;
        setup.core.provider_config(json!({ argument: UNKNOWN }));
        let read = setup.read(nothing()).await;
        let error = read.expect_error("Provider Configuration Not Known Yet");
        details(error, &[&format!("\"{argument}\""), "depends_on"]);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}
