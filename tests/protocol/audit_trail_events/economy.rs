//! No page is read that cannot be needed, and never more than fifty.

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
async fn reading_ends_with_the_page_that_reaches_the_limit() {
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
async fn a_filter_ends_with_the_limit_too() {
    let setup = Setup::with(5000).await;
    let config = json!({ "limit": 1500, "actions": ["create"] });
    check(&setup, config, &[(1, 1000), (2, 1000)]).await;
}

#[tokio::test]
async fn until_is_read_past_and_no_further_than_the_limit() {
    let setup = Setup::with(5000).await;
    let until = (setup.now() - TimeDelta::seconds(1500)).to_rfc3339();
    let config = json!({ "limit": 10, "until": until });
    check(&setup, config, &[(1, 1000), (2, 1000)]).await;
}

#[tokio::test]
async fn since_ends_it_though_the_service_does_not_know_it() {
    let setup = Setup::with(5000).await;
    // Inclusive: the first page ends with what `since` leaves out, and there is more of it behind.
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
async fn what_nothing_can_be_is_not_read() {
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
async fn after_fifty_pages_it_ends_and_says_so() {
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
async fn what_is_not_known_yet_is_not_asked_for() {
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
async fn a_provider_that_is_not_known_yet_is_an_error_that_names_depends_on() {
    for argument in ["hostname", "token", "ssl_skip_verify"] {
        let mut setup = Setup::with(10).await;
        setup.core.provider_config(json!({ argument: UNKNOWN }));
        let read = setup.read(nothing()).await;
        let error = read.expect_error("Provider Configuration Not Known Yet");
        details(error, &[&format!("\"{argument}\""), "depends_on"]);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}
