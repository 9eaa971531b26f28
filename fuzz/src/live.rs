//! Live providers, in process: the provider of the SDK's tests, and ours.
//!
//! Every input starts a provider of its own, and configures it or not. Ours talks to a simulator; nothing here reaches a
//! network.

use std::cell::RefCell;

use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::Simulator;
use tfplugin::{Provider, Type, Value};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::schema::{ObjectSchema, Schemas};
use tfplugin_testing::{HostProfile, Walk};
use tokio::runtime::{Builder, Runtime};

use crate::echo::{Echo, World};
use crate::environment;

/// The organization that the simulator has.
const ORGANIZATION: &str = "my-org-name";
const OWNER: &str = "owner-secret";
/// The key of the seed of `sealed_token` that opens.
const SEALING_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// A simulator is replaced after this number of inputs, because it records all requests.
const INPUTS: usize = 500;

/// Words of the scripts of `echo` that make it panic or wait.
const SCRIPTED: [&[u8]; 4] = [b"panic", b"wait", b"hold", b"gate"];

/// Returns whether an input may make the provider of the SDK's tests do what no provider should.
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

/// Whether the provider is configured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It has only started.
    Started,
    /// It has an empty provider block.
    Configured,
}

/// A provider that has started, and its schemas.
pub struct Live<P: Provider> {
    /// The provider.
    pub process: Process<P>,
    /// Its schemas.
    pub schemas: Schemas,
}

impl<P: Provider> Live<P> {
    async fn start(provider: P, stage: Stage) -> Self {
        let process = Process::start(provider);
        let schemas = process
            .schemas()
            .await
            .expect("Terraform takes the schemas");
        if stage == Stage::Configured {
            let ty = &schemas.provider.ty;
            let config = Value::null_object(ty);
            let host = HostProfile::TERRAFORM_1_11;
            let diagnostics = process.configure(host, Walk::Plan, &config, ty).await;
            let diagnostics = diagnostics.expect("an empty provider block is valid");
            assert!(diagnostics.is_empty(), "{diagnostics}");
        }
        Self { process, schemas }
    }

    /// Returns the type of a resource.
    pub fn resource(&self, name: &str) -> Option<&Type> {
        self.schemas.resources.get(name).map(of)
    }

    /// Returns the type of a data source.
    pub fn data_source(&self, name: &str) -> Option<&Type> {
        self.schemas.data_sources.get(name).map(of)
    }

    /// Returns the type of an ephemeral resource.
    pub fn ephemeral_resource(&self, name: &str) -> Option<&Type> {
        self.schemas.ephemeral_resources.get(name).map(of)
    }
}

fn of(schema: &ObjectSchema) -> &Type {
    &schema.ty
}

/// Starts the provider of the SDK's tests.
pub async fn echo(stage: Stage) -> Live<impl Provider> {
    Live::start(Echo::new(World::starting_at(1)), stage).await
}

/// Starts our provider, with a simulator as its HCP Terraform.
pub async fn tfe(stage: Stage) -> Live<impl Provider> {
    let simulator = simulator().await;
    let provider = Tfe::new(
        environment::environment(&simulator, OWNER).variable("TFE_SEALING_KEY", SEALING_KEY),
        environment::clock(&simulator),
        environment::timing(),
    );
    Live::start(provider, stage).await
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
    simulator.add_owner_token(OWNER);
    SIMULATOR.with_borrow_mut(|(_, kept)| *kept = Some(simulator.clone()));
    simulator
}
