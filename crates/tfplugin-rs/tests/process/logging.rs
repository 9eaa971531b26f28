//! The log that Terraform reads from stderr.

use chrono::DateTime;
use rustix::process::Signal;
use serde_json::{Map, Value};

use crate::executable;
use tfplugin::server::proto::get_provider_schema;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{
    HostCertificate, Start, client_config, connect_tls, exchange_settings, within,
};

#[track_caller]
fn check(line: &str) -> Map<String, Value> {
    assert!(line.len() < 64 << 10, "{} bytes", line.len());
    let object: Map<String, Value> = serde_json::from_str(line).expect("a JSON object");
    let text = |key: &str| {
        object[key]
            .as_str()
            .unwrap_or_else(|| panic!("no text in {key}: {line}"))
    };
    let levels = ["trace", "debug", "info", "warn", "error"];
    assert!(levels.contains(&text("@level")), "{line}");
    let _ = (text("@message"), text("@module"));
    let time = text("@timestamp");
    DateTime::parse_from_rfc3339(time).expect("a time");
    let digits = time
        .split_once('.')
        .expect("a fraction")
        .1
        .trim_end_matches('Z');
    assert_eq!(digits.len(), 6, "{line}");
    let scalar = |value: &Value| !value.is_object() && !value.is_array();
    assert!(object.values().all(scalar), "{line}");
    object
}

#[tokio::test]
async fn c28_terraform_can_parse_every_line_of_the_log() {
    let host = HostCertificate::generate();
    let plugin = Start::plain(executable())
        .env("PLUGIN_CLIENT_CERT", &host.pem)
        .env("PLUGIN_PROTOCOL_VERSIONS", "7")
        .env("PLUGIN_UNIX_SOCKET_GROUP", "staff")
        .handshake()
        .await;
    // Events with a line in the log: a refused connection, a signal, calls, the end.
    let stranger = client_config(&plugin.certificate(), None, rustls::ALL_VERSIONS);
    let refused =
        within(async { exchange_settings(connect_tls(plugin.socket(), stranger).await?).await })
            .await;
    assert!(refused.is_err());
    let config = client_config(&plugin.certificate(), Some(&host), rustls::ALL_VERSIONS);
    let security = tfplugin_testing::executable::Security::Tls(config);
    let channel = within(tfplugin_testing::executable::connect_grpc(
        plugin.socket(),
        security,
    ))
    .await;
    let mut provider = ProviderClient::new(channel.expect("a connection"));
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");
    plugin.signal(Signal::TERM);

    let ended = plugin.ended().await;

    let lines: Vec<_> = ended.stderr.lines().map(check).collect();
    let messages: Vec<_> = lines
        .iter()
        .filter_map(|line| line["@message"].as_str())
        .collect();
    for expected in [
        "protocol",
        "PLUGIN_UNIX_SOCKET_GROUP",
        "refused a connection",
        "ending",
    ] {
        assert!(
            messages.iter().any(|said| said.contains(expected)),
            "{messages:#?}"
        );
    }
}
