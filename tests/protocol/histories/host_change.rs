//! Operations while `hostname` names another host.

use serde_json::json;

use super::another_host::HOST;
use super::configuration::EXAMPLE;
use super::operation::Operation;
use super::request_fault::Phase;
use super::step::{AnotherHost, Config, Who};
use super::workspaces::Workspaces;
use crate::promises::kind::Kind;

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
