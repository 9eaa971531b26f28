//! Which servers are trusted, with real handshakes: keys, versions, chains, names and dates.
//!
//! `connecting` tests which files have the trusted certificates.

use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};
use terraform_provider_tfe::client::{Arguments, Client, Environment, Error, Secret, resolve};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::pki::{ANY_VERSION, Authority, Kind, NAME, Server, named, named_authority, valid};
use crate::service::{ORGANIZATION, Service, timing};

/// Returns an environment in which only `pem` is trusted, and [`NAME`] is this machine.
fn trusting(pem: &str) -> Environment {
    Environment::in_memory()
        .variable("SSL_CERT_FILE", "/authority.pem")
        .file("/authority.pem", pem)
        .file("/etc/hosts", format!("127.0.0.1 {NAME} other.example.com"))
}

async fn start(server: Server) -> Service {
    Service::start_with_tls(server.acceptor(ANY_VERSION, &[])).await
}

/// Reads from a host on this machine.
async fn read(host: &str, port: u16, environment: &Environment) -> Result<(), Error> {
    let arguments = Arguments {
        hostname: Some(format!("{host}:{port}")),
        token: Some(Secret::new("callers-token".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, environment).await.unwrap();
    let client = Client::new(settings, timing(), "1.2.3");
    client.organizations().read(ORGANIZATION).await.map(drop)
}

/// Reads from a server with this certificate, by [`NAME`].
async fn reach(server: Server, trusted: &str) -> Result<(), Error> {
    let service = start(server).await;
    let result = read(NAME, service.address().port(), &trusting(trusted)).await;
    if let Err(error) = &result {
        assert!(error.is_connect(), "{error}");
        assert_eq!(service.log(), [""; 0], "nothing was sent");
        // The client does not retry.
        assert_eq!(service.state().connections, 1, "{error}");
    }
    result
}

/// Checks that the server is refused, and that the error has these words.
async fn check_refusal(server: Server, trusted: &str, words: &[&str]) {
    let error = reach(server, trusted).await.unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "no {word:?} in: {error}");
    }
}

async fn check_handshake(kind: Kind, version: &'static SupportedProtocolVersion) {
    let authority = Authority::new(kind);
    let server = authority.server(kind, named(&[NAME]));
    let service = Service::start_with_tls(server.acceptor(&[version], &[])).await;
    let port = service.address().port();
    read(NAME, port, &trusting(&authority.pem()))
        .await
        .unwrap_or_else(|error| panic!("{kind:?} {version:?}: {error}"));
}

#[tokio::test]
async fn p256_p384_and_rsa_keys_are_accepted_in_both_versions() {
    for kind in [Kind::P256, Kind::P384, Kind::Rsa] {
        for version in [&TLS12, &TLS13] {
            check_handshake(kind, version).await;
        }
    }
}

