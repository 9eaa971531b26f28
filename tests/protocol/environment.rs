//! Where a practitioner's provider runs: beside the simulator, by its clock.

use std::time::Duration;

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::Clock;
use tfe_simulator::Simulator;

/// An environment with this API token, in which the CLI configuration says that HCP Terraform is the simulator.
pub(crate) fn environment(simulator: &Simulator, token: &str) -> Environment {
    let cli = format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{}\" }}\n}}\n",
        simulator.api_url()
    );
    Environment::in_memory()
        .variable("TFE_TOKEN", token)
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", cli)
}

/// Short waits between requests, and the timeouts that ship.
pub(crate) fn timing() -> Timing {
    Timing {
        first_wait: Duration::from_millis(1),
        max_wait: Duration::from_millis(4),
        max_requested_wait: Duration::from_millis(5),
        consistency_wait: Duration::from_millis(1),
        ..Timing::default()
    }
}

/// The simulator's clock, as the provider's.
pub(crate) fn clock(simulator: &Simulator) -> Clock {
    let simulator = simulator.clone();
    Clock::from_fn(move || simulator.now())
}
