//! A process with work in flight, which waits at a named pipe, and one that panics.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command as Mkfifo;

use rustix::process::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tfplugin::server::proto::{
    DynamicValue, apply_resource_change, configure_provider, get_provider_schema, stop_provider,
};
use tokio::process::Command;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::executable;
use crate::grpc::no_offers;
use tfplugin::server::proto::plugin::Empty;
use tfplugin::server::proto::plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin::server::proto::plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::server::proto::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin::server::proto::provider_client::ProviderClient;
use tfplugin_testing::executable::{Plugin, Start, assert_empty, within};

const TOKEN: &str = "planted-token-of-the-provider";
const VALUE: &str = "planted-write-only-value";

pub(crate) fn dynamic(value: &Value) -> Option<DynamicValue> {
    Some(DynamicValue {
        msgpack: Vec::new(),
        json: value.to_string().into_bytes(),
    })
}

async fn configured(channel: Channel) -> ProviderClient<Channel> {
    let mut provider = ProviderClient::new(channel);
    let request = configure_provider::Request {
        config: dynamic(&json!({ "token": TOKEN, "log_file": null, "script": null })),
        ..Default::default()
    };
    let reply = within(provider.configure_provider(request)).await;
    let diagnostics = reply.expect("an answer").into_inner().diagnostics;
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    provider
}

/// Returns a request that creates an `echo_value` with a script.
pub(crate) fn creation(script: &str) -> apply_resource_change::Request {
    let mut object = json!({
        "id": null, "plain": "a", "group": null, "value_wo": null, "value_wo_version": 1,
        "received_sha256": null, "script": script,
    });
    let planned_state = dynamic(&object);
    object["value_wo"] = VALUE.into();
    apply_resource_change::Request {
        type_name: "echo_value".to_owned(),
        prior_state: dynamic(&Value::Null),
        planned_state,
        config: dynamic(&object),
        ..Default::default()
    }
}

/// A plugin with a create in flight.
pub(crate) struct Held {
    pub(crate) plugin: Plugin,
    channel: Channel,
    /// The create goes on when this is dropped.
    gate: File,
    pub(crate) reply: JoinHandle<apply_resource_change::Response>,
    _folder: TempDir,
}

impl Held {
    pub(crate) async fn start(start: Start) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("gate");
        let made = Mkfifo::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo runs");
        assert!(made.success());
        let plugin = start.handshake().await;
        let channel = plugin.connect().await;
        let mut provider = configured(channel.clone()).await;
        let request = creation(&format!("create: gate {}", pipe.display()));
        let reply = tokio::spawn(async move {
            let reply = within(provider.apply_resource_change(request)).await;
            reply.expect("the creation is answered").into_inner()
        });
        Self {
            plugin,
            channel,
            gate: open(pipe).await,
            reply,
            _folder: folder,
        }
    }

    async fn shutdown(&self) {
        let mut controller = GrpcControllerClient::new(self.channel.clone());
        let reply = within(controller.shutdown(Empty {})).await;
        reply.expect("Shutdown is answered");
    }

    /// Waits until the shutdown has begun, which closes the streams.
    pub(crate) async fn ending(&self) {
        let mut broker = GrpcStdioClient::new(self.channel.clone());
        let stream = within(broker.stream_stdio(())).await;
        // Refused, or closed without a message.
        if let Ok(stream) = stream {
            let word = within(stream.into_inner().message()).await;
            assert!(!matches!(word, Ok(Some(_))), "{word:?}");
        }
    }

    /// Lets the create go on, which must succeed.
    pub(crate) async fn finish(self) -> Plugin {
        drop(self.gate);
        let reply = within(self.reply).await.expect("the call does not panic");
        assert!(reply.diagnostics.is_empty(), "{:?}", reply.diagnostics);
        let state = reply.new_state.expect("a state").msgpack;
        assert!(state.windows(5).any(|window| window == b"echo-"));
        self.plugin
    }
}

/// Opens the pipe, which blocks until the plugin reads from it. A thread of its own does it: the end of the runtime
/// would wait forever for one of its threads.
async fn open(pipe: PathBuf) -> File {
    let (opened, open) = oneshot::channel();
    std::thread::spawn(move || opened.send(File::options().write(true).open(pipe)));
    let opened = within(open).await.expect("opening does not panic");
    opened.expect("a pipe")
}

#[tokio::test]
async fn c18_shutdown_waits_for_work_that_ends_soon() {
    let held = Held::start(Start::new(executable())).await;

    held.shutdown().await;

    held.finish().await.ended().await.assert_clean();
}

