//! [`Runner`]: runs a history, step by step, and reports it.

use super::counts::Counts;
use super::operation::Operation;
use super::request_fault::Phase;
use super::step::{Apply, Config, Destroy, History, Step, Who};
use super::trail_query::TrailQuery;
use super::workspaces::Workspaces;
use crate::promises;

/// Runs a history to its end.
///
/// # Errors
///
/// The report of the steps so far, if a promise was broken.
pub(super) async fn run(history: &History) -> (Result<(), String>, Counts) {
    let mut runner = Runner {
        workspaces: Workspaces::new().await,
        sentences: Vec::new(),
        counts: Counts::default(),
    };
    let result = runner.history(history).await;
    let faults = runner.workspaces.recorder.fault_count();
    runner.counts.add("faults met", faults);
    runner.counts.count("histories");
    let result = result.map_err(|broken| runner.report(&broken));
    (result, runner.counts)
}

/// Runs the steps of one history.
pub(super) struct Runner {
    pub(super) workspaces: Workspaces,
    /// A sentence for each step so far, with the outcome of its operations.
    sentences: Vec<String>,
    counts: Counts,
}

impl Runner {
    async fn history(&mut self, history: &History) -> Result<(), String> {
        for step in &history.steps {
            self.counts.count("steps");
            self.step(step).await?;
        }
        self.recover(history.ending).await
    }

