//! Reading a token: what an answer means, and that a 404 rarely means that there is no token.

use serde_json::json;
use terraform_provider_tfe::client::{AuditTrailToken, Client, Error, Probe, Secret, resolve};

use crate::service::{Conduct, ORGANIZATION, Service, arguments, organization, timing, token};

async fn read(service: &Service) -> Result<Option<AuditTrailToken>, Error> {
    service
        .client()
        .await
        .audit_trail_tokens()
        .read(ORGANIZATION)
        .await
}

#[tokio::test]
async fn reads_a_token_without_its_secret() {
    let service = Service::start().await.with_token();
    assert_eq!(read(&service).await.unwrap(), Some(token(1)));
    let request = service.last_request();
    assert_eq!(request.headers["accept"], "application/vnd.api+json");
    assert_eq!(request.headers["content-type"], "application/vnd.api+json");
}

#[tokio::test]
async fn reads_every_form_of_a_token_document() {
    let service = Service::start().await;
    service.next(
        "GET",
        Conduct::Answer(
            201,
            r#"{"data":{"id":4111756,"type":"x","attributes":{
                "created-at":"2026-01-01T02:00:00.123456789+02:00",
                "last-used-at":"2026-01-02T00:00:00","expired-at":"2028-01-01T00:00:00Z",
                "description":"x","unknown":[1]},
                "relationships":{"created-by":{"data":null},"team":{}},"links":{}},"meta":{}}"#,
        ),
    );
    let found = read(&service).await.unwrap().unwrap();
    assert_eq!(found.id, "4111756");
    assert!(found.is_same("4111756", "2026-01-01T00:00:00Z".parse().unwrap()));
    assert!(!found.is_same("4111756", "2026-01-01T00:00:01Z".parse().unwrap()));
    assert_eq!(
        found.last_used_at,
        Some("2026-01-02T00:00:00Z".parse().unwrap())
    );
    assert_eq!(
        found.expired_at,
        Some("2028-01-01T00:00:00Z".parse().unwrap())
    );
    assert_eq!(found.description.as_deref(), Some("x"));
    assert_eq!(found.created_by, None);
}

