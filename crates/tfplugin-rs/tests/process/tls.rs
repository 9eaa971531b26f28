//! AutoMTLS: which clients may connect, and the parameters of the connection.

use std::io;

use rustls::version::{TLS12, TLS13};
use rustls::{ALL_VERSIONS, ProtocolVersion, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::executable;
use tfplugin_testing::executable::{
    HostCertificate, Plugin, Start, client_config, connect, connect_tls, exchange_settings, within,
};

/// Connects with a certificate, or without one.
async fn attempt(plugin: &Plugin, host: Option<&HostCertificate>) -> io::Result<()> {
    let config = client_config(&plugin.certificate(), host, ALL_VERSIONS);
    within(async { exchange_settings(connect_tls(plugin.socket(), config).await?).await }).await
}

/// Starts a plugin, and returns it with the certificate of its host.
async fn start() -> (Plugin, HostCertificate) {
    let host = HostCertificate::generate();
    let plugin = Start::plain(executable())
        .env("PLUGIN_CLIENT_CERT", &host.pem)
        .handshake()
        .await;
    (plugin, host)
}

async fn check_version(version: &'static SupportedProtocolVersion, expected: ProtocolVersion) {
    let (plugin, host) = start().await;
    let config = client_config(&plugin.certificate(), Some(&host), &[version]);

    let mut stream = within(connect_tls(plugin.socket(), config))
        .await
        .expect("a handshake");

    assert_eq!(stream.get_ref().1.protocol_version(), Some(expected));
    within(exchange_settings(&mut stream))
        .await
        .expect("HTTP/2");
}

#[tokio::test]
async fn c09_terraforms_kind_of_certificate_connects_with_tls_1_2() {
    check_version(&TLS12, ProtocolVersion::TLSv1_2).await;
}

#[tokio::test]
async fn c09_terraforms_kind_of_certificate_connects_with_tls_1_3() {
    check_version(&TLS13, ProtocolVersion::TLSv1_3).await;
}

#[tokio::test]
async fn c10_a_host_without_a_certificate_is_refused() {
    let (plugin, host) = start().await;

    assert!(attempt(&plugin, None).await.is_err());

    attempt(&plugin, Some(&host))
        .await
        .expect("the right one still connects");
}

#[tokio::test]
async fn c11_another_certificate_with_the_same_subject_is_refused() {
    let (plugin, host) = start().await;

    assert!(
        attempt(&plugin, Some(&HostCertificate::generate()))
            .await
            .is_err()
    );

    attempt(&plugin, Some(&host))
        .await
        .expect("the right one still connects");
}

#[tokio::test]
async fn c11_the_right_certificate_without_its_key_is_refused() {
    let (plugin, host) = start().await;
    let stolen = HostCertificate {
        der: host.der.clone(),
        ..HostCertificate::generate()
    };

    assert!(attempt(&plugin, Some(&stolen)).await.is_err());

    attempt(&plugin, Some(&host))
        .await
        .expect("the right one still connects");
}

#[tokio::test]
async fn c12_alpn_h2_is_selected() {
    let (plugin, host) = start().await;
    let config = client_config(&plugin.certificate(), Some(&host), ALL_VERSIONS);

    let stream = within(connect_tls(plugin.socket(), config))
        .await
        .expect("a handshake");

    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

#[tokio::test]
async fn c13_the_certificate_is_that_of_the_handshake_line() {
    let (plugin, host) = start().await;
    let config = client_config(&plugin.certificate(), Some(&host), ALL_VERSIONS);

    let stream = within(connect_tls(plugin.socket(), config))
        .await
        .expect("a handshake");

    let presented = stream
        .get_ref()
        .1
        .peer_certificates()
        .expect("certificates");
    assert_eq!(presented.len(), 1);
    assert_eq!(presented[0].as_ref(), plugin.certificate());
}

#[tokio::test]
async fn c14_plain_text_is_refused_and_does_no_harm() {
    let (plugin, host) = start().await;
    let stream = connect(plugin.socket()).await.expect("connectable");

    assert!(within(exchange_settings(stream)).await.is_err());

    attempt(&plugin, Some(&host))
        .await
        .expect("the right one still connects");
}

#[tokio::test]
async fn an_idle_connection_does_not_delay_others() {
    let (plugin, host) = start().await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(connect(plugin.socket()).await.expect("connectable"));
    }

    attempt(&plugin, Some(&host))
        .await
        .expect("the right one connects");

    // Half a handshake, then closed.
    silent[0].write_all(b"\x16\x03\x01").await.expect("written");
    drop(silent);
    attempt(&plugin, Some(&host))
        .await
        .expect("the right one still connects");
}

#[tokio::test]
async fn a_host_that_sends_garbage_is_disconnected() {
    let (plugin, host) = start().await;
    let config = client_config(&plugin.certificate(), Some(&host), ALL_VERSIONS);
    let mut stream = within(connect_tls(plugin.socket(), config))
        .await
        .expect("a handshake");

    stream.write_all(&[0xff; 64]).await.expect("written");
    let mut answer = Vec::new();
    let _ = within(stream.read_to_end(&mut answer)).await;

    attempt(&plugin, Some(&host))
        .await
        .expect("another one connects");
}
