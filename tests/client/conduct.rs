//! Connections, versions of HTTP, waits at a rate limit, and redirects.

use std::time::{Duration, Instant};

use hyper::Version;
use serde_json::json;
use terraform_provider_tfe::client::{Arguments, Client, Environment, Secret, resolve};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::origin::Origin;
use crate::pki::{ANY_VERSION, Authority, Kind, NAME, named};
use crate::service::{ORGANIZATION, arguments, environment_of, organization, timing, token};

/// A service that speaks these protocols over TLS, and a client of it.
async fn start(protocols: &[&str]) -> (Origin, Client) {
    let authority = Authority::new(Kind::P256);
    let server = authority.server(Kind::P256, named(&[NAME]));
    let origin = Origin::start(server.acceptor(ANY_VERSION, protocols)).await;
    let environment = Environment::in_memory()
        .variable("SSL_CERT_FILE", "/authority.pem")
        .file("/authority.pem", authority.pem())
        .file("/etc/hosts", format!("127.0.0.1 {NAME}"));
    let arguments = Arguments {
        hostname: Some(format!("{NAME}:{}", origin.address.port())),
        token: Some(Secret::new("callers-token".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &environment).await.unwrap();
    (origin, Client::new(settings, timing(), "1.2.3"))
}

async fn read(client: &Client) {
    let found = client.organizations().read(ORGANIZATION).await;
    assert!(found.unwrap().is_some());
}

#[tokio::test]
async fn http_2_is_spoken_where_the_server_offers_it() {
    for (offered, expected) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2),
        (&["http/1.1", "h2"], Version::HTTP_11),
        (&["h2"], Version::HTTP_2),
        (&["http/1.1"], Version::HTTP_11),
        (&[], Version::HTTP_11),
    ] {
        let (origin, client) = start(offered).await;
        read(&client).await;
        let versions: Vec<Version> = origin.seen().iter().map(|(_, it, _)| *it).collect();
        assert_eq!(versions, [expected, expected], "{offered:?}");
    }
}

#[tokio::test]
async fn one_connection_carries_discovery_and_all_that_follows() {
    for protocols in [&["h2"][..], &["http/1.1"]] {
        let (origin, client) = start(protocols).await;
        for _ in 0..3 {
            read(&client.clone()).await;
        }
        let connections: Vec<u32> = origin.seen().iter().map(|(it, ..)| *it).collect();
        assert_eq!(connections, [1, 1, 1, 1], "{protocols:?}");
    }
}

/// Terraform reads ten resources concurrently.
#[tokio::test]
async fn concurrent_requests_share_a_connection_of_http_2() {
    let (origin, client) = start(&["h2"]).await;
    let one = || read(&client);
    tokio::join!(
        one(),
        one(),
        one(),
        one(),
        one(),
        one(),
        one(),
        one(),
        one(),
        one()
    );
    let connections: Vec<u32> = origin.seen().iter().map(|(it, ..)| *it).collect();
    assert_eq!(connections, [1; 11]);
}