    async fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::OutsideChange(change) => {
                self.add_sentence(step.to_string());
                self.workspaces.change(*change);
            }
            Step::UseHashicorpTfeState(who, org, secret) => {
                if self.workspaces.use_hashicorp_tfe_state(*who, *org, *secret) {
                    self.add_sentence(step.to_string());
                    self.counts.count("states of hashicorp/tfe taken over");
                }
            }
            Step::LoseState(who) => {
                if self.workspaces.lose_state(*who) {
                    self.add_sentence(step.to_string());
                    self.counts.count("states lost");
                }
            }
            Step::Taint(who) => {
                if self.workspaces.taint(*who) {
                    self.add_sentence(step.to_string());
                }
            }
            Step::SavePlan(who, config, faults) => {
                self.add_sentence(step.to_string());
                let planned = self.workspaces.save_plan(*who, config, faults).await;
                self.judge(&planned)?;
            }
            Step::ApplySavedPlan(who, faults) => {
                if let Some(applied) = self.workspaces.apply_saved_plan(*who, faults).await {
                    self.add_sentence(step.to_string());
                    self.counts.count("saved plans applied");
                    self.judge(&applied)?;
                }
            }
            Step::RenameLabel(rename) => {
                if let Some((planned, applied)) = self.workspaces.rename_label(rename).await {
                    self.add_sentence(step.to_string());
                    self.counts.count("labels renamed");
                    self.judge(&planned)?;
                    if let Some(applied) = applied {
                        self.judge(&applied)?;
                    }
                }
            }
            Step::UseAnotherHost(who, act, config) => {
                let used = self.workspaces.use_another_host(*who, *act, config);
                if let Some(used) = used.await {
                    self.add_sentence(step.to_string());
                    self.counts.count("operations at another host");
                    self.judge(&used)?;
                }
            }
            Step::Plan(who, config, faults) => {
                self.add_sentence(step.to_string());
                let planned = self.workspaces.plan(*who, config, faults).await;
                self.judge(&planned)?;
            }
            Step::Refresh(who, faults) => {
                self.add_sentence(step.to_string());
                let refreshed = self.workspaces.refresh(*who, faults).await;
                self.judge(&refreshed)?;
            }
            Step::Import(who, org, faults) => {
                if let Some(imported) = self.workspaces.import(*who, *org, faults).await {
                    self.add_sentence(step.to_string());
                    self.judge(&imported)?;
                }
            }
            Step::ReadTrail(who, trail, faults) => {
                let read = self
                    .workspaces
                    .read_trail(*who, *trail, faults, Phase::Plan);
                if let Some(read) = read.await {
                    self.add_sentence(step.to_string());
                    self.judge(&read)?;
                }
            }
            Step::Apply(apply) => {
                self.apply(apply, step.to_string()).await?;
            }
            Step::Destroy(destroy) => {
                self.add_sentence(step.to_string());
                self.destroy(destroy).await?;
            }
            Step::Open(open) => {
                self.add_sentence(step.to_string());
                for operation in self.workspaces.open(open).await {
                    self.judge(&operation)?;
                }
            }
            Step::Revoke(revoke) => {
                if let Some((planned, revoked)) = self.workspaces.revoke(revoke).await {
                    self.add_sentence(step.to_string());
                    self.judge(&planned)?;
                    if let Some(revoked) = revoked {
                        self.judge(&revoked)?;
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) async fn apply(
        &mut self,
        apply: &Apply,
        sentence: String,
    ) -> Result<Option<Operation>, String> {
        self.add_sentence(sentence);
        let (planned, applied) = self.workspaces.apply(apply).await;
        self.judge(&planned)?;
        let Some(applied) = applied else {
            return Ok(None);
        };
        self.judge(&applied)?;
        if apply.config.is_consumed() && !applied.failed() {
            self.check_consumer(apply.who).await?;
        }
        if let (Some(trail), false) = (apply.trail, applied.failed()) {
            self.read_trail(apply, trail, &applied).await?;
        }
        if !applied.failed() && apply.between.is_none() && apply.faults.is_empty() && apply.refresh
        {
            self.check_next_plan(apply.who, &apply.config).await?;
        }
        Ok(Some(applied))
    }

    /// Reads the trail with the token in the state after an apply. Demands that a token that the apply has generated
    /// works.
    async fn read_trail(
        &mut self,
        apply: &Apply,
        trail: TrailQuery,
        applied: &Operation,
    ) -> Result<(), String> {
        let read = self
            .workspaces
            .read_trail(apply.who, trail, &apply.faults, Phase::Apply);
        let Some(read) = read.await else {
            return Ok(());
        };
        self.judge(&read)?;
        let is_undisturbed = apply.between.is_none() && apply.faults.is_empty();
        if read.failed() && is_undisturbed && applied.has_changed() {
            return Err("(g) the trail cannot be read with the token just generated".to_owned());
        }
        Ok(())
    }

    /// Demands that the consumer has the secret of the state's token after a successful apply.
    async fn check_consumer(&mut self, who: Who) -> Result<(), String> {
        let state = self.workspaces.state(who);
        let token = state.current.and_then(|object| object.token_id);
        let token = token.and_then(|id| self.workspaces.recorder.token(&id));
        let expected = token.as_ref().map(|token| token.secret.expose());
        self.counts.count("secrets consumed");
        if self.workspaces.consumer(who).secret.as_deref() == expected && expected.is_some() {
            return Ok(());
        }
        Err(
            "(g) the apply succeeded, and the consumer does not have the secret of the state's token"
                .to_owned(),
        )
    }

    /// Demands that the plan after a successful apply is empty.
    async fn check_next_plan(&mut self, who: Who, config: &Config) -> Result<(), String> {
        let planned = self.workspaces.plan(who, config, &[]).await;
        self.judge(&planned)?;
        if planned.failed() {
            return Err("the plan after an apply that succeeded fails".to_owned());
        }
        if planned.empty {
            return Ok(());
        }
        Err("the plan after an apply that succeeded is not empty".to_owned())
    }

    pub(super) async fn destroy(&mut self, destroy: &Destroy) -> Result<Option<Operation>, String> {
        let (planned, destroyed) = self.workspaces.destroy(destroy).await;
        self.judge(&planned)?;
        if let Some(destroyed) = &destroyed {
            self.judge(destroyed)?;
        }
        Ok(destroyed)
    }

    /// Adds the outcome of an operation to the report, counts it, and judges its promises.
    fn judge(&mut self, operation: &Operation) -> Result<(), String> {
        operation.count(&mut self.counts);
        let outcome = operation.outcome();
        if let Some(last) = self.sentences.last_mut() {
            last.push_str("\n     ");
            last.push_str(&outcome);
        }
        let broken = promises::broken(&operation.seen);
        match broken.is_empty() {
            true => Ok(()),
            false => Err(format!("{}\n{}", broken.join("\n        "), operation.seen)),
        }
    }

    pub(super) fn add_sentence(&mut self, text: String) {
        self.sentences.push(text);
    }

    fn report(&self, broken: &str) -> String {
        let mut report = String::from("\n");
        for (index, sentence) in self.sentences.iter().enumerate() {
            report.push_str(&format!("  {}. {sentence}\n", index + 1));
        }
        report.push_str(&format!("broken: {broken}\n"));
        report
    }
}
