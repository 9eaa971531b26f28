//! The events that a read returns.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use tfe_simulator::Event;
use tfplugin::Path;

use super::setup::{nothing, resources, runs};
use super::{ORGANIZATION, Setup};

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Conformance: 65.
#[tokio::test]
async fn an_event_has_every_field_that_the_api_sends() {
    let setup = Setup::new().await;
    let event = Event::new("team", "add_member")
        .id("ae66e491-db59-457c-8445-9c908ee726ae")
        .resource_id("team-1")
        .accessor("user-1")
        .auth_description("an admin")
        .meta(json!({ "user": "user-2" }))
        .field("novelty", json!([1]))
        .field("version", json!(0));
    setup.simulator.add_event(ORGANIZATION, event);
    let read = setup
        .read(json!({ "include_meta": true }))
        .await
        .expect_no_diagnostics();
    assert_eq!(
        read["events"][0],
        json!({
            "id": "ae66e491-db59-457c-8445-9c908ee726ae", "version": "0", "type": "Resource",
            "timestamp": "2026-01-05T12:00:00.000Z",
            "auth": {
                "accessor_id": "user-1", "description": "an admin", "type": "Client",
                "impersonator_id": null,
                "organization_id": setup.simulator.external_id(ORGANIZATION),
            },
            "request": { "id": null },
            "resource": {
                "id": "team-1", "type": "team", "action": "add_member",
                "meta": r#"{"user":"user-2"}"#,
            },
            "other": r#"{"novelty":[1]}"#,
        })
    );
    assert_eq!(
        (&read["total_count"], &read["truncated"]),
        (&json!(2), &json!(false))
    );
}

#[tokio::test]
async fn metadata_is_not_in_the_state_unless_it_is_requested() {
    let setup = Setup::new().await;
    let event = Event::new("team", "add_member")
        .meta(json!({ "user": "planted" }))
        .field("novelty", json!("planted"));
    setup.simulator.add_event(ORGANIZATION, event);
    for config in [
        json!({}),
        json!({ "include_meta": false }),
        json!({ "include_meta": null }),
    ] {
        let read = setup.read(config).await.expect_no_diagnostics();
        assert_eq!(read["events"][0]["resource"]["action"], "add_member");
        assert!(!read.to_string().contains("planted"), "{read}");
    }
}

#[tokio::test]
async fn the_newest_thousand_events_are_returned_by_default() {
    let setup = Setup::with(2500).await;
    let read = setup.read(nothing()).await.expect_no_diagnostics();
    assert_eq!(resources(&read), runs(1500..2500));
    assert_eq!(
        (&read["total_count"], &read["truncated"]),
        (&json!(2501), &json!(true))
    );
    let read = setup
        .read(json!({ "limit": 2500 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(resources(&read), runs(0..2500));
    assert_eq!(read["truncated"], json!(true));
    let read = setup
        .read(json!({ "limit": 2501 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(read["truncated"], json!(false));
}

#[tokio::test]
async fn a_period_contains_the_events_after_since_up_to_until() {
    let setup = Setup::with(2500).await;
    let last = setup.now();
    let (since, until) = (
        text(last - TimeDelta::seconds(1999)),
        text(last - TimeDelta::seconds(1000)),
    );
    let read = setup
        .read(json!({ "since": since, "until": until }))
        .await
        .expect_no_diagnostics();
    // The run numbered 500 happened at `since` itself, 1499 at `until`.
    assert_eq!(resources(&read), runs(501..1500));
    assert_eq!(
        (&read["since"], &read["until"]),
        (&json!(since), &json!(until))
    );
    assert_eq!(
        (&read["total_count"], &read["truncated"]),
        (&json!(1999), &json!(false))
    );
}

#[tokio::test]
async fn filters_select_events_by_resource_action_and_account() {
    let setup = Setup::with(1500).await;
    for (kind, action, who) in [
        ("authentication_token", "create", "user-1"),
        ("authentication_token", "destroy", "user-1"),
        ("authentication_token", "show", "user-2"),
        ("team", "create", "user-2"),
    ] {
        let event = Event::new(kind, action)
            .accessor(who)
            .resource_id(&format!("{kind} {action}"))
            .at(setup.now() - TimeDelta::minutes(20));
        setup.simulator.add_event(ORGANIZATION, event);
    }
    let check = async |config: Json, expected: &[&str]| {
        let read = setup.read(config.clone()).await.expect_no_diagnostics();
        let mut found = resources(&read);
        found.sort();
        assert_eq!(found, expected, "{config}");
    };
    let token = setup.simulator.organization_token(ORGANIZATION).unwrap();
    let (create, destroy) = (
        "authentication_token create",
        "authentication_token destroy",
    );
    check(
        json!({ "resource_types": ["authentication_token"], "actions": ["create", "destroy"] }),
        &[&token.id, create, destroy],
    )
    .await;
    check(
        json!({ "accessor_ids": ["user-2"] }),
        &["authentication_token show", "team create"],
    )
    .await;
    check(
        json!({ "resource_types": ["team"], "accessor_ids": ["user-1"] }),
        &[],
    )
    .await;
}

#[tokio::test]
async fn events_that_arrive_during_the_read_are_not_returned_twice() {
    let setup = Setup::new().await;
    setup.fill(setup.now(), 3000, 40);
    let read = setup
        .read(json!({ "limit": 3001 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(resources(&read)[..3000], runs(0..3000));
    assert_eq!(read["truncated"], json!(false));
}

#[tokio::test]
async fn an_audit_trail_token_reads_the_trail_of_its_organization() {
    let setup = Setup::new().await;
    setup.simulator.add_organization("other-org-name");
    let token = setup.simulator.regenerate_elsewhere("other-org-name");
    for spelling in [
        token.secret.expose().to_owned(),
        format!(" {}\n", token.secret.expose()),
    ] {
        let config = json!({ "token": spelling });
        let read = setup.read(config).await;
        let stored = "The Token for the Audit Trail Is Stored in the State";
        assert_eq!(read.expect_warning(stored).path(), Some(&Path::of("token")));
        assert_eq!(read.diagnostics.iter().count(), 1, "{}", read.diagnostics);
        let read = read.expect_ok();
        assert_eq!(resources(&read), std::slice::from_ref(&token.id));
        assert_eq!(read["token"], json!(spelling));
    }
    let read = setup
        .read(json!({ "token": "" }))
        .await
        .expect_no_diagnostics();
    let own = setup.simulator.organization_token(ORGANIZATION).unwrap();
    assert_eq!(resources(&read), [own.id]);
}
