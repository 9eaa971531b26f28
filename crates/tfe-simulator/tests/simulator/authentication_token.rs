//! The token endpoint: an organization's audit trail token, and its organization token.

use std::time::Duration;

use chrono::{TimeZone, Utc};
use serde_json::{Value, json};
use tfe_simulator::{
    Access, Caller, DefaultExpiry, ExpiredToken, Organization, ServiceKind, Simulator,
    TimestampStyle, TokenKind,
};

use crate::http::{
    MAIN_TOKEN, ORGANIZATION, OWNER, TRAIL, TRAIL_TOKEN, delete, get, post, simulator,
};

#[tokio::test]
async fn a_token_is_generated_read_and_deleted() {
    let simulator = simulator().await;
    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 404);
    assert_eq!(delete(&simulator, TRAIL_TOKEN).send().await.status, 404);

    let created = post(&simulator, TRAIL_TOKEN)
        .expiry("2030-01-01T00:00:00.000Z")
        .send()
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.header("content-type"),
        Some("application/vnd.api+json; charset=utf-8")
    );
    let token = simulator.audit_trail_token(ORGANIZATION).unwrap();
    assert_eq!(
        created.json(),
        json!({ "data": {
            "id": token.id,
            "type": "authentication-tokens",
            "attributes": {
                "created-at": "2026-01-01T00:00:00.000Z",
                "last-used-at": null,
                "description": null,
                "token": token.secret.expose(),
                "expired-at": "2030-01-01T00:00:00.000Z",
            },
            "relationships": {
                "created-by": { "data": { "id": token.created_by_id, "type": "users" } },
            },
        }})
    );

    let shown = get(&simulator, TRAIL_TOKEN).send().await;
    let mut expected = created.json();
    expected["data"]["attributes"]["token"] = Value::Null;
    assert_eq!((shown.status, shown.json()), (200, expected));

    let deleted = delete(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert!(simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn a_new_token_invalidates_the_old_secret() {
    let simulator = simulator().await;
    let [old, new] = [
        post(&simulator, TRAIL_TOKEN).send().await,
        post(&simulator, TRAIL_TOKEN).send().await,
    ];
    assert_ne!(old.text_at("/data/id"), new.text_at("/data/id"));
    for (answer, status) in [(&old, 401), (&new, 200)] {
        let secret = answer.text_at("/data/attributes/token");
        let read = get(&simulator, TRAIL).secret(&secret).send().await;
        assert_eq!(read.status, status);
    }
}

#[tokio::test]
async fn the_two_kinds_of_token_are_independent() {
    let simulator = simulator().await;
    let main = post(&simulator, MAIN_TOKEN).send().await;
    let trail = post(&simulator, TRAIL_TOKEN).send().await;
    assert_ne!(main.text_at("/data/id"), trail.text_at("/data/id"));

    delete(&simulator, TRAIL_TOKEN).send().await;
    let kept = simulator.organization_token(ORGANIZATION).unwrap();
    assert_eq!(kept.id, main.text_at("/data/id"));

    // The organization token manages both kinds, as the organization.
    let secret = kept.secret.expose();
    let again = post(&simulator, TRAIL_TOKEN).secret(secret).send().await;
    let creator = again.at("/data/relationships/created-by/data");
    assert_eq!(
        creator,
        json!({ "id": ORGANIZATION, "type": "organizations" })
    );
}

#[tokio::test]
async fn an_audit_trail_token_cannot_manage_itself() {
    let simulator = simulator().await;
    let token = simulator.regenerate_elsewhere(ORGANIZATION);
    let secret = token.secret.expose();
    for request in [get(&simulator, TRAIL_TOKEN), post(&simulator, TRAIL_TOKEN)] {
        assert_eq!(request.secret(secret).send().await.status, 404);
    }
}

#[tokio::test]
async fn other_services_act_on_the_organization_token() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let simulator = Simulator::builder().kind(kind).start().await.unwrap();
        crate::http::populate(&simulator);
        let main = simulator.regenerate_organization_token(ORGANIZATION);

        let shown = get(&simulator, TRAIL_TOKEN).send().await;
        assert_eq!(shown.text_at("/data/id"), main.id, "{kind:?}");
        post(&simulator, TRAIL_TOKEN).send().await;
        let now = simulator.organization_token(ORGANIZATION).unwrap();
        assert_ne!(now.id, main.id, "{kind:?}: the main token was replaced");
        delete(&simulator, TRAIL_TOKEN).send().await;
        assert!(
            simulator.organization_token(ORGANIZATION).is_none(),
            "{kind:?}"
        );
        assert!(
            simulator.audit_trail_token(ORGANIZATION).is_none(),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn every_type_that_clients_send_is_accepted() {
    let simulator = simulator().await;
    for (kind, status) in [
        (json!("authentication-token"), 201),
        (json!("authentication-tokens"), 201),
        (json!(""), 201),
        (Value::Null, 201),
        (json!("users"), 422),
    ] {
        let body = json!({ "data": { "type": kind } });
        let answer = post(&simulator, TRAIL_TOKEN).body(&body).send().await;
        assert_eq!(answer.status, status, "{body}");
    }
}

#[tokio::test]
async fn invalid_documents_are_refused_with_a_pointer() {
    let simulator = simulator().await;
    for (body, pointer) in [
        ("", "/"),
        ("{", "/"),
        ("{}", "/data"),
        (r#"{"data":null}"#, "/data"),
        (
            r#"{"data":{"attributes":{"expired-at":"tomorrow"}}}"#,
            "/data/attributes/expired-at",
        ),
        (
            r#"{"data":{"attributes":{"expired-at":7}}}"#,
            "/data/attributes/expired-at",
        ),
        (
            r#"{"data":{"attributes":{"expired-at":"2025-12-31T23:59:59Z"}}}"#,
            "/data/attributes/expired-at",
        ),
    ] {
        let answer = post(&simulator, TRAIL_TOKEN).body(body).send().await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            answer.text_at("/errors/0/source/pointer"),
            pointer,
            "{body}"
        );
        assert_eq!(answer.text_at("/errors/0/status"), "422");
    }
    assert!(simulator.audit_trail_token(ORGANIZATION).is_none());
}

#[tokio::test]
async fn changes_without_the_content_type_are_refused_even_without_a_body() {
    let simulator = simulator().await;
    simulator.regenerate_elsewhere(ORGANIZATION);
    for content_type in [None, Some("application/json")] {
        let deleted = delete(&simulator, TRAIL_TOKEN).content_type(content_type);
        assert_eq!(deleted.send().await.status, 415);
        let created = post(&simulator, TRAIL_TOKEN).content_type(content_type);
        assert_eq!(created.send().await.status, 415);
    }
    let with_charset = delete(&simulator, TRAIL_TOKEN)
        .content_type("application/vnd.api+json; charset=utf-8")
        .send()
        .await;
    assert_eq!(with_charset.status, 204);
}

#[tokio::test]
async fn an_unknown_secret_gets_a_401_and_a_missing_permission_a_404() {
    let simulator = simulator().await;
    simulator.regenerate_elsewhere(ORGANIZATION);
    let end = simulator.now() + chrono::TimeDelta::hours(1);
    simulator.add_caller(Caller::user("stranger"));
    simulator.add_caller(Caller::user("viewer").access(ORGANIZATION, Access::Views));
    simulator.add_caller(Caller::team("team").access(ORGANIZATION, Access::Manages));
    simulator.add_caller(Caller::owner("short-lived").expires_at(end));

    assert_eq!(
        get(&simulator, TRAIL_TOKEN).anonymous().send().await.status,
        401
    );
    for (secret, status) in [
        ("nobody", 401),
        ("stranger", 404),
        ("viewer", 404),
        ("team", 200),
        ("short-lived", 200),
    ] {
        let answer = get(&simulator, TRAIL_TOKEN).secret(secret).send().await;
        assert_eq!(answer.status, status, "{secret}");
    }
    let unauthorized = get(&simulator, TRAIL_TOKEN).secret("nobody").send().await;
    let expected = json!({ "errors": [{ "status": "401", "title": "unauthorized" }] });
    assert_eq!(unauthorized.json(), expected);
    let missing = get(&simulator, TRAIL_TOKEN).secret("stranger").send().await;
    let expected = json!({ "errors": [{ "status": "404", "title": "not found" }] });
    assert_eq!(missing.json(), expected);

    simulator.advance(Duration::from_secs(3600));
    let expired = get(&simulator, TRAIL_TOKEN)
        .secret("short-lived")
        .send()
        .await;
    assert_eq!(expired.status, 401);
    simulator.remove_caller(OWNER);
    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 401);
    let made_by_a_team = post(&simulator, TRAIL_TOKEN).secret("team").send().await;
    let creator = made_by_a_team.text_at("/data/relationships/created-by/data/type");
    assert_eq!(creator, "teams");
}

#[tokio::test]
async fn without_the_entitlement_a_token_is_read_and_deleted_but_not_generated() {
    let simulator = simulator().await;
    simulator.add_organization(Organization::from("poor").without_audit_logging());
    let poor = TRAIL_TOKEN.replace(ORGANIZATION, "poor");
    assert_eq!(post(&simulator, &poor).send().await.status, 404);

    simulator.grant_audit_logging("poor");
    let token = post(&simulator, &poor).send().await;
    assert_eq!(token.status, 201);
    simulator.withdraw_audit_logging("poor");
    assert_eq!(post(&simulator, &poor).send().await.status, 404);
    assert_eq!(get(&simulator, &poor).send().await.status, 200);
    let secret = token.text_at("/data/attributes/token");
    assert_eq!(
        get(&simulator, TRAIL).secret(&secret).send().await.status,
        404
    );
    assert_eq!(delete(&simulator, &poor).send().await.status, 204);
}

#[tokio::test]
async fn a_token_expires_after_two_years_by_default() {
    let simulator = simulator().await;
    let expiry = async || {
        let answer = post(&simulator, TRAIL_TOKEN).send().await;
        answer.at("/data/attributes/expired-at")
    };
    assert_eq!(expiry().await, json!("2028-01-01T00:00:00.000Z"));
    simulator.configure(|settings| settings.default_expiry = DefaultExpiry::Never);
    assert_eq!(expiry().await, Value::Null);
    simulator.configure(|s| s.maximum_ttl = Some(Duration::from_secs(24 * 60 * 60)));
    assert_eq!(expiry().await, json!("2026-01-02T00:00:00.000Z"));
}

#[tokio::test]
async fn timestamps_have_the_configured_style() {
    let simulator = simulator().await;
    simulator.set_clock(Utc.timestamp_opt(1_893_456_000, 123_456_000).unwrap());
    for (style, expected) in [
        (TimestampStyle::Seconds, "2030-01-01T00:00:00Z"),
        (TimestampStyle::Milliseconds, "2030-01-01T00:00:00.123Z"),
        (TimestampStyle::Microseconds, "2030-01-01T00:00:00.123456Z"),
    ] {
        simulator.configure(|settings| settings.timestamps = style);
        let token = post(&simulator, TRAIL_TOKEN).send().await;
        assert_eq!(token.text_at("/data/attributes/created-at"), expected);
    }
}

#[tokio::test]
async fn a_token_expires_by_the_clock() {
    let simulator = simulator().await;
    let created = post(&simulator, TRAIL_TOKEN)
        .expiry("2026-01-01T02:00:00+01:00")
        .send()
        .await;
    assert_eq!(
        created.text_at("/data/attributes/expired-at"),
        "2026-01-01T01:00:00.000Z"
    );
    let secret = created.text_at("/data/attributes/token");
    simulator.advance(Duration::from_secs(3599));
    assert_eq!(
        get(&simulator, TRAIL).secret(&secret).send().await.status,
        200
    );
    simulator.advance(Duration::from_secs(1));
    assert_eq!(
        get(&simulator, TRAIL).secret(&secret).send().await.status,
        401
    );

    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 200);
    simulator.configure(|settings| settings.expired_token = ExpiredToken::Hidden);
    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 404);
    assert_eq!(delete(&simulator, TRAIL_TOKEN).send().await.status, 404);
}