#[tokio::test]
async fn a_name_or_an_address_must_be_the_certificates() {
    let authority = Authority::new(Kind::P256);
    let environment = trusting(&authority.pem());
    for (names, host, accepted) in [
        (&[NAME][..], NAME, true),
        (&["*.example.com"], NAME, true),
        (&["127.0.0.1"], "127.0.0.1", true),
        (&["localhost"], "localhost", true),
        (&["other.example.com"], NAME, false),
        (&["*.other.example.com"], NAME, false),
        (&["127.0.0.1"], NAME, false),
        (&[NAME], "127.0.0.1", false),
        (&["127.0.0.2"], "127.0.0.1", false),
        (&[], NAME, false),
    ] {
        let service = start(authority.server(Kind::P256, named(names))).await;
        let result = read(host, service.address().port(), &environment).await;
        assert_eq!(result.is_ok(), accepted, "{names:?} as {host}: {result:?}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_wrong_and_what_to_do() {
    let authority = Authority::new(Kind::P256);
    let trusted = authority.pem();
    let expired = valid(named(&[NAME]), 2019, 2020);
    check_refusal(
        authority.server(Kind::P256, expired),
        &trusted,
        &["(CN=", "expired on 2020-01-01T00:00:00Z", "renewed"],
    )
    .await;
    let future = valid(named(&[NAME]), 4000, 4001);
    check_refusal(
        authority.server(Kind::P256, future),
        &trusted,
        &["valid from 4000-01-01T00:00:00Z only", "clocks"],
    )
    .await;
    check_refusal(
        authority.server(Kind::P256, named(&["other.example.com"])),
        &trusted,
        &[NAME, "other.example.com", "subjectAltName"],
    )
    .await;
    check_refusal(
        Authority::new(Kind::P256).server(Kind::P256, named(&[NAME])),
        &trusted,
        &[
            "leads to no trusted one: it was issued by CN=",
            "SSL_CERT_FILE",
            "its own only",
        ],
    )
    .await;
    let stranger = Authority::new(Kind::P256);
    let intermediate = stranger.intermediate();
    check_refusal(
        intermediate
            .server(Kind::P256, named(&[NAME]))
            .sending(intermediate.certificate()),
        &trusted,
        &[
            "2 certificates",
            "lead to no trusted one: name their certificate authority, CN=",
            "SSL_CERT_FILE",
        ],
    )
    .await;
}

#[tokio::test]
async fn a_chain_is_followed_through_what_the_server_sends_and_no_further() {
    let authority = Authority::new(Kind::P256);
    let intermediate = authority.intermediate();
    let server = || intermediate.server(Kind::P256, named(&[NAME]));
    let whole = server().sending(intermediate.certificate());
    reach(whole, &authority.pem()).await.unwrap();
    check_refusal(
        server(),
        &authority.pem(),
        &["leaves out an intermediate certificate"],
    )
    .await;
    // It is enough to trust the intermediate.
    reach(server(), &intermediate.pem()).await.unwrap();
}

/// `openssl req -x509` makes such servers, and Go trusts them.
#[tokio::test]
async fn a_server_that_is_itself_trusted_is_accepted() {
    let server = Server::self_signed(&named_authority(&[NAME]));
    let trusted = server.pem();
    reach(server, &trusted).await.unwrap();

    let server = Server::self_signed(&named(&[NAME]));
    let trusted = server.pem();
    reach(server, &trusted).await.unwrap();

    // Also with another issuer and other certificates.
    let (issuer, stranger) = (Authority::new(Kind::P256), Authority::new(Kind::P256));
    let server = issuer.server(Kind::P256, named(&[NAME]));
    let trusted = server.pem();
    reach(server.sending(stranger.certificate()), &trusted)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_trusted_certificate_needs_the_right_name_and_date() {
    let server = Server::self_signed(&named_authority(&["other.example.com"]));
    let trusted = server.pem();
    check_refusal(server, &trusted, &["other.example.com", "subjectAltName"]).await;

    for params in [named_authority(&[NAME]), named(&[NAME])] {
        let expired = valid(params, 2019, 2020);
        let server = Server::self_signed(&expired);
        let trusted = server.pem();
        check_refusal(server, &trusted, &["expired on 2020-01-01"]).await;
        let server = Authority::new(Kind::P256).server(Kind::P256, expired);
        let trusted = server.pem();
        check_refusal(server, &trusted, &["expired on 2020-01-01"]).await;
    }
}

#[tokio::test]
async fn a_certificate_like_a_trusted_one_is_refused() {
    // The same names, another key.
    let authority = named_authority(&[NAME]);
    let trusted = Server::self_signed(&authority).pem();
    check_refusal(
        Server::self_signed(&authority),
        &trusted,
        &["CA:FALSE", "SSL_CERT_FILE"],
    )
    .await;
    // It presents a trusted certificate, whose key it does not hold.
    let server = Server::self_signed(&named(&[NAME]));
    let impostor = Server::self_signed(&named(&[NAME])).presenting(&server);
    let trusted = server.pem();
    let service = start(impostor).await;
    let error = read(NAME, service.address().port(), &trusting(&trusted)).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("does not hold the key"), "{error}");
    assert_eq!(service.log(), [""; 0]);
}

#[tokio::test]
async fn the_error_names_an_authority_that_has_changed_its_key() {
    let (before, after) = Authority::new(Kind::P256).renewed();
    check_refusal(
        after.server(Kind::P256, named(&[NAME])),
        &before.pem(),
        &["signed with another key", "present certificate"],
    )
    .await;
    // With both trusted the right one is found.
    for trusted in [[before.pem(), after.pem()], [after.pem(), before.pem()]] {
        let server = after.server(Kind::P256, named(&[NAME]));
        reach(server, &trusted.concat()).await.unwrap();
    }
}

#[tokio::test]
async fn the_error_names_a_file_of_ssl_cert_file_that_is_not_used() {
    let authority = Authority::new(Kind::P256);
    let service = start(authority.server(Kind::P256, named(&[NAME]))).await;
    let port = service.address().port();
    let environment = |name: &str| {
        trusting(&authority.pem())
            .variable("SSL_CERT_FILE", name)
            .file("/broken.pem", "no PEM")
    };
    for (file, why) in [
        ("/typo.pem", "SSL_CERT_FILE: /typo.pem: entity not found"),
        (
            "/broken.pem",
            "SSL_CERT_FILE: /broken.pem: it has no certificate in PEM",
        ),
    ] {
        let error = read(NAME, port, &environment(file)).await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        // The same if the server's certificate is itself an authority.
        let itself = start(Server::self_signed(&named_authority(&[NAME]))).await;
        let result = read(NAME, itself.address().port(), &environment(file)).await;
        let text = result.unwrap_err().to_string();
        assert!(text.contains("CA:FALSE") && text.contains(why), "{text}");
        // The system's own roots are still trusted.
        let with_public = environment(file).file("/etc/ssl/certs/public.pem", authority.pem());
        read(NAME, port, &with_public).await.unwrap();
    }
}

/// Starts a server that sends this answer on every connection. Returns its port.
async fn always(answer: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(&answer).await.unwrap();
            // A connection that is closed with unread data is reset, and the answer may be lost.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    });
    port
}

#[tokio::test]
async fn the_error_says_that_a_server_has_no_tls() {
    let port = always(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let environment = trusting(&Authority::new(Kind::P256).pem());
    let error = read(NAME, port, &environment).await.unwrap_err();
    let words = "does not speak TLS: check the port";
    assert!(error.to_string().contains(words), "{error}");
}

/// Go and OpenSSL send these alerts if they have only old versions or ciphers.
#[tokio::test]
async fn the_error_says_what_a_server_with_old_tls_must_offer() {
    for alert in [40, 70, 71] {
        // A fatal alert of TLS 1.2.
        let port = always(vec![21, 3, 3, 0, 2, 2, alert]).await;
        let environment = trusting(&Authority::new(Kind::P256).pem());
        let error = read(NAME, port, &environment).await.unwrap_err();
        assert!(error.to_string().contains("TLS 1.2 with ECDHE"), "{error}");
    }
}

#[tokio::test]
async fn ssl_skip_verify_accepts_every_certificate_but_not_every_key() {
    let expired = valid(named_authority(&["other.example.com"]), 2019, 2020);
    let environment = trusting("").variable("TFE_SSL_SKIP_VERIFY", "true");
    for version in [&TLS12, &TLS13] {
        let server = || Server::self_signed(&expired);
        let service = Service::start_with_tls(server().acceptor(&[version], &[])).await;
        let port = service.address().port();
        read(NAME, port, &environment).await.unwrap();

        let impostor = server().presenting(&server());
        let service = Service::start_with_tls(impostor.acceptor(&[version], &[])).await;
        let port = service.address().port();
        let error = read(NAME, port, &environment).await.unwrap_err();
        let words = "does not hold the key";
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn an_explicit_false_verifies_whatever_the_environment_says() {
    let service = start(Server::self_signed(&named(&[NAME]))).await;
    let environment = trusting("").variable("TFE_SSL_SKIP_VERIFY", "true");
    for (explicit, accepted) in [(Some(false), false), (Some(true), true), (None, true)] {
        let arguments = Arguments {
            hostname: Some(format!("{NAME}:{}", service.address().port())),
            token: Some(Secret::new("callers-token".to_owned())),
            ssl_skip_verify: explicit,
        };
        let settings = resolve(arguments, &environment).await.unwrap();
        let found = Client::new(settings, timing(), "1.2.3")
            .organizations()
            .read(ORGANIZATION)
            .await;
        assert_eq!(found.is_ok(), accepted, "{explicit:?} {found:?}");
    }
}