#[tokio::test]
async fn a_token_is_absent_only_if_the_caller_could_see_it() {
    let service = Service::start().await;
    assert_eq!(read(&service).await.unwrap(), None);
    assert_eq!(service.log(), ["GET token", "GET organization"]);

    let refused = async |answer| {
        service.state().organization = answer;
        read(&service).await.unwrap_err()
    };
    for permissions in [
        json!({"can-update-api-token": false}),
        json!({}),
        json!(null),
    ] {
        let error = refused((200, organization(permissions))).await;
        assert!(error.is_no_permission() && error.is_not_found(), "{error}");
    }
    let error = refused((404, json!({}))).await;
    assert!(
        error.is_organization_not_visible() && error.is_not_found(),
        "{error}"
    );
    for answer in [
        (200, json!({"data": null})),
        (200, json!([])),
        (200, organization(json!({"can-update-api-token": "yes"}))),
        (401, json!({})),
        (500, json!({})),
    ] {
        let error = refused(answer).await;
        assert!(error.is_not_found() && !error.is_no_permission(), "{error}");
        assert!(error.to_string().contains("could not be read"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_without_its_data_is_a_protocol_error() {
    for body in [
        r#"{"data":null}"#,
        "{}",
        "",
        "<html>",
        "null",
        r#"{"data":{}}"#,
        r#"{"data":{"id":null,"attributes":{"created-at":"2026-01-01T00:00:00Z"}}}"#,
        r#"{"data":{"id":"","attributes":{"created-at":"2026-01-01T00:00:00Z"}}}"#,
        r#"{"data":{"id":"at-1","attributes":{}}}"#,
        r#"{"data":{"id":"at-1","attributes":{"created-at":"then"}}}"#,
        r#"{"data":{"id":"at-1","attributes":{"created-at":"2026-01-01T00:00:00Z","expired-at":"x"}}}"#,
        r#"{"data":{"id":"at-1","attributes":{"created-at":"2026-01-01T00:00:00Z","last-used-at":1}}}"#,
    ] {
        let service = Service::start().await;
        service.next("GET", Conduct::Answer(200, body));
        let error = read(&service).await.unwrap_err();
        assert!(error.is_protocol(), "{body}: {error}");
        assert_eq!(service.log(), ["GET token"], "{body}");
    }
}

#[tokio::test]
async fn only_hcp_terraform_has_audit_trail_tokens() {
    for headers in [
        vec![],
        vec![("TFP-AppName", "Terraform Enterprise")],
        vec![("X-TFE-Version", "v202501-1")],
    ] {
        for with_token in [true, false] {
            let service = Service::start().await;
            if with_token {
                service.state().generate();
            }
            service.state().headers = headers.clone();
            let error = read(&service).await.unwrap_err();
            assert!(error.is_unsupported_service(), "{headers:?} {error}");
        }
    }
}

#[tokio::test]
async fn a_service_needs_to_name_itself_once() {
    let service = Service::start().await.with_token();
    let client = service.client().await;
    client.organizations().read(ORGANIZATION).await.unwrap();
    service.state().headers = vec![];
    assert!(
        client
            .audit_trail_tokens()
            .read(ORGANIZATION)
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn the_practitioner_can_declare_a_host_as_supported_but_not_terraform_enterprise() {
    let service = Service::start().await.with_token();
    service.state().headers = vec![];
    let assumed = async |host| {
        let environment = service
            .environment()
            .variable("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED", host);
        let settings = resolve(arguments(), &environment).await.unwrap();
        let client = Client::new(settings, timing(), "1.2.3");
        client.audit_trail_tokens().read(ORGANIZATION).await.is_ok()
    };
    assert!(assumed("TFE.example.com:443").await);
    assert!(!assumed("other.example.com").await);
    assert!(!assumed("true").await);
    service.state().headers = vec![("X-TFE-Version", "v202501-1")];
    assert!(!assumed("tfe.example.com").await);
}

#[tokio::test]
async fn reads_organizations_and_entitlements() {
    let service = Service::start().await;
    let client = service.client().await;
    let found = client
        .organizations()
        .read(ORGANIZATION)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.name, ORGANIZATION);
    assert_eq!(found.external_id.as_deref(), Some("org-1"));
    assert_eq!(found.can_update_api_token, Some(true));
    let entitlements = client
        .organizations()
        .entitlements(ORGANIZATION)
        .await
        .unwrap();
    assert_eq!(entitlements.audit_logging, Some(true));
    service.state().organization = (404, json!({}));
    assert_eq!(
        client.organizations().read(ORGANIZATION).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_probe_reports_whether_a_secret_works() {
    let service = Service::start().await;
    let client = service.client().await;
    let secret = Secret::new("audit-token".to_owned());
    let probe = async |answer| {
        service.state().trail = answer;
        client.audit_trails(&secret).probe().await.unwrap()
    };
    assert_eq!(
        probe((200, json!({"data": [], "pagination": {}}))).await,
        Probe::Alive
    );
    let request = service.last_request();
    assert_eq!(
        request.target,
        "/api/v2/organization/audit-trail?page%5Bsize%5D=1"
    );
    assert_eq!(request.headers["authorization"], "Bearer audit-token");
    assert_eq!(request.headers["accept"], "application/json");
    assert_eq!(probe((401, json!({}))).await, Probe::Dead);
    for status in [400, 403, 404, 422] {
        assert_eq!(probe((status, json!({}))).await, Probe::Inconclusive);
    }
    assert_eq!(
        probe((200, json!({"data": null}))).await,
        Probe::Inconclusive
    );
}

#[tokio::test]
async fn a_probe_without_a_final_answer_is_an_error() {
    let service = Service::start().await;
    let client = service.client().await;
    for status in [408, 429, 500, 502, 503, 504] {
        service.state().trail = (status, json!({}));
        let error = client.own_audit_trails().probe().await.unwrap_err();
        assert_eq!(error.status(), Some(status));
    }
}

#[tokio::test]
async fn invalid_names_are_not_sent() {
    let service = Service::start().await;
    let client = service.client().await;
    for name in ["", "a/b", "..", "a\nb"] {
        let error = client.audit_trail_tokens().read(name).await.unwrap_err();
        assert!(std::error::Error::source(&error).is_some(), "{error}");
        assert!(!error.to_string().contains('\n'));
    }
    assert!(service.log().is_empty());
    let _ = client.organizations().read("a?b#c%ü").await;
    assert_eq!(
        service.last_request().target,
        "/api/v2/organizations/a%3Fb%23c%25%C3%BC"
    );
}
