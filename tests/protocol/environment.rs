//! The environment, the timing and the clock of a provider that talks to the simulator.

use std::time::Duration;

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::Clock;
use tfe_simulator::Simulator;

/// The name by which a run in HCP Terraform reaches it.
pub(crate) const LOCAL_NAME: &str = "localterraform.com";

/// Returns an environment with this API token, whose CLI configuration maps app.terraform.io and [`LOCAL_NAME`] to the
/// simulator.
pub(crate) fn environment(simulator: &Simulator, token: &str) -> Environment {
    let url = simulator.api_url();
    let host = |name: &str| {
        format!("host \"{name}\" {{\n  services = {{ \"tfe.v2.2\" = \"{url}\" }}\n}}\n")
    };
    let cli = host("app.terraform.io") + &host(LOCAL_NAME);
    Environment::in_memory()
        .variable("TFE_TOKEN", token)
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", cli)
}

/// Returns short waits between requests, and the default timeouts.
pub(crate) fn timing() -> Timing {
    Timing {
        first_wait: Duration::from_millis(1),
        max_wait: Duration::from_millis(4),
        max_requested_wait: Duration::from_millis(5),
        consistency_wait: Duration::from_millis(1),
        ..Timing::default()
    }
}

/// Returns the simulator's clock for the provider.
pub(crate) fn clock(simulator: &Simulator) -> Clock {
    let simulator = simulator.clone();
    Clock::from_fn(move || simulator.now())
}
