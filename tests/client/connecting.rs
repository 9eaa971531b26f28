//! Discovery over TLS, and where root certificates are read.

use terraform_provider_tfe::client::{Arguments, Client, Environment, Error, Secret, resolve};

use crate::pki::{ANY_VERSION, Authority, Kind, named};
use crate::service::{Conduct, ORGANIZATION, Service, timing};

/// A service on https://127.0.0.1, and the certificate of the authority that issued its certificate.
pub(crate) async fn start() -> (Service, String) {
    let authority = Authority::new(Kind::P256);
    let server = authority.server(Kind::P256, named(&["127.0.0.1"]));
    let service = Service::start_with_tls(server.acceptor(ANY_VERSION, &[])).await;
    (service, authority.pem())
}

/// An environment in which only `pem` is trusted.
pub(crate) fn trusting(pem: &str) -> Environment {
    Environment::in_memory()
        .variable("SSL_CERT_FILE", "/authority.pem")
        .file("/authority.pem", pem)
}

pub(crate) async fn client(service: &Service, environment: &Environment) -> Client {
    let arguments = Arguments {
        hostname: Some(service.address().to_string()),
        token: Some(Secret::new("callers-token".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, environment).await.unwrap();
    Client::new(settings, timing(), "1.2.3")
}

pub(crate) async fn read(service: &Service, environment: &Environment) -> Result<(), Error> {
    client(service, environment)
        .await
        .organizations()
        .read(ORGANIZATION)
        .await
        .map(drop)
}

/// The message had the address of a page of a library for TLS.
#[tokio::test]
async fn a_connection_that_is_closed_is_reported_without_a_librarys_words() {
    let (service, pem) = start().await;
    let client = client(&service, &trusting(&pem)).await;
    (0..5).for_each(|_| service.next("GET", Conduct::HangUp));
    let error = client.audit_trail_tokens().read(ORGANIZATION).await;
    let error = error.unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with(": the other side closed the connection"),
        "{text}"
    );
    assert_eq!(error.reasons(), [""; 0]);
}

#[tokio::test]
async fn the_api_is_discovered_once_and_without_the_token() {
    let (service, pem) = start().await;
    let client = client(&service, &trusting(&pem)).await;
    assert!(service.log().is_empty(), "making a client sends nothing");
    let organizations = client.organizations();
    let (first, second) = tokio::join!(
        organizations.read(ORGANIZATION),
        organizations.read(ORGANIZATION)
    );
    assert!(first.unwrap().is_some() && second.unwrap().is_some());
    let again = client.clone();
    again.organizations().read(ORGANIZATION).await.unwrap();
    assert_eq!(
        service.log(),
        [
            "GET /.well-known/terraform.json",
            "GET organization",
            "GET organization",
            "GET organization"
        ]
    );
    let discovery = service.state().requests[0].clone();
    assert_eq!(discovery.headers.get("authorization"), None);
    assert_eq!(discovery.headers["accept"], "application/json");
    assert_eq!(
        discovery.headers["user-agent"],
        "terraform-provider-tfe/1.2.3"
    );
}

#[tokio::test]
async fn a_failed_discovery_is_retried_by_the_next_call() {
    let (service, pem) = start().await;
    let client = client(&service, &trusting(&pem)).await;
    service.state().discovery.0 = 404;
    assert!(
        client
            .organizations()
            .read(ORGANIZATION)
            .await
            .unwrap_err()
            .is_discovery()
    );
    service.state().discovery.0 = 200;
    assert!(client.organizations().read(ORGANIZATION).await.is_ok());
}

#[tokio::test]
async fn discovery_follows_three_redirects_and_a_relative_url_is_relative_to_the_last() {
    let (service, pem) = start().await;
    service.state().redirect = Some((3, "/.well-known/terraform.json".to_owned()));
    read(&service, &trusting(&pem)).await.unwrap();
    service.state().redirect = Some((4, "/.well-known/terraform.json".to_owned()));
    let error = read(&service, &trusting(&pem)).await.unwrap_err();
    assert!(error.to_string().contains("redirects too often"), "{error}");

    // A host redirects to another, whose document has a relative URL.
    let (pointer, pointers_pem) = start().await;
    let target = format!("https://{}/.well-known/terraform.json", service.address());
    service.state().redirect = None;
    pointer.state().redirect = Some((1, target));
    read(&pointer, &trusting(&format!("{pem}{pointers_pem}")))
        .await
        .unwrap();
    assert_eq!(pointer.log(), ["GET /.well-known/terraform.json"]);
    assert_eq!(service.log().last().unwrap(), "GET organization");
}

#[tokio::test]
async fn roots_are_found_as_go_finds_them() {
    let (service, pem) = start().await;
    let base = || Environment::in_memory();
    let authority = "/etc/ssl/certs/ca-certificates.crt";
    let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (environment, trusted) in [
        (base().file(authority, &*pem), true),
        (base().file("/etc/pki/tls/cacert.pem", &*pem), true),
        (base().file("/etc/ssl/certs/mine.pem", &*pem), true),
        (
            base()
                .variable("SSL_CERT_DIR", "/a:/b")
                .file("/b/mine.pem", &*pem),
            true,
        ),
        // SSL_CERT_FILE replaces the files, not the directories.
        (
            base()
                .variable("SSL_CERT_FILE", "/none")
                .file("/etc/ssl/certs/mine.pem", &*pem),
            true,
        ),
        (
            base()
                .variable("SSL_CERT_FILE", "/none")
                .file("/etc/ssl/cert.pem", &*pem),
            false,
        ),
        (
            base()
                .variable("SSL_CERT_DIR", "/a")
                .file("/etc/ssl/certs/mine.pem", &*pem),
            false,
        ),
        // A malformed certificate does not prevent the use of the others.
        (base().file(authority, format!("{junk}{pem}")), true),
        (base(), false),
    ] {
        assert_eq!(
            read(&service, &environment).await.is_ok(),
            trusted,
            "{environment:?}"
        );
    }
}
