//! Answers of an unexpected form: nothing is silently short, and no event costs the others.

use serde_json::{Value as Json, json};
use tfe_simulator::{Fault, Method};
use tfplugin::Diagnostics;

use super::setup::nothing;
use super::{Setup, details};

const MORE: &str = "The Audit Trail May Have More Events";
const ODD: &str = "Audit Trail Events Have an Unexpected Form";

/// Returns a setup whose trail always answers this.
async fn answering(body: &Json) -> Setup {
    let setup = Setup::new().await;
    let fault = Fault::on(Method::GET, "audit-trail").always();
    let body = body.to_string();
    setup
        .simulator
        .inject(fault.body("application/json", &body));
    setup
}

/// Returns this many events, the newest first.
fn events(count: usize) -> Vec<Json> {
    (0..count)
        .map(|number| json!({ "id": format!("e-{number}"), "timestamp": "2026-01-05T11:00:00Z" }))
        .collect()
}

fn ids(read: &Json) -> Vec<Json> {
    let events = read["events"].as_array().unwrap();
    events.iter().map(|event| event["id"].clone()).collect()
}

#[track_caller]
fn summaries(diagnostics: &Diagnostics) -> Vec<&str> {
    diagnostics.iter().map(|one| one.summary()).collect()
}

// The first thousand events were returned as if they were all.
#[tokio::test]
async fn a_full_page_that_does_not_say_whether_others_follow_is_truncated() {
    for pagination in [json!(null), json!({})] {
        let body = json!({ "data": events(1000), "pagination": pagination });
        let setup = answering(&body).await;
        let read = setup.read(json!({ "limit": 2000 })).await;
        details(read.expect_warning(MORE), &["1000 events", "truncated"]);
        let read = read.expect_ok();
        assert_eq!((ids(&read).len(), &read["truncated"]), (1000, &json!(true)));
    }
    // A page that is not full, or that reaches back far enough, is whole.
    let setup = answering(&json!({ "data": events(999) })).await;
    let config = json!({ "limit": 2000, "since": "2026-01-05T10:00:00Z" });
    let read = setup.read(config).await.expect_no_diagnostics();
    assert_eq!(read["truncated"], json!(false));
    let setup = answering(&json!({ "data": events(1000) })).await;
    let config = json!({ "limit": 2000, "since": "2026-01-05T11:30:00Z" });
    let read = setup.read(config).await.expect_no_diagnostics();
    assert_eq!((ids(&read).len(), &read["truncated"]), (0, &json!(false)));
}

#[tokio::test]
async fn pagination_is_read_wherever_the_api_puts_it() {
    for pages in [
        json!({ "pagination": { "next_page": 2, "total_pages": 2 } }),
        json!({ "meta": { "pagination": { "next_page": 2, "total_pages": 2 } } }),
        json!({ "meta": { "pagination": { "next-page": 2, "total-pages": 2 } } }),
        json!({ "meta": [1], "pagination": { "total_pages": 2 } }),
    ] {
        let setup = Setup::new().await;
        for (number, data) in [(1, events(4)), (2, events(6).split_off(4))] {
            let mut body = pages.clone();
            body["data"] = json!(data);
            if number == 2 {
                body["pagination"] = json!({ "next_page": null, "total_pages": 2 });
            }
            let page = Fault::on(Method::GET, &format!("number%5D={number}&"));
            let body = body.to_string();
            setup.simulator.inject(page.body("application/json", &body));
        }
        let read = setup.read(nothing()).await.expect_no_diagnostics();
        assert_eq!(ids(&read).len(), 6, "{pages}");
    }
}

