//! The discovery document: every form of the API's URL, and documents that are refused.

use terraform_provider_tfe::client::{Arguments, Client, Environment, Error, Secret, resolve};

use crate::connecting::{client, read, start, trusting};
use crate::service::{ORGANIZATION, Service, short_timeouts};

const JSON: &str = "application/json";

/// Leaks a text, so that it lives as long as the test process.
fn text(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Returns the target of the first request after this answer to discovery.
async fn first_target(
    service: &Service,
    pem: &str,
    answer: (u16, &'static str, &'static str),
) -> String {
    service.state().discovery = answer;
    service.state().requests.clear();
    let client = client(service, &trusting(pem)).await;
    // The organization may be missing.
    let _ = client.organizations().read(ORGANIZATION).await;
    service.last_request().target
}

#[tokio::test]
async fn the_api_is_where_the_document_says() {
    let (service, pem) = start().await;
    let address = service.address();
    for (services, place) in [
        (r#"{"tfe.v2": "/api/v2/"}"#.to_owned(), "/api/v2/"),
        (r#"{"tfe.v2": "/api/v2"}"#.to_owned(), "/api/v2/"),
        (r#"{"tfe.v2": "/"}"#.to_owned(), "/"),
        (
            r#"{"tfe.v2": "/tools/terraform/api/v2/"}"#.to_owned(),
            "/tools/terraform/api/v2/",
        ),
        (
            r#"{"tfe.v2": "api/v2/"}"#.to_owned(),
            "/.well-known/api/v2/",
        ),
        (r#"{"tfe.v2": "../api/v2/"}"#.to_owned(), "/api/v2/"),
        (r#"{"tfe.v2": "/api/v2/?x=y#z"}"#.to_owned(), "/api/v2/"),
        (
            format!(r#"{{"tfe.v2": "https://{address}/deep/v2/"}}"#),
            "/deep/v2/",
        ),
        (
            format!(r#"{{"tfe.v2": "//{address}/deep/v2/"}}"#),
            "/deep/v2/",
        ),
        (
            r#"{"tfe.v2": "/old/", "tfe.v2.1": "/new/"}"#.to_owned(),
            "/new/",
        ),
        (
            r#"{"tfe.v2.1": "/old/", "tfe.v2.2": "/new/"}"#.to_owned(),
            "/new/",
        ),
        (
            r#"{"tfe.v2.2": null, "tfe.v2": "/old/"}"#.to_owned(),
            "/old/",
        ),
        (
            r#"{"login.v1": {"client": "x"}, "tfe.v2": "/a/"}"#.to_owned(),
            "/a/",
        ),
    ] {
        let target = first_target(&service, &pem, (200, JSON, text(services.clone()))).await;
        assert_eq!(
            target,
            format!("{place}organizations/{ORGANIZATION}"),
            "{services}"
        );
    }
}

#[tokio::test]
async fn the_content_type_is_json_in_any_spelling() {
    let (service, pem) = start().await;
    let body = r#"{"tfe.v2": "/api/v2/"}"#;
    for kind in [
        JSON,
        "application/json; charset=utf-8",
        "Application/JSON",
        " application/json ;x",
    ] {
        let target = first_target(&service, &pem, (200, kind, body)).await;
        assert_ne!(target, "/.well-known/terraform.json", "{kind:?}");
    }
    for kind in [
        "",
        "text/html",
        "text/json",
        "application/jsonp",
        "application/vnd.api+json",
        ";",
    ] {
        service.state().discovery = (200, kind, body);
        let error = read(&service, &trusting(&pem)).await.unwrap_err();
        assert!(error.is_discovery(), "{kind:?}: {error}");
        let named = format!("content type {:?}", kind.trim());
        assert!(error.to_string().contains(&named), "{kind:?}: {error}");
    }
}

/// Returns the error of discovery.
async fn refusal(service: &Service, pem: &str, answer: (u16, &'static str, &'static str)) -> Error {
    service.state().discovery = answer;
    let error = read(service, &trusting(pem)).await.unwrap_err();
    assert!(error.is_discovery(), "{error}");
    let host = service.address().to_string();
    assert!(error.to_string().contains(&host), "names no host: {error}");
    error
}

#[tokio::test]
async fn a_document_without_a_usable_url_is_refused_with_the_reason() {
    let (service, pem) = start().await;
    for (status, body, reason) in [
        (404, "{}", "it has no discovery document"),
        (204, "", "it does not send its discovery document"),
        (401, "{}", "it does not send its discovery document"),
        (403, "{}", "it does not send its discovery document"),
        (503, "{}", "it does not send its discovery document"),
        (200, "", "is unusable"),
        (200, "null", "is unusable"),
        (200, "\"/api/v2/\"", "is unusable"),
        (200, r#"{"tfe.v2": "/api/v2/""#, "is unusable"),
        (200, "{}", "names no HCP Terraform API"),
        (
            200,
            r#"{"tfe.v2": {"url": "/"}}"#,
            "names no HCP Terraform API",
        ),
        (200, r#"{"tfe.v2": ["/"]}"#, "names no HCP Terraform API"),
        (200, r#"{"TFE.v2": "/"}"#, "names no HCP Terraform API"),
        (200, r#"{"tfe.v2": "ftp://x/"}"#, "neither http nor https"),
        (200, r#"{"tfe.v2": "mailto:x"}"#, "neither http nor https"),
        (
            200,
            r#"{"tfe.v2": "https://u:p@x/"}"#,
            "with credentials in it",
        ),
        (200, r#"{"tfe.v2": "https://"}"#, "an invalid URL"),
        (200, r#"{"tfe.v2": "http://[x"}"#, "an invalid URL"),
    ] {
        let error = refusal(&service, &pem, (status, JSON, body)).await;
        assert!(
            error.to_string().contains(reason),
            "{status} {body}: {error}"
        );
    }
}

#[tokio::test]
async fn a_document_of_more_than_a_megabyte_is_refused() {
    let (service, pem) = start().await;
    let document = |size: usize| {
        let frame = r#"{"tfe.v2": "/api/v2/", "x": ""}"#;
        let filling = "x".repeat(size - frame.len());
        text(frame.replace("\"\"", &format!("\"{filling}\"")))
    };
    let whole = first_target(&service, &pem, (200, JSON, document(1024 * 1024))).await;
    assert_ne!(whole, "/.well-known/terraform.json");
    service.state().discovery = (200, JSON, document(1024 * 1024 + 1));
    let error = read(&service, &trusting(&pem)).await.unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[tokio::test]
async fn a_redirect_without_https_is_refused() {
    let (service, pem) = start().await;
    let elsewhere = "it redirects to http://portal.example, without TLS";
    for (location, reason) in [
        ("http://portal.example/login?planted", elsewhere),
        ("http://user:planted@portal.example:1/", elsewhere),
        ("ftp://x/", "without TLS"),
        ("javascript:0", "without TLS"),
        ("https://", "no valid location"),
        ("https://[x/", "no valid location"),
    ] {
        service.state().redirect = Some((1, location.to_owned()));
        let error = read(&service, &trusting(&pem)).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains(reason), "{location}: {error}");
        assert!(!text.contains("planted"), "{error}");
    }
}

#[tokio::test]
async fn a_host_block_replaces_discovery() {
    let (service, pem) = start().await;
    let address = service.address();
    for (services, expected) in [
        (r#"{ "tfe.v2" = "/api/v2/" }"#.to_owned(), Ok("/api/v2/")),
        (r#"{ tfe.v2 = "/deep/v2" }"#.to_owned(), Ok("/deep/v2/")),
        (r#"{ "tfe.v2" = "x/" }"#.to_owned(), Ok("/.well-known/x/")),
        (
            format!(r#"{{ "tfe.v2.2" = "https://{address}/y/" }}"#),
            Ok("/y/"),
        ),
        ("{}".to_owned(), Err("names no HCP Terraform API")),
        (
            r#"{ "modules.v1" = "/m/" }"#.to_owned(),
            Err("names no HCP Terraform API"),
        ),
        (
            r#"{ "tfe.v2" = "ftp://x/" }"#.to_owned(),
            Err("neither http nor https"),
        ),
    ] {
        service.state().requests.clear();
        let environment = trusting(&pem).home("/home/me").file(
            "/home/me/.terraformrc",
            format!("host \"{address}\" {{ services {services} }}"),
        );
        let result = read(&service, &environment).await;
        match expected {
            Ok(place) => {
                let targets: Vec<String> = service
                    .state()
                    .requests
                    .iter()
                    .map(|request| request.target.clone())
                    .collect();
                assert_eq!(targets, [format!("{place}organizations/{ORGANIZATION}")]);
            }
            Err(reason) => {
                let error = result.unwrap_err();
                assert!(error.is_discovery(), "{error}");
                let text = error.to_string();
                assert!(
                    text.contains("the host block") && text.contains(reason),
                    "{text}"
                );
                assert!(service.log().is_empty(), "{services}");
            }
        }
    }
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_a_timeout() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let arguments = Arguments {
        hostname: Some(silent.local_addr().unwrap().to_string()),
        token: Some(Secret::new("callers-token".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &Environment::in_memory()).await.unwrap();
    let client = Client::new(settings, short_timeouts(), "1.2.3");
    let error = client.organizations().read(ORGANIZATION).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let (host, port) = ("127.0.0.1", silent.local_addr().unwrap().port());
    assert!(
        error.to_string().contains(&format!("{host}:{port}")),
        "{error}"
    );
}
