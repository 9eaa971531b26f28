//! Invalid arguments: a diagnostic at the attribute, without a request.

use serde_json::{Value as Json, json};
use tfplugin::Path;

use super::Setup;

async fn check(config: Json, attribute: &str, summary: &str) {
    let setup = Setup::with(10).await;
    let read = setup.read(config.clone()).await;
    let error = read.expect_error(summary);
    assert_eq!(error.path(), Some(&Path::of(attribute)), "{config}");
    assert_eq!(setup.sent(), Vec::<String>::new(), "{config}");
}

#[tokio::test]
async fn a_limit_must_be_a_whole_number_within_its_range() {
    for limit in [
        json!(0),
        json!(-1),
        json!(50_001),
        json!(1_000_000_000),
        json!(1.5),
        json!(1e300),
    ] {
        check(
            json!({ "limit": limit }),
            "limit",
            "Invalid Limit of Events",
        )
        .await;
    }
}

#[tokio::test]
async fn a_date_must_be_in_rfc_3339() {
    for attribute in ["since", "until"] {
        for date in [
            "",
            "yesterday",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-02-30T00:00:00Z",
        ] {
            check(
                json!({ attribute: date }),
                attribute,
                "Invalid Date and Time",
            )
            .await;
        }
    }
}

/// It was reported as a bug in the provider.
#[tokio::test]
async fn a_filter_must_not_contain_null() {
    for attribute in ["resource_types", "actions", "accessor_ids"] {
        check(
            json!({ attribute: ["create", null] }),
            attribute,
            "Null in a Filter of Events",
        )
        .await;
    }
}

#[tokio::test]
async fn since_must_be_before_until() {
    let config = json!({ "since": "2026-01-02T00:00:00Z", "until": "2026-01-01T23:59:59Z" });
    check(config, "since", "Invalid Period of Time").await;
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_refused_and_not_shown() {
    let config = json!({ "token": "planted\nsecret" });
    check(config.clone(), "token", "Invalid API Token").await;
    let read = Setup::with(1).await.read(config).await;
    assert!(!read.diagnostics.to_string().contains("planted"));
}
