//! Another host, with organizations of the same names, to which a configuration points by mistake.

use serde_json::json;
use terraform_provider_tfe::client::Environment;
use tfe_simulator::Simulator;

use super::configuration::EXAMPLE;
use super::operation::Operation;
use super::outside_change::Org;
use super::record::OWNER;
use super::request_fault::Phase;
use super::step::{AnotherHost, Config, Who};
use super::workspaces::Workspaces;
use crate::environment;
use crate::promises::observation::Kind;

const HOST: &str = "another.example.com";

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

impl Workspaces {
    /// Does something while `hostname` names another host. Returns nothing if the state has no object that says at which
    /// host it is.
    pub(super) async fn use_another_host(
        &mut self,
        who: Who,
        act: AnotherHost,
        config: &Config,
    ) -> Option<Operation> {
        let prior = self.state(who).current?;
        prior.token_id.as_ref()?;
        let (kind, refreshes) = match act {
            AnotherHost::Refresh => (Kind::Refresh, true),
            AnotherHost::Apply { refresh } => (Kind::Apply, refresh),
            AnotherHost::Destroy { refresh } => (Kind::Destroy, refresh),
        };
        if prior.tainted && !refreshes {
            // Terraform plans a tainted object like a new one.
            return None;
        }
        self.another_host.clear_requests();
        let begun = self.begin(kind, who, &[], Phase::Plan).await;
        let core = &mut self.configurations[who as usize].core;
        core.provider_config(json!({ "hostname": HOST }));
        if !refreshes {
            core.disable_refresh();
        }
        let planned = match act {
            AnotherHost::Refresh => {
                let refreshed = core.refresh(EXAMPLE).await;
                Err(refreshed.diagnostics)
            }
            AnotherHost::Apply { .. } => {
                let planned = core.plan(EXAMPLE, config.block()).await;
                planned.value.ok_or(planned.diagnostics)
            }
            AnotherHost::Destroy { .. } => {
                let planned = core.plan_destroy(EXAMPLE).await;
                planned.value.ok_or(planned.diagnostics)
            }
        };
        let diagnostics = match planned {
            Ok(plan) => core.apply(plan).await.diagnostics,
            Err(diagnostics) => diagnostics,
        };
        core.provider_config(json!({}));
        core.enable_refresh();
        let mut operation = self.end(begun, who, diagnostics).await;
        operation.seen.on_another_host = true;
        operation.seen.refreshes = refreshes;
        operation.seen.requests.extend(self.another_host.requests());
        Some(operation)
    }
}
