//! Steps that save a plan, and apply it later.

use super::applying::Applying;
use super::configuration::SavedPlan;
use super::operation::Operation;
use super::request_fault::RequestFault;
use super::step::{Config, Who};
use super::workspaces::Workspaces;

impl Workspaces {
    /// Plans, and saves the plan if that succeeds.
    pub(super) async fn save_plan(
        &mut self,
        who: Who,
        config: &Config,
        faults: &[RequestFault],
    ) -> Operation {
        let (plan, operation) = self.planned(who, config, false, faults).await;
        let state = self.state(who);
        self.configurations[who as usize].saved = plan.map(|plan| SavedPlan {
            config: *config,
            plan,
            planned: operation.clone(),
            state,
        });
        operation
    }

    /// Applies the saved plan. Returns nothing if there is none, or if the state has changed: Terraform refuses it then.
    pub(super) async fn apply_saved_plan(
        &mut self,
        who: Who,
        faults: &[RequestFault],
    ) -> Option<Operation> {
        let saved = self.configurations[who as usize].saved.take()?;
        if saved.state != self.state(who) {
            return None;
        }
        let applying = Applying {
            who,
            config: saved.config,
            replaces: false,
            refreshes: true,
            is_undisturbed: false,
        };
        let applied = self.apply_plan(&applying, &saved.planned, saved.plan, faults, false);
        Some(applied.await)
    }
}