// One event of an unexpected form failed the whole read.
#[tokio::test]
async fn an_odd_event_does_not_cost_the_others() {
    let check = async |odd: Json, field: &str, name: &str, other: Json| {
        let mut data = events(3);
        data[1] = odd.clone();
        let body = json!({ "data": data, "pagination": { "next_page": null } });
        let setup = answering(&body).await;
        let read = setup.read(json!({ "include_meta": true })).await;
        assert_eq!(summaries(&read.diagnostics), [ODD], "{odd}");
        details(read.expect_warning(ODD), &[field, name]);
        let read = read.expect_ok();
        let ids = ids(&read);
        assert_eq!(
            (ids.len(), &ids[0], &ids[2]),
            (3, &json!("e-0"), &json!("e-2"))
        );
        let kept = read["events"][1]["other"].as_str();
        let kept: Json = serde_json::from_str(kept.unwrap_or("null")).unwrap();
        assert_eq!(kept, other, "{odd}");
    };
    let description = json!({ "auth": { "description": { "name": "an admin" } } });
    check(
        json!({ "id": "odd", "auth": { "accessor_id": "user-1", "description": { "name": "an admin" } } }),
        "auth.description",
        "\"odd\"",
        description,
    )
    .await;
    let list = json!({ "resource": { "action": ["create"] }, "version": [0], "type": true });
    check(
        json!({ "id": "odd", "version": [0], "type": true, "resource": { "id": "r", "action": ["create"] } }),
        "resource.action",
        "version",
        list,
    )
    .await;
    let parts = json!({ "auth": "system", "request": [1] });
    check(
        json!({ "id": "odd", "auth": "system", "request": [1] }),
        "auth, request",
        "\"odd\"",
        parts,
    )
    .await;
    let time = "2026-01-05T11:00:00Z";
    for id in [json!(null), json!("")] {
        let odd = json!({ "id": id, "timestamp": time });
        check(odd, ": id", time, json!(null)).await;
    }
    check(json!({ "timestamp": time }), ": id", time, json!(null)).await;
    let id = json!({ "id": { "a": 1 } });
    check(json!({ "id": { "a": 1 } }), ": id", "without an ID", id).await;
    for whole in [json!(null), json!(7), json!([1])] {
        let other = match whole {
            Json::Null => json!(null),
            ref value => json!({ "event": value }),
        };
        check(whole, "", "without an ID", other).await;
    }
}

#[tokio::test]
async fn many_odd_events_are_one_warning() {
    let data: Vec<Json> = (0..9)
        .map(|number| json!({ "id": format!("e-{number}"), "auth": [] }))
        .collect();
    let setup = answering(&json!({ "data": data })).await;
    let read = setup.read(nothing()).await;
    assert_eq!(summaries(&read.diagnostics), [ODD]);
    details(read.expect_warning(ODD), &["\"e-4\"", "and 4 more"]);
    let read = read.expect_ok();
    assert_eq!(ids(&read).len(), 9);
    assert!(read["events"][0]["other"].is_null());
}

#[tokio::test]
async fn an_answer_without_a_page_means_the_wrong_kind_of_token() {
    let body = json!({ "data": [], "pagination": { "next_page": null, "total_pages": 0 } });
    let setup = answering(&body).await;
    for config in [nothing(), json!({ "since": "2026-01-05T11:00:00Z" })] {
        let read = setup.read(config).await;
        let error = read.expect_error("Wrong Kind of Token for the Audit Trail");
        details(
            error,
            &[
                "organization's own API token",
                "audit trail token",
                "total_pages is 0",
            ],
        );
    }
}

/// A period without events may have no page, while the trail has some.
#[tokio::test]
async fn a_period_without_events_does_not_blame_the_token() {
    let setup = Setup::with(10).await;
    let empty = json!({ "data": [], "pagination": { "next_page": null, "total_pages": 0 } });
    let period = Fault::on(Method::GET, "since=").always();
    let empty = empty.to_string();
    setup
        .simulator
        .inject(period.body("application/json", &empty));
    let config = json!({ "since": "2026-01-05T11:59:59Z" });
    let read = setup.read(config).await.expect_no_diagnostics();
    assert_eq!(read["events"], json!([]));
}

#[tokio::test]
async fn an_answer_with_the_name_of_hcp_terraform_does_not_blame_a_proxy() {
    for (name, blamed) in [(Some("HCP Terraform"), false), (None, true)] {
        for body in ["{}", "[", r#"{"data":7}"#] {
            let setup = Setup::new().await;
            let fault = Fault::on(Method::GET, "audit-trail").always();
            let fault = fault.body("application/json", body);
            setup.simulator.inject(match name {
                Some(name) => fault.header("TFP-AppName", name),
                None => fault.without_header("TFP-AppName"),
            });
            let read = setup.read(nothing()).await;
            let error = read.expect_error("Error reading Audit Trail");
            assert_eq!(error.detail().contains("a proxy"), blamed, "{error}");
            assert_eq!(
                error.detail().contains("HCP Terraform itself answered"),
                !blamed
            );
        }
    }
}
