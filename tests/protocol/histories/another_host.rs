//! Another host, with organizations of the same names, to which a configuration points by mistake.

use terraform_provider_tfe::client::Environment;
use tfe_simulator::Simulator;

use super::outside_change::Org;
use super::record::OWNER;
use crate::environment;

pub(super) const HOST: &str = "another.example.com";

/// Starts the other host. Its first organization has a token of somebody else, and the second one has none.
pub(super) async fn start() -> Simulator {
    let simulator = Simulator::start().await;
    simulator.add_owner_token(OWNER);
    for org in Org::ALL {
        simulator.add_organization(org.name());
    }
    simulator.regenerate_elsewhere(Org::Ours.name());
    simulator
}

/// Returns the environment of a provider that finds both hosts.
pub(super) fn environment(simulator: &Simulator, another_host: &Simulator) -> Environment {
    let host = |name: &str, simulator: &Simulator| {
        let url = simulator.api_url();
        format!("host \"{name}\" {{\n  services = {{ \"tfe.v2.2\" = \"{url}\" }}\n}}\n")
    };
    let cli = host("app.terraform.io", simulator) + &host(HOST, another_host);
    environment::environment(simulator, OWNER)
        .variable("TF_TOKEN_another_example_com", OWNER)
        .file("/cli.tfrc", cli)
}