/// Returns the number of requests to a service whose first answer is a 429 with this header.
async fn wait_for(header: &str, value: &str) -> usize {
    let server = MockServer::start().await;
    let limit = ResponseTemplate::new(429).insert_header(header, value);
    let place = "/organizations/my-org-name";
    Mock::given(path(place))
        .respond_with(limit)
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let found = ResponseTemplate::new(200).set_body_json(organization(json!({})));
    Mock::given(path(place))
        .respond_with(found)
        .mount(&server)
        .await;
    let environment = environment_of(&server.uri());
    let settings = resolve(arguments(), &environment).await.unwrap();
    read(&Client::new(settings, timing(), "1.2.3")).await;
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn the_wait_at_a_rate_limit_has_a_maximum() {
    let start = Instant::now();
    for (header, values) in [
        (
            "x-ratelimit-reset",
            &[
                "0",
                "0.25",
                "86400",
                "1800000000",
                "1e300",
                "-1",
                "NaN",
                "soon",
                "",
            ][..],
        ),
        (
            "retry-after",
            &[
                "0",
                "86400",
                "99999999999999999999",
                "-1",
                "Sun, 06 Nov 2094 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "soon",
                "",
            ],
        ),
    ] {
        for value in values {
            assert_eq!(wait_for(header, value).await, 2, "{header}: {value}");
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn a_redirect_to_another_host_is_refused_and_its_credentials_are_ignored() {
    let elsewhere = MockServer::start().await;
    let server = MockServer::start().await;
    let place = "/organizations/my-org-name";
    let here = server.address().to_string();
    let port = server.address().port();
    for (location, is_followed) in [
        ("/moved".to_owned(), true),
        (format!("http://{here}/moved"), true),
        (format!("http://user:password@{here}/moved"), true),
        (format!("{}/moved", elsewhere.uri()), false),
        (format!("//{}/moved", elsewhere.address()), false),
        (format!("http://localhost:{port}/moved"), false),
        (format!("https://{here}/moved"), false),
        ("ftp://127.0.0.1/moved".to_owned(), false),
    ] {
        server.reset().await;
        let redirect = ResponseTemplate::new(302).insert_header("location", &*location);
        Mock::given(path(place))
            .respond_with(redirect)
            .mount(&server)
            .await;
        let found = ResponseTemplate::new(200).set_body_json(organization(json!({})));
        Mock::given(path("/moved"))
            .respond_with(found)
            .mount(&server)
            .await;
        let environment = environment_of(&server.uri());
        let settings = resolve(arguments(), &environment).await.unwrap();
        let client = Client::new(settings, timing(), "1.2.3");
        let found = client.organizations().read(ORGANIZATION).await;
        assert_eq!(found.is_ok(), is_followed, "{location}: {found:?}");
        if location.starts_with("https://") {
            let words =
                format!("leads from http at port {port} to https at port {port} of the same host");
            let error = found.unwrap_err().to_string();
            assert!(error.contains(&words), "{error}");
        }
        for request in server.received_requests().await.unwrap() {
            let sent: Vec<_> = request.headers.get_all("authorization").iter().collect();
            assert_eq!(sent, ["Bearer callers-token"], "{location}");
        }
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

/// Without its query, the path of the audit trail token is that of the organization token.
#[tokio::test]
async fn a_redirect_that_leaves_out_the_query_is_not_followed() {
    let meant = token(1);
    let path_of_token = "/organizations/my-org-name/authentication-token";
    for (location, is_followed) in [
        (format!("{path_of_token}/?token=audit-trails"), true),
        (format!("{path_of_token}/"), false),
        (format!("{path_of_token}/?token=audit-trailsx"), false),
    ] {
        for redirected in ["GET", "DELETE"] {
            let server = MockServer::start().await;
            let redirect = ResponseTemplate::new(308).insert_header("location", &*location);
            Mock::given(method(redirected))
                .and(path(path_of_token))
                .respond_with(redirect)
                .mount(&server)
                .await;
            let found = ResponseTemplate::new(200)
                .insert_header("TFP-AppName", "HCP Terraform")
                .set_body_json(json!({"data": {
                    "id": meant.id,
                    "type": "authentication-tokens",
                    "attributes": {"created-at": "2026-01-01T00:00:01.123Z"},
                }}));
            Mock::given(method("GET"))
                .respond_with(found)
                .mount(&server)
                .await;
            Mock::given(method("DELETE"))
                .respond_with(ResponseTemplate::new(204))
                .mount(&server)
                .await;
            let environment = environment_of(&server.uri());
            let settings = resolve(arguments(), &environment).await.unwrap();
            let client = Client::new(settings, timing(), "1.2.3");
            let deleted = client
                .audit_trail_tokens()
                .delete(ORGANIZATION, &meant.id, meant.created_at)
                .await;
            // A 204 after a redirect does not mean that the token is deleted.
            let is_deleted = is_followed && redirected == "GET";
            assert_eq!(deleted.is_ok(), is_deleted, "{location}: {deleted:?}");
            let requests = server.received_requests().await.unwrap();
            let followed = requests.iter().any(|one| one.url.path().ends_with('/'));
            assert_eq!(followed, is_followed, "{location}");
            let without_query = requests
                .iter()
                .find(|request| request.url.query() != Some("token=audit-trails"));
            assert!(without_query.is_none(), "{location}: {without_query:?}");
        }
    }
}
