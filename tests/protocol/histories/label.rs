//! A resource whose label is renamed without a `moved` block: one plan destroys the old object and creates a new one.

use super::configuration::{EXAMPLE, RELABELLED};
use super::operation::Operation;
use super::outside_change::Org;
use super::request_fault::Phase;
use super::step::RenameLabel;
use super::workspaces::Workspaces;
use crate::promises::kind::Kind;
use tfplugin_testing::Outcome;

impl Workspaces {
    /// Plans and applies the destroy and the creation, in the step's order. Returns no second operation if the plan
    /// failed, and nothing if the state has no object.
    pub(super) async fn rename_label(
        &mut self,
        step: &RenameLabel,
    ) -> Option<(Operation, Option<Operation>)> {
        let who = step.who;
        let prior = self.state(who).current?;
        let begun = self.begin(Kind::Plan, who, &step.faults, Phase::Plan).await;
        let block = step.config.block();
        let core = &self.configurations[who as usize].core;
        let mut walk = core.plan_walk().await;
        // Terraform plans both at once, in any order.
        let (created, destroyed) = if step.creates_first {
            let created = walk.plan(RELABELLED, block).await;
            (created, walk.plan_destroy(EXAMPLE).await)
        } else {
            let destroyed = walk.plan_destroy(EXAMPLE).await;
            (walk.plan(RELABELLED, block).await, destroyed)
        };
        let mut diagnostics = created.diagnostics;
        diagnostics.extend(destroyed.diagnostics);
        let mut plans: Vec<_> = [&destroyed.value, &created.value]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        if step.creates_first {
            plans.reverse();
        }
        let planned = (plans.len() == 2).then_some(plans);
        let refreshed = match &planned {
            Some(_) => Outcome::new(destroyed.value, diagnostics),
            None => Outcome::failed(diagnostics),
        };
        let mut before = self.end_plan(begun, who, &refreshed).await;
        let is_undisturbed = step.faults.is_empty();
        before.seen.relabels = Org::named(&prior.organization) == Some(step.config.org)
            && self
                .recorder
                .tokens()
                .is_found_as(&step.config.organization());
        let Some(plans) = planned else {
            return Some((before, None));
        };
        let begun = self
            .begin(Kind::Replace, who, &step.faults, Phase::Apply)
            .await;
        let one = &mut self.configurations[who as usize];
        one.remember();
        let diagnostics = one.core.apply_together(plans).await.diagnostics;
        let mut applied = self.end(begun, who, diagnostics).await;
        applied.seen.refreshed = before.seen.refreshed.clone();
        applied.seen.forces = step.config.force == Some(true);
        applied.seen.plan = Some(before.applied(is_undisturbed));
        applied.seen.relabels = true;
        self.give_the_old_label_back(step);
        Some((before, Some(applied)))
    }

    /// Moves the new object to the old label, as `terraform state mv` does. If the old object is still there, the one
    /// whose token is invalid is removed.
    fn give_the_old_label_back(&mut self, step: &RenameLabel) {
        let state = self.state(step.who);
        let core = &mut self.configurations[step.who as usize].core;
        let Some(new) = core.state(RELABELLED).cloned() else {
            return;
        };
        core.forget(RELABELLED);
        let old_id = state.current.and_then(|old| old.token_id);
        let tokens = self.recorder.tokens();
        if old_id.is_none_or(|id| !tokens.contains(&id)) {
            core.forget(EXAMPLE);
            core.set_state(EXAMPLE, new);
        }
    }
}
