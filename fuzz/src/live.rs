//! Live servers: the provider of the SDK's tests and ours, in process.
//!
//! Every input meets a server of its own, configured or not. Ours talks to a simulator; nothing here reaches a network.

use std::cell::RefCell;
use std::time::Duration;

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tfe_simulator::Simulator;
use tfplugin::server::proto::{
    DynamicValue, configure_provider, get_provider_schema, provider_server,
};
use tfplugin::value::encode_msgpack;
use tfplugin::{Lifecycle, Provider, Server, Value};
use tokio::runtime::{Builder, Runtime};
use tonic::Request;

use crate::echo::{Echo, World};
use crate::shape::Shapes;

/// The organization that the simulator has.
pub const ORGANIZATION: &str = "my-org-name";
/// After so many inputs a simulator is replaced, for it remembers what was asked of it.
const INPUTS: usize = 500;

/// Words of the scripts of `echo` that panic or wait on purpose.
const SCRIPTED: [&[u8]; 4] = [b"panic", b"wait", b"hold", b"gate"];

/// Whether an input asks the provider of the tests for what no plugin should do.
#[must_use]
pub fn is_scripted(input: &[u8]) -> bool {
    let contains = |word: &&[u8]| input.windows(word.len()).any(|window| window == *word);
    SCRIPTED.iter().any(|word| contains(word))
}

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    static SIMULATOR: RefCell<(usize, Option<Simulator>)> = const { RefCell::new((0, None)) };
}

/// Runs calls to their end.
pub fn run<T>(calls: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(calls))
}

/// How far a server has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As it starts.
    Started,
    /// With an empty provider block.
    Configured,
}

/// The provider of the tests.
pub async fn echo(stage: Stage) -> Server<impl Provider> {
    started(Echo::new(World::starting_at(1)), stage).await
}

/// Ours; its environment says the rest.
pub async fn tfe(stage: Stage) -> Server<impl Provider> {
    let simulator = simulator().await;
    let services = format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{}\" }}\n}}\n",
        simulator.api_url()
    );
    let environment = Environment::for_test()
        .variable("TFE_TOKEN", "owner-secret")
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", services);
    let clock = Clock::from_fn(move || simulator.now());
    let timing = Timing {
        first_wait: Duration::from_millis(1),
        max_wait: Duration::from_millis(4),
        max_requested_wait: Duration::from_millis(5),
        consistency_wait: Duration::from_millis(1),
        ..Timing::default()
    };
    started(Tfe::new(environment, clock, timing), stage).await
}

async fn started<P: Provider>(provider: P, stage: Stage) -> Server<P> {
    let server = Server::new(provider, Lifecycle::new());
    if stage == Stage::Configured {
        configure(&server).await;
    }
    server
}

async fn simulator() -> Simulator {
    let kept = SIMULATOR.with_borrow_mut(|(inputs, simulator)| {
        *inputs += 1;
        if *inputs % INPUTS == 0 {
            *simulator = None;
        }
        simulator.clone()
    });
    if let Some(simulator) = kept {
        simulator.clear_requests();
        simulator.revoke_elsewhere(ORGANIZATION);
        return simulator;
    }
    let simulator = Simulator::start().await;
    simulator.add_organization(ORGANIZATION);
    simulator.add_owner_token("owner-secret");
    SIMULATOR.with_borrow_mut(|(_, kept)| *kept = Some(simulator.clone()));
    simulator
}

async fn configure<P: Provider>(server: &Server<P>) {
    let provider = shapes(server).await.provider;
    let nothing = encode_msgpack(&Value::null_object(&provider), &provider);
    let request = configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(DynamicValue {
            msgpack: nothing.expect("an object of nulls has its type"),
            ..Default::default()
        }),
        ..Default::default()
    };
    let reply = provider_server::Provider::configure_provider(server, Request::new(request)).await;
    let told = reply.expect("an answer").into_inner().diagnostics;
    assert!(told.is_empty(), "{told:?}");
}

/// The types of a provider's objects.
pub async fn shapes<P: Provider>(server: &Server<P>) -> Shapes {
    let request = Request::new(get_provider_schema::Request {});
    let reply = provider_server::Provider::get_provider_schema(server, request).await;
    Shapes::of(reply.expect("an answer").into_inner())
}
