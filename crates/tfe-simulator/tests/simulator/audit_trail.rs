//! The audit trail: who may read it, its order and pages, and the events that the service records.

use std::time::Duration;

use chrono::{TimeDelta, TimeZone, Utc};
use serde_json::{Value, json};
use tfe_simulator::{Event, EventSeries, Simulator, Since, UserOnTrail};

use crate::http::{Answer, ORGANIZATION, TRAIL, TRAIL_TOKEN, delete, get, post, simulator};

async fn read(simulator: &Simulator, target: &str) -> Answer {
    let secret = match simulator.organization_token(ORGANIZATION) {
        Some(token) => token.secret,
        None => simulator.regenerate_organization_token(ORGANIZATION).secret,
    };
    get(simulator, target).secret(secret.expose()).send().await
}

fn ids(answer: &Answer) -> Vec<Value> {
    let data = answer.at("/data");
    let events = data.as_array().unwrap().iter();
    events.map(|event| event["id"].clone()).collect()
}

#[tokio::test]
async fn events_of_tokens_are_recorded_newest_first() {
    let simulator = simulator().await;
    post(&simulator, TRAIL_TOKEN).send().await;
    simulator.advance(Duration::from_secs(1));
    get(&simulator, TRAIL_TOKEN).send().await;
    simulator.advance(Duration::from_secs(1));
    delete(&simulator, TRAIL_TOKEN).send().await;
    simulator.advance(Duration::from_secs(1));
    post(&simulator, TRAIL_TOKEN).send().await;

    let token = simulator.audit_trail_token(ORGANIZATION).unwrap();
    let trail = get(&simulator, TRAIL)
        .secret(token.secret.expose())
        .send()
        .await;
    let content_type = trail.header("content-type");
    assert_eq!(content_type, Some("application/json; charset=utf-8"));
    let data = trail.at("/data");
    let actions: Vec<_> = data
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["resource"]["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["create", "destroy", "show", "create"]);
    let newest = &data[0];
    assert_eq!(
        *newest,
        json!({
            "id": newest["id"],
            "version": "0",
            "type": "Resource",
            "timestamp": "2026-01-01T00:00:03.000Z",
            "auth": {
                "accessor_id": token.created_by_id,
                "description": null,
                "type": "Client",
                "impersonator_id": null,
                "organization_id": simulator.external_id(ORGANIZATION),
            },
            "request": { "id": newest["request"]["id"] },
            "resource": {
                "id": token.id, "type": "authentication_token", "action": "create", "meta": null,
            },
        })
    );
    assert!(newest["request"]["id"].is_string());
}

#[tokio::test]
async fn a_regeneration_destroys_the_old_token() {
    let simulator = simulator().await;
    let old = post(&simulator, TRAIL_TOKEN).send().await;
    post(&simulator, TRAIL_TOKEN).send().await;
    let token = simulator.audit_trail_token(ORGANIZATION).unwrap();
    let trail = get(&simulator, TRAIL)
        .secret(token.secret.expose())
        .send()
        .await;
    assert_eq!(trail.text_at("/data/1/resource/action"), "destroy");
    assert_eq!(trail.at("/data/1/resource/id"), old.at("/data/id"));
}

#[tokio::test]
async fn the_audit_trail_is_that_of_the_secrets_organization() {
    let simulator = simulator().await;
    simulator.add_organization("other");
    simulator.add_event("other", Event::new("workspace", "create"));
    let other = simulator.regenerate_organization_token("other");
    let trail = get(&simulator, TRAIL)
        .secret(other.secret.expose())
        .send()
        .await;
    assert_eq!(trail.at("/pagination/total_count"), json!(2));
    assert_eq!(
        read(&simulator, TRAIL).await.at("/pagination/total_count"),
        json!(1)
    );
}

#[tokio::test]
async fn a_users_token_gets_the_configured_response() {
    let simulator = simulator().await;
    for (answer, status) in [
        (UserOnTrail::NoPage, 200),
        (UserOnTrail::NotFound, 404),
        (UserOnTrail::Unauthorized, 401),
        (UserOnTrail::EmptyList, 200),
    ] {
        simulator.configure(|settings| settings.user_on_trail = answer);
        let trail = get(&simulator, TRAIL).send().await;
        assert_eq!(trail.status, status, "{answer:?}");
    }
    let empty = get(&simulator, TRAIL).send().await;
    assert_eq!(empty.at("/data"), json!([]));
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_events() {
    let simulator = simulator().await;
    simulator.regenerate_organization_token(ORGANIZATION);
    for number in 0..1500 {
        let id = format!("event-{number}");
        simulator.add_event(ORGANIZATION, Event::new("workspace", "create").id(&id));
    }
    let first = read(&simulator, TRAIL).await;
    assert_eq!(
        (ids(&first).len(), &ids(&first)[0]),
        (1000, &json!("event-1499"))
    );
    assert_eq!(
        first.at("/pagination"),
        json!({
            "current_page": 1, "page_size": 1000, "prev_page": null, "next_page": 2,
            "total_pages": 2, "total_count": 1501,
        })
    );
    let last = read(&simulator, &format!("{TRAIL}?page%5Bnumber%5D=2")).await;
    assert_eq!(
        (ids(&last).len(), &ids(&last)[0]),
        (501, &json!("event-499"))
    );
    assert_eq!(last.at("/pagination/next_page"), Value::Null);
    let small = format!("{TRAIL}?page%5Bnumber%5D=2&page%5Bsize%5D=3");
    let expected = ["event-1496", "event-1495", "event-1494"];
    assert_eq!(ids(&read(&simulator, &small).await), expected);
    let beyond = read(&simulator, &format!("{TRAIL}?page[size]=9999")).await;
    assert_eq!(ids(&beyond).len(), 1000);
}

#[tokio::test]
async fn since_leaves_out_older_events() {
    let simulator = simulator().await;
    simulator.regenerate_organization_token(ORGANIZATION);
    let noon = Utc.with_ymd_and_hms(2026, 1, 1, 12, 0, 0).unwrap();
    simulator.set_clock(noon);
    for (id, minutes) in [("early", 0), ("exact", 1), ("late", 2)] {
        let event = Event::new("workspace", "create").id(id);
        simulator.add_event(ORGANIZATION, event.at(noon + TimeDelta::minutes(minutes)));
    }
    for since in [
        "2026-01-01T12%3A01%3A00.000Z",
        "2026-01-01T12:01:00Z",
        "2026-01-01T12:01:00",
        "2026-01-01T13:01:00%2B01:00",
    ] {
        let trail = read(&simulator, &format!("{TRAIL}?since={since}")).await;
        assert_eq!(ids(&trail), ["late"], "{since}");
    }
    simulator.configure(|settings| settings.since = Since::Inclusive);
    let trail = read(&simulator, &format!("{TRAIL}?since=2026-01-01T12:01:00Z")).await;
    assert_eq!(ids(&trail), ["late", "exact"]);
    let wrong = read(&simulator, &format!("{TRAIL}?since=yesterday")).await;
    assert_eq!(wrong.status, 422);
}

#[tokio::test]
async fn events_are_kept_for_fourteen_days() {
    let simulator = simulator().await;
    let event = Event::new("workspace", "create").id("old");
    simulator.add_event(ORGANIZATION, event);
    simulator.advance(Duration::from_secs(14 * 24 * 60 * 60));
    assert!(ids(&read(&simulator, TRAIL).await).contains(&json!("old")));
    simulator.advance(Duration::from_secs(1));
    assert!(!ids(&read(&simulator, TRAIL).await).contains(&json!("old")));
}

#[tokio::test]
async fn an_event_has_the_given_fields() {
    let simulator = simulator().await;
    simulator.regenerate_organization_token(ORGANIZATION);
    let event = Event::new("team", "add_member")
        .resource_id("team-1")
        .meta(json!({ "user": "user-1" }))
        .accessor("user-2")
        .auth_description("an admin")
        .auth_type(None)
        .field("novelty", json!([1]));
    simulator.add_event(ORGANIZATION, event);
    let shown = read(&simulator, TRAIL).await.at("/data/0");
    assert_eq!(
        shown["resource"],
        json!({
            "id": "team-1", "type": "team", "action": "add_member", "meta": { "user": "user-1" },
        })
    );
    assert_eq!(shown["auth"]["accessor_id"], "user-2");
    assert_eq!(shown["auth"]["description"], "an admin");
    assert_eq!(shown["auth"]["type"], Value::Null);
    assert_eq!(shown["novelty"], json!([1]));
}

#[tokio::test]
async fn a_series_has_a_million_events() {
    let simulator = simulator().await;
    let start = simulator.now();
    simulator.set_clock(start + TimeDelta::days(12));
    let series = EventSeries::new(1_000_000, start, Duration::from_secs(1))
        .with_event(|number| Event::new("run", "create").resource_id(&format!("run-{number}")));
    simulator.set_event_series(ORGANIZATION, series);
    let last = read(&simulator, &format!("{TRAIL}?page[number]=1001")).await;
    // One more: the generation of the token that reads.
    assert_eq!(last.at("/pagination/total_count"), json!(1_000_001));
    assert_eq!(last.at("/data").as_array().unwrap().len(), 1);
    assert_eq!(last.at("/data/0/resource/id"), json!("run-0"));
    assert_eq!(
        last.at("/data/0/timestamp"),
        json!("2026-01-01T00:00:00.000Z")
    );
}

#[tokio::test]
async fn events_of_a_series_and_recorded_events_are_in_order() {
    let simulator = simulator().await;
    simulator.regenerate_organization_token(ORGANIZATION);
    let start = simulator.now();
    for second in [0, 5, 20, 25, 25, 95, 200] {
        let event = Event::new("run", "create").at(start + TimeDelta::seconds(second));
        simulator.add_event(ORGANIZATION, event);
    }
    let series = EventSeries::new(10, start, Duration::from_secs(10));
    simulator.set_event_series(ORGANIZATION, series);
    let whole = read(&simulator, TRAIL).await;
    let times: Vec<_> = whole
        .at("/data")
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["timestamp"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(times.len(), 18);
    assert!(
        times.is_sorted_by(|newer, older| newer >= older),
        "{times:?}"
    );
    for size in 1..19 {
        let mut paged = Vec::new();
        for number in 1..=18_usize.div_ceil(size) {
            let target = format!("{TRAIL}?page[number]={number}&page[size]={size}");
            paged.extend(ids(&read(&simulator, &target).await));
        }
        assert_eq!(paged, ids(&whole), "{size}");
    }
}

#[tokio::test]
async fn a_series_respects_since_and_the_retention() {
    let simulator = simulator().await;
    simulator.regenerate_organization_token(ORGANIZATION);
    let start = simulator.now();
    simulator.set_event_series(
        ORGANIZATION,
        EventSeries::new(10, start, Duration::from_secs(60)),
    );
    let count = async |target: String| {
        let trail = read(&simulator, &target).await;
        trail.at("/pagination/total_count").as_u64().unwrap()
    };
    let since = format!("{TRAIL}?since=2026-01-01T00:03:00Z");
    assert_eq!(count(since.clone()).await, 6);
    simulator.configure(|settings| settings.since = Since::Inclusive);
    assert_eq!(count(since).await, 7);
    simulator.advance(Duration::from_secs(14 * 24 * 60 * 60 + 120));
    assert_eq!(count(TRAIL.to_owned()).await, 8);
}

#[tokio::test]
async fn a_series_grows_while_it_is_read() {
    let simulator = simulator().await;
    let start = simulator.now();
    let series = EventSeries::new(10, start, Duration::from_secs(1)).growing_by(3);
    simulator.set_event_series(ORGANIZATION, series);
    for expected in [11, 14, 17] {
        let trail = read(&simulator, TRAIL).await;
        assert_eq!(trail.at("/pagination/total_count"), json!(expected));
    }
}
