//! A plan and its apply.

use super::configuration::EXAMPLE;
use super::operation::Operation;
use super::request_fault::{Phase, RequestFault};
use super::step::{Apply, Config, Who};
use super::workspaces::Workspaces;
use crate::promises::asked;
use crate::promises::kind::Kind;
use tfplugin_testing::{Plan, ResourceAction};

/// The apply of a plan.
pub(super) struct Applying {
    pub(super) who: Who,
    pub(super) config: Config,
    /// `-replace`
    pub(super) replaces: bool,
    /// `false`: the plan was made with `-refresh=false`.
    pub(super) refreshes: bool,
    /// Whether nothing was changed by others since the plan began, and no fault happens.
    pub(super) is_undisturbed: bool,
}

/// What a configuration asks for.
struct Asked {
    asks: bool,
    triggers: bool,
    forces: bool,
}

impl Workspaces {
    /// Plans and applies. Returns no second operation if the plan failed.
    pub(super) async fn apply(&mut self, step: &Apply) -> (Operation, Option<Operation>) {
        let who = step.who;
        let core = &mut self.configurations[who as usize].core;
        if !step.refresh {
            core.disable_refresh();
        }
        if step.create_before_destroy {
            core.create_before_destroy(EXAMPLE);
        } else {
            core.destroy_before_create(EXAMPLE);
        }
        let (planned, mut before) = self
            .planned(who, &step.config, step.replace, &step.faults)
            .await;
        before.seen.refreshes = step.refresh;
        self.configurations[who as usize].core.enable_refresh();
        let Some(plan) = planned else {
            return (before, None);
        };
        let applying = Applying {
            who,
            config: step.config,
            replaces: step.replace,
            refreshes: step.refresh,
            is_undisturbed: step.between.is_none() && step.faults.is_empty(),
        };
        if let Some(change) = step.between {
            self.change(change);
        }
        let applied = self
            .apply_plan(&applying, &before, plan, &step.faults, step.consumer_fails)
            .await;
        (before, Some(applied))
    }

    /// Applies a plan.
    pub(super) async fn apply_plan(
        &mut self,
        applying: &Applying,
        before: &Operation,
        plan: Plan,
        faults: &[RequestFault],
        consumer_fails: bool,
    ) -> Operation {
        let (who, config) = (applying.who, applying.config);
        let (kind, asked) = self.asked(applying, before, &plan);
        let begun = self.begin(kind, who, faults, Phase::Apply).await;
        let one = &mut self.configurations[who as usize];
        one.remember();
        let mut diagnostics = one.core.apply(plan).await.diagnostics;
        if !diagnostics.has_error() && config.is_consumed() {
            let consumed = one.apply_consumer(consumer_fails).await;
            diagnostics.extend(consumed);
        }
        let mut applied = self.end(begun, who, diagnostics).await;
        applied.seen.refreshed = before.seen.refreshed.clone();
        applied.seen.refreshes = applying.refreshes;
        applied.seen.asks = Some(asked.asks);
        applied.seen.triggers = asked.triggers;
        applied.seen.forces = asked.forces;
        applied.seen.plan = Some(before.applied(applying.is_undisturbed));
        applied
    }

    /// Returns the kind of an apply, and what its configuration asks for.
    fn asked(&self, applying: &Applying, before: &Operation, plan: &Plan) -> (Kind, Asked) {
        let prior = before.after.current.as_ref();
        let config = applying.config;
        let block = config.block();
        let id = prior.and_then(|prior| prior.token_id.as_deref());
        let is_followed = id.is_some_and(|id| before.follows(id));
        let tokens = self.recorder.tokens();
        let has_deposed = !before.after.deposed.is_empty();
        let becomes_forced = prior.is_none_or(|prior| {
            let moves = !tokens.is_same(&prior.organization, &config.organization());
            let creates = prior.tainted || applying.replaces || moves;
            creates || prior.attributes["force_regenerate"] != true
        });
        let asked = Asked {
            asks: asked::asks(&block, prior, is_followed, &tokens)
                || applying.replaces
                || has_deposed,
            triggers: prior.is_some_and(|prior| asked::triggers(&block, prior)),
            forces: config.force == Some(true) && becomes_forced,
        };
        let replaces = matches!(
            plan.action,
            ResourceAction::DeleteThenCreate | ResourceAction::CreateThenDelete
        );
        let kind = match replaces || has_deposed {
            true => Kind::Replace,
            false => Kind::Apply,
        };
        (kind, asked)
    }
}
