//! Signals, and the death of the host.

use rustix::process::Signal;
use tokio::process::Command;

use crate::executable;
use tfplugin::server::proto::get_provider_schema;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{Start, assert_empty, within};

#[tokio::test]
async fn c24_sigint_and_sighup_are_ignored() {
    let plugin = Start::new(executable()).handshake().await;
    let mut provider = ProviderClient::new(plugin.connect().await);

    // SIGHUP comes with a terminal that closes, which `nohup terraform apply` is to survive.
    for signal in [Signal::INT, Signal::HUP, Signal::INT, Signal::HUP] {
        plugin.signal(signal);
        within(provider.get_provider_schema(get_provider_schema::Request {}))
            .await
            .expect("a schema");
    }

    plugin.shutdown().await.assert_clean();
}

#[tokio::test]
async fn c26_when_the_host_is_killed_it_ends_by_itself() {
    let mut shell = Command::new("/bin/sh");
    // A host that has a plugin for its child, and then is killed without a word.
    shell.args(["-c", "\"$0\" & wait"]).arg(executable());
    let mut plugin = Start::command(shell).handshake().await;
    let _connection = plugin.connect().await;

    plugin.child.kill().await.expect("the shell can be killed");
    // It looks for its parent every second; how long it takes then is the machine's business.
    assert_empty(plugin.stderr_closed().await.path());
}

#[tokio::test]
async fn c27_sigterm_ends_it() {
    let plugin = Start::new(executable()).handshake().await;
    let _connection = plugin.connect().await;

    plugin.signal(Signal::TERM);

    plugin.ended().await.assert_clean();
}
