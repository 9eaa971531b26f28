//! An API without TLS, which would get the API token in clear text: refused, except on this machine.

use terraform_provider_tfe::client::{Client, Environment, Error, resolve};

use crate::connecting::{self, trusting};
use crate::pki::NAME;
use crate::service::{HOSTNAME, ORGANIZATION, Service, arguments, environment_of, timing};

async fn read(environment: &Environment) -> Result<(), Error> {
    let settings = resolve(arguments(), environment).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    client.organizations().read(ORGANIZATION).await.map(drop)
}

/// A service without TLS, at a name that is not this machine's as far as a client can know.
async fn plain() -> (Service, String) {
    let service = Service::start().await;
    let url = format!("http://{NAME}:{}/api/v2", service.address().port());
    (service, url)
}

#[track_caller]
fn check(error: &Error, expected: &[&str]) {
    let text = error.to_string();
    assert!(error.is_clear_text(), "{text}");
    for words in expected {
        assert!(text.contains(words), "{words:?} is not in: {text}");
    }
}

/// The token went out in clear text, and the practitioner saw nothing.
#[tokio::test]
async fn a_host_block_without_tls_gets_no_token() {
    let (service, url) = plain().await;
    let environment = environment_of(&url).file("/etc/hosts", format!("127.0.0.1 {NAME}"));
    let error = read(&environment).await.unwrap_err();
    let from = format!("the host block for {HOSTNAME} in /home/me/.terraformrc");
    check(&error, &[&from, &url]);
    assert_eq!(service.state().connections, 0);
}

#[tokio::test]
async fn a_discovery_document_without_tls_gets_no_token() {
    let (plain, url) = plain().await;
    let (service, pem) = connecting::start().await;
    for name in ["tfe.v2", "tfe.v2.1", "tfe.v2.2"] {
        let document = format!(r#"{{"{name}": "{url}"}}"#);
        service.state().discovery = (200, "application/json", document.leak());
        let environment = trusting(&pem).file("/etc/hosts", format!("127.0.0.1 {NAME}"));
        let error = connecting::read(&service, &environment).await.unwrap_err();
        let from = format!(
            "the discovery document https://{}/.well-known/terraform.json",
            service.address()
        );
        check(&error, &[&from, &format!("{name} is {url}")]);
    }
    assert_eq!(plain.state().connections, 0);
    assert!(service.log().iter().all(|one| one.contains("well-known")));
}

/// The document is not always the host's own.
#[tokio::test]
async fn the_error_names_the_document_that_was_read() {
    let (service, pem) = connecting::start().await;
    let (pointer, pointer_pem) = connecting::start().await;
    service.state().discovery = (
        200,
        "application/json",
        r#"{"tfe.v2": "http://evil.example/"}"#,
    );
    let document = format!("https://{}/.well-known/terraform.json", service.address());
    pointer.state().redirect = Some((1, format!("{document}#planted")));
    let environment = trusting(&format!("{pem}{pointer_pem}"));
    let error = connecting::read(&pointer, &environment).await.unwrap_err();
    check(&error, &[&format!("the discovery document {document} ")]);
    assert!(!error.to_string().contains("planted"), "{error}");
}

#[tokio::test]
async fn only_an_address_of_this_machine_may_be_without_tls() {
    for (host, is_allowed) in [
        ("127.0.0.1:1", true),
        ("127.9.9.9:1", true),
        ("[::1]:1", true),
        ("localhost:1", true),
        ("LOCALHOST:1", true),
        ("0.0.0.0:1", false),
        ("[::]:1", false),
        ("[::ffff:127.0.0.1]:1", false),
        ("10.0.0.1:1", false),
        ("localhost.:1", false),
        ("tfe.localhost:1", false),
        ("localhost.example.com:1", false),
        ("127.0.0.1.example.com:1", false),
        ("localhost@example.com:1", false),
    ] {
        let environment = environment_of(&format!("http://{host}/"))
            .file("/etc/resolv.conf", "nameserver 127.99.99.99\n");
        let error = read(&environment).await.unwrap_err();
        assert_eq!(
            !error.is_clear_text() && error.is_connect(),
            is_allowed,
            "{host}: {error}"
        );
    }
}

/// HTTP_PROXY would have got the token, too.
#[tokio::test]
async fn a_proxy_makes_no_difference() {
    let (service, url) = plain().await;
    let environment = environment_of(&url).variable("HTTP_PROXY", service.address().to_string());
    check(&read(&environment).await.unwrap_err(), &[&url]);
    assert_eq!(service.state().connections, 0);
}
