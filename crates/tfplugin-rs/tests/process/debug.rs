//! Debug mode: a process that hosts find, and do not start.

use std::path::Path;
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

fn echo() -> Start {
    Start::command(Command::new(executable())).debugged()
}

async fn schema(channel: Channel) {
    let mut provider = ProviderClient::new(channel);
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");
}

#[tokio::test]
async fn c31_the_variable_leads_a_host_of_either_kind_to_the_process() {
    let plugin = Start::debug(executable()).handshake().await;
    // At this very instant the socket has to be there.
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
async fn c31_what_only_a_host_sets_does_not_matter() {
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
async fn c32_a_host_that_looks_whether_somebody_is_there_does_no_harm() {
    let plugin = Start::debug(executable()).handshake().await;
    for _ in 0..20 {
        drop(connect(plugin.address()).await.expect("connectable"));
    }

    schema(plugin.connect().await).await;
}

#[tokio::test]
async fn c33_the_last_configuration_counts_and_every_walk_has_its_own_connection() {
    let folder = tempfile::tempdir().expect("a folder");
    let plugin = echo().handshake().await;
    let received = |name: &str| std::fs::read_to_string(folder.path().join(name));
    for (round, log_file) in ["first", "second", "first"].into_iter().enumerate() {
        let mut provider = ProviderClient::new(plugin.connect().await);
        let path = folder.path().join(log_file);
        let request = configure_provider::Request {
            config: dynamic(&json!({ "token": null, "log_file": path, "script": null })),
            ..Default::default()
        };
        let reply = within(provider.configure_provider(request)).await;
        let told = reply.expect("an answer").into_inner().diagnostics;
        assert!(told.is_empty(), "{told:?}");
        let reply = within(provider.apply_resource_change(creation(""))).await;
        let told = reply.expect("an answer").into_inner().diagnostics;
        assert!(told.is_empty(), "{told:?}");
        // A walk that is interrupted is none of the next one's business.
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
async fn c34_ctrl_c_ends_it_and_so_does_a_terminal_that_closes() {
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
    let held = Held::start(echo()).await;

    held.plugin.signal(Signal::INT);

    held.finish().await.ended().await.assert_clean();
}

#[tokio::test]
async fn c34_pressing_ctrl_c_again_cuts_work_off_and_names_it() {
    let held = Held::start(echo()).await;

    held.plugin.signal(Signal::INT);
    // Signals of one kind are one signal until they are seen.
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

/// A debugger, or a shell that starts it in the background, may go.
#[tokio::test]
async fn it_outlives_whoever_started_it() {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "\"$0\" \"$1\" & wait"]).arg(executable());
    let mut plugin = Start::command(shell).debugged().handshake().await;
    let of_both = plugin.reattach();
    let id = &of_both["registry.terraform.io/terraform-provider-tfe/echo"]["Pid"];
    let id = id.as_i64().and_then(|id| i32::try_from(id).ok());
    let id = id.and_then(Pid::from_raw).expect("a process");

    plugin.child.kill().await.expect("the shell can be killed");

    let connection = plugin.connect().await;
    // A plugin of a host looks for its parent every second.
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
async fn without_tf_log_it_is_quiet_and_with_it_it_talks() {
    for (level, talks) in [("", false), ("INFO", false), ("TRACE", true)] {
        let plugin = Start::debug(executable())
            .env("TF_LOG", level)
            .handshake()
            .await;
        schema(plugin.connect().await).await;
        plugin.signal(Signal::INT);
        let ended = plugin.ended().await;
        ended.assert_clean();
        assert_eq!(!ended.stderr.is_empty(), talks, "{level}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn it_can_listen_on_a_port() {
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

#[tokio::test]
async fn a_socket_is_where_it_was_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let start = Start::debug(executable()).env("PLUGIN_UNIX_SOCKET_DIR", directory.path());
    let plugin = start.handshake().await;
    let Address::Socket(path) = plugin.address() else {
        panic!("no socket: {}", plugin.line)
    };
    assert!(Path::new(&path).starts_with(directory.path()), "{path:?}");
    plugin.signal(Signal::INT);
    plugin.ended().await.assert_clean();
    assert_empty(directory.path());
}
