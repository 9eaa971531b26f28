//! Finding the API behind a hostname, over TLS, and whom to trust.

use std::sync::Arc;

use base64::Engine;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use terraform_provider_tfe::client::{Arguments, Client, Environment, Error, Secret, resolve};
use tokio_rustls::TlsAcceptor;

use crate::service::{ORGANIZATION, Service, timing};

/// A service on https://127.0.0.1, and the private authority that vouches for it.
pub(crate) async fn start() -> (Service, String) {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    // Of one name, one authority's certificate would be tried for the other's.
    let name = format!("authority {}", fastrand::u64(..));
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let service = serve(certificate.der().clone(), &key).await;
    (service, pem(authority_certificate.der()))
}

async fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> Service {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    Service::start_with_tls(TlsAcceptor::from(Arc::new(config))).await
}

fn pem(der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

/// An environment in which only `pem` is trusted.
pub(crate) fn trusting(pem: &str) -> Environment {
    Environment::for_test()
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
async fn a_failed_discovery_is_tried_again_by_the_next_call() {
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
async fn a_document_that_is_no_announcement_is_refused_with_the_reason() {
    let (service, pem) = start().await;
    for (discovery, reason) in [
        ((404, "application/json", "{}"), "no discovery document"),
        ((200, "text/html", "<html>"), "content type \"text/html\""),
        ((200, "", ""), "content type \"\""),
        ((200, "application/json", "<html>"), "not JSON"),
        ((200, "application/json", "[]"), "another shape"),
        (
            (200, "application/json", r#"{"tfe.v9":"/"}"#),
            "names no HCP Terraform API",
        ),
        (
            (200, "application/json", r#"{"tfe.v2":7}"#),
            "names no HCP Terraform API",
        ),
    ] {
        service.state().discovery = discovery;
        let error = read(&service, &trusting(&pem)).await.unwrap_err();
        assert!(
            error.is_discovery() && error.to_string().contains(reason),
            "{error}"
        );
    }
    service.state().discovery = (503, "", "");
    let error = read(&service, &trusting(&pem)).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
}

#[tokio::test]
async fn discovery_follows_few_redirects_and_starts_from_where_they_led() {
    let (service, pem) = start().await;
    service.state().redirect = Some((3, "/.well-known/terraform.json".to_owned()));
    read(&service, &trusting(&pem)).await.unwrap();
    service.state().redirect = Some((4, "/.well-known/terraform.json".to_owned()));
    let error = read(&service, &trusting(&pem)).await.unwrap_err();
    assert!(error.to_string().contains("redirects too often"), "{error}");

    // The host only points to another one, whose document has a relative URL.
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
async fn discovery_does_not_leave_tls() {
    let (service, pem) = start().await;
    service.state().redirect = Some((1, format!("http://{}/x", service.address())));
    let error = read(&service, &trusting(&pem)).await.unwrap_err();
    assert!(
        error.to_string().contains("no valid https location"),
        "{error}"
    );
}

#[tokio::test]
async fn an_unknown_authority_is_refused_at_once_with_the_way_out() {
    let (service, _) = start().await;
    let (_, others_pem) = start().await;
    let error = read(&service, &trusting(&others_pem)).await.unwrap_err();
    assert!(
        error.is_connect() && error.to_string().contains("SSL_CERT_FILE"),
        "{error}"
    );
    // Trying again would not help.
    assert_eq!(service.state().connections, 1);
}

#[tokio::test]
async fn roots_are_found_as_go_finds_them() {
    let (service, pem) = start().await;
    let base = || Environment::for_test();
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
        // One bad certificate does not cost the others.
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

#[tokio::test]
async fn ssl_skip_verify_accepts_any_certificate() {
    let (service, _) = start().await;
    let environment = Environment::for_test().variable("TFE_SSL_SKIP_VERIFY", "true");
    read(&service, &environment).await.unwrap();
}
