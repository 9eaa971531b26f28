//! [`Recorder`]: injects faults, and records everything that happens to the organizations, in order.
//!
//! The simulator calls the recorder at every request, after it has executed the request and before it answers. So the
//! recorder knows what each answer was about, and which request changed what.

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value as Json;
use tfe_simulator::{Fault, Method, Service, Simulator, Token};

use super::outside_change::{Org, OutsideChange};
use super::record::{OWNER, Record, TOKEN};
use super::request_fault::{Answer, FaultEffect, RequestFault, Target, Times};
use crate::promises::snapshot::Tokens;
use crate::promises::timeline_entry::{TimelineEntry, Verb};

/// A handle to the record of what happened so far. Clones share the record.
#[derive(Clone)]
pub(super) struct Recorder(Arc<Mutex<Record>>);

impl Recorder {
    /// Adds the organizations and the provider's API token to the simulator.
    pub(super) fn new(simulator: &Simulator) -> Self {
        Self(Arc::new(Mutex::new(Record::new(simulator))))
    }

    /// Returns what happened since the last call.
    pub(super) fn take_timeline(&self) -> Vec<TimelineEntry> {
        let mut record = self.record();
        record.begin();
        std::mem::take(&mut record.timeline)
    }

    /// Returns the tokens that the organizations have now.
    pub(super) fn tokens(&self) -> Tokens {
        self.record().tokens.clone()
    }

    /// Returns the events of an organization's audit trail, newest first.
    pub(super) fn events(&self, simulator: &Simulator, org: Org) -> Vec<Json> {
        match self.record().names.get(org.name()) {
            Some(name) => simulator.events(name),
            None => Vec::new(),
        }
    }

    /// Returns the token with this ID, also one that is invalid now.
    pub(super) fn token(&self, id: &str) -> Option<Token> {
        self.record().all_tokens.get(id).cloned()
    }

    /// Returns all secrets that ever existed.
    pub(super) fn secrets(&self) -> Vec<String> {
        let record = self.record();
        let tokens = record.all_tokens.values();
        tokens
            .map(|token| token.secret.expose().to_owned())
            .chain([OWNER.to_owned()])
            .collect()
    }

    /// Returns the number of faults that happened.
    pub(super) fn fault_count(&self) -> u64 {
        self.record().fault_count
    }

    /// Injects these faults, and records all requests from now on.
    pub(super) fn inject<'a>(
        &self,
        simulator: &Simulator,
        faults: impl Iterator<Item = &'a RequestFault>,
    ) {
        simulator.clear_faults();
        simulator.clear_requests();
        for fault in faults {
            simulator.inject(self.scripted(fault));
        }
        let (recorder, every) = (self.clone(), Fault::on_any("").always());
        simulator.inject(every.meanwhile(move |simulator| {
            let mut record = recorder.record();
            record.is_named = true;
            record.record_request(simulator, true);
        }));
    }

    /// Removes the faults. A POST that has not taken effect yet does so now.
    pub(super) fn clear_faults(&self, simulator: &Simulator) {
        simulator.clear_faults();
        let mut record = self.record();
        if let Some((org, _)) = record.late.take() {
            record.execute_late(simulator, org);
        }
    }

    /// Returns the simulator's script of a fault.
    fn scripted(&self, fault: &RequestFault) -> Fault {
        let script = match fault.on {
            Target::Post => Fault::on(Method::POST, TOKEN),
            Target::Delete => Fault::on(Method::DELETE, TOKEN),
            Target::Get => Fault::on(Method::GET, TOKEN),
            Target::AuditTrail => Fault::on(Method::GET, "/organization/audit-trail"),
            Target::Any => Fault::on_any("/organizations/"),
        };
        let script = script.skip(fault.skip);
        let script = match fault.times {
            Times::Once => script,
            Times::Twice => script.times(2),
            Times::Always => script.always(),
        };
        let (script, answered) = match fault.effect {
            FaultEffect::NotExecuted(answer) => (with_answer(script, answer), false),
            FaultEffect::Executed(answer) => (with_answer(script.after_change(), answer), false),
            FaultEffect::ExecutedLater(_) => (script.cut(), false),
            FaultEffect::Meanwhile(_) => (script, true),
        };
        let (recorder, effect) = (self.clone(), fault.effect);
        script.meanwhile(move |simulator| {
            let mut record = recorder.record();
            record.fault_count += 1;
            // An answer without a name is believed if an earlier one had it.
            let is_whole = effect == FaultEffect::Executed(Answer::WithoutAppName);
            let answered = answered || (is_whole && record.is_named);
            record.is_named |= answered;
            let request = record.record_request(simulator, answered);
            match (effect, request) {
                (FaultEffect::ExecutedLater(reads), Some((Verb::Post, org))) => {
                    record.late = Some((org, reads));
                }
                (FaultEffect::Meanwhile(change), _) => record.change(simulator, change),
                _ => {}
            }
        })
    }

    /// Makes an outside change.
    pub(super) fn change(&self, simulator: &Service, change: OutsideChange) {
        self.record().change(simulator, change);
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap()
    }
}

fn with_answer(script: Fault, answer: Answer) -> Fault {
    match answer {
        Answer::Cut => script.cut(),
        Answer::CutBody => script.cut_body(),
        Answer::Truncated => script.truncated(),
        Answer::Status(status) => script.status(status),
        Answer::Html => script.html(),
        Answer::Empty => script.empty(),
        Answer::WrongShape => script.wrong_shape(),
        Answer::NullData => script.null_data(),
        Answer::WithoutAppName => script.without_header("tfp-appname"),
    }
}