#[tokio::test]
async fn a_ttl_policy_invalidates_older_tokens_whatever_their_date_is() {
    let simulator = simulator().await;
    let token = simulator.regenerate_elsewhere(ORGANIZATION);
    let read = async || {
        let request = get(&simulator, TRAIL).secret(token.secret.expose());
        request.send().await.status
    };
    simulator.advance(Duration::from_secs(60));
    assert_eq!(read().await, 200);
    simulator.configure(|s| s.maximum_ttl = Some(Duration::from_secs(60)));
    assert_eq!(read().await, 401);
    let shown = get(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!(
        shown.text_at("/data/attributes/expired-at"),
        "2028-01-01T00:00:00.000Z"
    );
}

#[tokio::test]
async fn a_token_has_the_time_of_its_last_use() {
    let simulator = simulator().await;
    let token = simulator.regenerate_elsewhere(ORGANIZATION);
    simulator.advance(Duration::from_secs(60));
    get(&simulator, TRAIL)
        .secret(token.secret.expose())
        .send()
        .await;
    let shown = get(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!(
        shown.text_at("/data/attributes/last-used-at"),
        "2026-01-01T00:01:00.000Z"
    );

    let at = simulator.now() - chrono::TimeDelta::days(20);
    simulator.use_token(ORGANIZATION, at);
    let token = simulator.audit_trail_token(ORGANIZATION).unwrap();
    assert_eq!(token.last_used_at, Some(at));
}

#[tokio::test]
async fn changes_by_another_user_are_visible() {
    let simulator = simulator().await;
    let until = Utc.with_ymd_and_hms(2027, 1, 1, 0, 0, 0).unwrap();
    let token = simulator.regenerate_elsewhere_until(ORGANIZATION, until);
    let shown = get(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!(shown.text_at("/data/id"), token.id);
    assert_eq!(
        shown.text_at("/data/attributes/expired-at"),
        "2027-01-01T00:00:00.000Z"
    );
    simulator.revoke_elsewhere(ORGANIZATION);
    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 404);
}

#[tokio::test]
async fn another_user_can_change_either_token_of_an_organization() {
    let simulator = simulator().await;
    let until = Utc.with_ymd_and_hms(2027, 1, 1, 0, 0, 0).unwrap();
    let trail = simulator.regenerate_elsewhere(ORGANIZATION);
    let kind = TokenKind::Organization;
    let token = simulator.regenerate(ORGANIZATION, kind, Some(until));
    simulator.mark_as_used(ORGANIZATION, kind, simulator.now());
    let current = simulator.organization_token(ORGANIZATION).unwrap();
    assert_eq!(current.id, token.id);
    assert_eq!(current.expired_at, Some(until));
    assert_eq!(current.last_used_at, Some(simulator.now()));
    simulator.revoke(ORGANIZATION, kind);
    assert!(simulator.organization_token(ORGANIZATION).is_none());
    let other = simulator.audit_trail_token(ORGANIZATION).unwrap();
    assert_eq!((other.id, other.last_used_at), (trail.id, None));
}
