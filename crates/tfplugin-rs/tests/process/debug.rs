//! Debug mode: hosts find a process that a practitioner has started.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tfplugin::server::proto::{configure_provider, get_provider_schema, stop_provider};
use tokio::process::Command;
use tokio::time::timeout;
use tonic::transport::Channel;

use crate::executable;
use crate::work::{Held, creation, dynamic};
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{
    Address, HostCertificate, Start, assert_empty, connect, exchange_settings, within,
};

async fn schema(channel: Channel) {
    let mut provider = ProviderClient::new(channel);
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");
}

#[tokio::test]
async fn c31_the_variable_has_the_address_for_terraform_and_opentofu() {
    let plugin = Start::debug(executable()).handshake().await;
    // The socket must be there before the line.
    let stream = connect(plugin.address()).await.expect("connectable");
    within(exchange_settings(stream))
        .await
        .expect("HTTP/2 in plain text");

    let reattach = plugin.reattach();

    let Address::Socket(path) = plugin.address() else {
        panic!("no socket: {}", plugin.line)
    };
    let place = json!({
        "Protocol": "grpc", "ProtocolVersion": 6, "Test": true, "Pid": plugin.child.id(),
        "Addr": { "Network": "unix", "String": path },
    });
    assert_eq!(
        reattach,
        json!({
            "registry.terraform.io/terraform-provider-tfe/echo": place,
            "registry.opentofu.org/terraform-provider-tfe/echo": place,
        })
    );
}

#[tokio::test]
async fn c31_the_variables_of_a_host_are_ignored() {
    let start = Start::new(executable()).debugged();
    let plugin = start
        .env("PLUGIN_CLIENT_CERT", HostCertificate::generate().pem)
        .handshake()
        .await;

    let stream = connect(plugin.address()).await.expect("connectable");
    within(exchange_settings(stream))
        .await
        .expect("HTTP/2 in plain text");

    plugin.signal(Signal::INT);
    plugin.ended().await.assert_clean();
}

#[tokio::test]
async fn c32_connections_that_are_closed_at_once_do_no_harm() {
    let plugin = Start::debug(executable()).handshake().await;
    for _ in 0..20 {
        drop(connect(plugin.address()).await.expect("connectable"));
    }

    schema(plugin.connect().await).await;
}

#[tokio::test]
async fn c33_the_last_configuration_counts_and_every_walk_has_its_own_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = Start::debug(executable()).handshake().await;
    let received = |name: &str| std::fs::read_to_string(folder.path().join(name));
    for (round, log_file) in ["first", "second", "first"].into_iter().enumerate() {
        let mut provider = ProviderClient::new(plugin.connect().await);
        let path = folder.path().join(log_file);
        let request = configure_provider::Request {
            config: dynamic(&json!({ "token": null, "log_file": path, "script": null })),
            ..Default::default()
        };
        let reply = within(provider.configure_provider(request)).await;
        let diagnostics = reply.expect("an answer").into_inner().diagnostics;
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let reply = within(provider.apply_resource_change(creation(""))).await;
        let diagnostics = reply.expect("an answer").into_inner().diagnostics;
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        // A stop of one walk does not affect the next.
        within(provider.stop_provider(stop_provider::Request {}))
            .await
            .expect("an answer");
        let lines = |name| received(name).map_or(0, |text| text.lines().count());
        let expected = [(1, 0), (1, 1), (2, 1)][round];
        assert_eq!((lines("first"), lines("second")), expected);
    }

    plugin.signal(Signal::INT);
    plugin.ended().await.assert_clean();
}

#[tokio::test]
async fn c34_ctrl_c_and_a_closed_terminal_end_the_process() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let plugin = Start::debug(executable()).handshake().await;
        let connection = plugin.connect().await;
        schema(connection.clone()).await;

        plugin.signal(signal);

        plugin.ended().await.assert_clean();
    }
}

#[tokio::test]
async fn c34_ctrl_c_lets_work_in_flight_finish() {
    let held = Held::start(Start::debug(executable())).await;

    held.plugin.signal(Signal::INT);

    held.finish().await.ended().await.assert_clean();
}

#[tokio::test]
async fn c34_a_second_ctrl_c_cuts_work_off_and_logs_it() {
    let held = Held::start(Start::debug(executable())).await;

    held.plugin.signal(Signal::INT);
    // Until the process has handled the first, a second signal of the same kind is lost.
    within(held.ending()).await;
    held.plugin.signal(Signal::INT);
    held.reply.abort();

    let ended = held.plugin.ended().await;
    ended.assert_clean();
    assert!(
        ended.stderr.contains("create at the gate"),
        "{}",
        ended.stderr
    );
}

/// A debugger or a shell that has started it in the background may end first.
#[tokio::test]
async fn the_process_goes_on_when_its_parent_ends() {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "\"$0\" \"$1\" & wait"]).arg(executable());
    let mut plugin = Start::command(shell).debugged().handshake().await;
    let of_both = plugin.reattach();
    let id = &of_both["registry.terraform.io/terraform-provider-tfe/echo"]["Pid"];
    let id = id.as_i64().and_then(|id| i32::try_from(id).ok());
    let id = id.and_then(Pid::from_raw).expect("a process");

    plugin.child.kill().await.expect("the shell can be killed");

    let connection = plugin.connect().await;
    // Outside of debug mode the process checks for its parent every second.
    let mut silent = std::pin::pin!(plugin.stderr_closed());
    let lives = timeout(Duration::from_millis(2_500), &mut silent)
        .await
        .is_err();
    assert!(lives, "it ended with the shell");
    schema(connection).await;
    kill_process(id, Signal::INT).expect("a signal can be sent");
    assert_empty(within(silent).await.path());
}

#[tokio::test]
async fn tf_log_sets_the_level_of_the_log() {
    for (level, logs) in [("", false), ("INFO", false), ("TRACE", true)] {
        let plugin = Start::debug(executable())
            .env("TF_LOG", level)
            .handshake()
            .await;
        schema(plugin.connect().await).await;
        plugin.signal(Signal::INT);
        let ended = plugin.ended().await;
        ended.assert_clean();
        assert_eq!(!ended.stderr.is_empty(), logs, "{level}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn the_process_can_listen_on_a_port() {
    let plugin = Start::debug(executable())
        .env("TFPLUGIN_NETWORK", "tcp")
        .handshake()
        .await;
    assert!(
        matches!(plugin.address(), Address::Port(address) if address.starts_with("127.0.0.1:"))
    );
    schema(plugin.connect().await).await;
    plugin.signal(Signal::INT);
    plugin.ended().await.assert_clean();
}
