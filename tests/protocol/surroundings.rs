//! Where a practitioner's provider runs: beside the simulator, by its clock.

use terraform_provider_tfe::client::Environment;
use terraform_provider_tfe::provider::Clock;
use tfe_simulator::Simulator;

/// An environment with this API token, in which the CLI configuration says that HCP Terraform is the simulator.
pub(crate) fn environment(simulator: &Simulator, token: &str) -> Environment {
    let cli = format!(
        "host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{}\" }}\n}}\n",
        simulator.api_url()
    );
    Environment::for_test()
        .variable("TFE_TOKEN", token)
        .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
        .file("/cli.tfrc", cli)
}

/// The simulator's clock, as the provider's.
pub(crate) fn clock(simulator: &Simulator) -> Clock {
    let simulator = simulator.clone();
    Clock::from_fn(move || simulator.now())
}
