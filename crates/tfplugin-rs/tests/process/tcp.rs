//! A plugin on a port, as on systems without Unix sockets.

use crate::executable;
use tfplugin::server::proto::get_provider_schema;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{
    Address, HostCertificate, Plugin, Start, client_config, connect_tls, exchange_settings, within,
};

fn on_tcp(start: Start) -> Start {
    start.env("TFPLUGIN_NETWORK", "tcp")
}

/// Returns the port, which must be on the loopback interface.
#[track_caller]
fn port(plugin: &Plugin) -> u16 {
    let Address::Port(address) = plugin.address() else {
        panic!("no port: {}", plugin.line)
    };
    let port = address.strip_prefix("127.0.0.1:").expect("loopback");
    port.parse().expect("a number")
}

#[tokio::test]
async fn the_port_is_in_the_range_of_the_host() {
    let plugin = on_tcp(Start::new(executable())).handshake().await;
    assert!(
        (10_000..=25_000).contains(&port(&plugin)),
        "{}",
        plugin.line
    );
    let mut provider = ProviderClient::new(plugin.connect().await);
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");

    plugin.shutdown().await.assert_clean();
}

#[tokio::test]
async fn two_plugins_take_two_ports_of_one_range() {
    let first = on_tcp(Start::new(executable())).handshake().await;
    let second = on_tcp(Start::new(executable())).handshake().await;
    assert_ne!(port(&first), port(&second));
    first.shutdown().await.assert_clean();
    second.shutdown().await.assert_clean();
}

/// Every user of the machine can connect to a port.
#[tokio::test]
async fn only_the_host_can_connect_to_the_port() {
    let host = HostCertificate::generate();
    let start = on_tcp(Start::plain(executable())).env("PLUGIN_CLIENT_CERT", &host.pem);
    let plugin = start.handshake().await;
    let attempt = async |certificate: Option<&HostCertificate>| {
        let config = client_config(&plugin.certificate(), certificate, rustls::ALL_VERSIONS);
        within(async { exchange_settings(connect_tls(plugin.address(), config).await?).await })
            .await
    };

    assert!(attempt(None).await.is_err());
    assert!(attempt(Some(&HostCertificate::generate())).await.is_err());
    attempt(Some(&host)).await.expect("the host connects");
}

#[tokio::test]
async fn a_range_without_a_free_port_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let start = on_tcp(Start::new(executable()))
        .env("PLUGIN_MIN_PORT", &port)
        .env("PLUGIN_MAX_PORT", &port);

    let ended = start.run().await;

    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.stdout, "");
    let expected = format!("no port from {port} to {port} of 127.0.0.1 is free");
    assert!(ended.stderr.contains(&expected), "{}", ended.stderr);
}