#[tokio::test]
async fn c18_work_that_shutdown_cuts_off_is_logged() {
    let held = Held::start(Start::new(executable())).await;
    let stdio = within(GrpcStdioClient::new(held.channel.clone()).stream_stdio(())).await;
    let _stdio = stdio.expect("StreamStdio opens");
    let (_offers, stream) = no_offers();
    let broker = within(GrpcBrokerClient::new(held.channel.clone()).start_stream(stream)).await;
    let _broker = broker.expect("StartStream opens");

    // As after a second Ctrl-C: Terraform calls Shutdown, and kills the process after two seconds.
    held.plugin.signal(Signal::INT);
    held.plugin.signal(Signal::INT);
    held.shutdown().await;
    held.reply.abort();
    let ended = held.plugin.ended().await;

    ended.assert_clean();
    let line = ended
        .stderr
        .lines()
        .find(|line| line.contains("in flight"))
        .unwrap_or_else(|| panic!("{}", ended.stderr));
    let line: Value = serde_json::from_str(line).expect("a line of the log");
    assert_eq!(line["@level"], "warn");
    assert_eq!(line["work"], "create at the gate");
}

/// The checklist's 100 ms need an idle machine. This shows that the reply does not wait for the work, which cannot end
/// before it.
#[tokio::test]
async fn c25_stop_is_answered_while_a_creation_goes_on() {
    let held = Held::start(Start::new(executable())).await;

    let mut provider = ProviderClient::new(held.channel.clone());
    let stopped = within(provider.stop_provider(stop_provider::Request {})).await;

    assert_eq!(stopped.expect("answered").into_inner().error, "");
    assert!(!held.reply.is_finished());
    let schema = within(provider.get_provider_schema(get_provider_schema::Request {})).await;
    schema.expect("a later call works");
    held.finish().await.shutdown().await.assert_clean();
}

#[tokio::test]
async fn c24_sigint_and_sighup_are_ignored() {
    let held = Held::start(Start::new(executable())).await;

    held.plugin.signal(Signal::INT);
    // SIGHUP comes with a terminal that closes; `nohup terraform apply` goes on.
    held.plugin.signal(Signal::HUP);
    // Answered after the signals have been seen.
    let mut provider = ProviderClient::new(held.channel.clone());
    within(provider.get_provider_schema(get_provider_schema::Request {}))
        .await
        .expect("a schema");

    held.finish().await.shutdown().await.assert_clean();
}

#[tokio::test]
async fn c27_sigterm_lets_work_in_flight_finish() {
    let held = Held::start(Start::new(executable())).await;

    held.plugin.signal(Signal::TERM);

    held.finish().await.ended().await.assert_clean();
}

#[tokio::test]
async fn c26_work_in_flight_finishes_when_the_host_is_killed() {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "\"$0\" & wait"]);
    shell.arg(executable());
    let mut held = Held::start(Start::command(shell)).await;

    let killed = held.plugin.child.kill().await;
    killed.expect("the shell can be killed");

    assert_empty(held.finish().await.stderr_closed().await.path());
}

#[tokio::test]
async fn c29_a_panic_is_a_diagnostic_and_begins_a_crash_report() {
    let plugin = Start::new(executable()).handshake().await;
    let mut provider = configured(plugin.connect().await).await;

    let reply = within(provider.apply_resource_change(creation("create: panic"))).await;

    let diagnostics = reply.expect("an answer").into_inner().diagnostics;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0].summary, "Provider Bug");
    let ended = plugin.shutdown().await;
    ended.assert_clean();
    // Before the report there are only lines of the log: Terraform shows everything from `panic: ` on.
    let other = ended
        .stderr
        .lines()
        .find(|line| !line.starts_with('{'))
        .unwrap_or_default();
    assert!(other.starts_with("panic: the script"), "{}", ended.stderr);
}

#[tokio::test]
async fn c30_no_secret_is_on_stderr_whatever_happens() {
    let plugin = Start::new(executable())
        .env("TF_LOG", "TRACE")
        .handshake()
        .await;
    let mut provider = configured(plugin.connect().await).await;
    for script in [
        "",
        "create: error",
        "create: panic",
        "create: unknown, leak",
    ] {
        within(provider.apply_resource_change(creation(script)))
            .await
            .expect("an answer");
    }
    // A value of a wrong type, so that an error is about it.
    let mut bad = creation("");
    bad.config = dynamic(&json!({ "value_wo": { "no": VALUE }, "token": TOKEN }));
    let reply = within(provider.apply_resource_change(bad)).await;
    let diagnostics = reply.expect("an answer").into_inner().diagnostics;

    let ended = plugin.shutdown().await;

    assert!(!diagnostics.is_empty());
    assert!(ended.stderr.contains("panic: "), "{}", ended.stderr);
    for secret in [TOKEN, VALUE] {
        assert!(!ended.stderr.contains(secret), "{}", ended.stderr);
        assert!(
            !format!("{diagnostics:?}").contains(secret),
            "{diagnostics:?}"
        );
    }
}
