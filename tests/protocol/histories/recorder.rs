//! [`Recorder`]: injects faults, and records everything that happens to the organizations, in order.
//!
//! The simulator calls the recorder at every request, after it has executed the request and before it answers. So the
//! recorder knows what each answer was about, and which request changed what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value as Json;
use tfe_simulator::{Access, Event, Fault, Method, Service, Simulator, Token};

use crate::promises::observation::{Cause, TimelineEntry, TokenRequest, Verb};
use crate::promises::snapshot::Tokens;

use super::outside_change::{Org, OutsideChange};
use super::request_fault::{Answer, FaultEffect, RequestFault, Target, Times};

/// The provider's own API token.
pub(super) const OWNER: &str = "planted-token-of-an-owner";
const TOKEN: &str = "/authentication-token?token=audit-trails";

/// A handle to the record of what happened so far. Clones share the record.
#[derive(Clone)]
pub(super) struct Recorder(Arc<Mutex<Record>>);

struct Record {
    timeline: Vec<TimelineEntry>,
    /// The tokens that the organizations have now.
    tokens: Tokens,
    /// The current names of the organizations that exist, by their first names.
    names: BTreeMap<&'static str, String>,
    /// Whether the provider's API token is valid.
    api_token_is_valid: bool,
    /// A POST that takes effect after this number of further GETs of the token.
    late: Option<(Org, usize)>,
    /// All tokens that ever existed, by their IDs.
    all_tokens: BTreeMap<String, Token>,
    /// The number of faults that happened.
    fault_count: u64,
}

impl Recorder {
    pub(super) fn begin(simulator: &Simulator) -> Self {
        simulator.add_owner_token(OWNER);
        let mut names = BTreeMap::new();
        for org in Org::ALL {
            add(simulator, org);
            names.insert(org.name(), org.name().to_owned());
        }
        let recorder = Self(Arc::new(Mutex::new(Record {
            timeline: Vec::new(),
            tokens: Tokens::default(),
            names,
            api_token_is_valid: true,
            late: None,
            all_tokens: BTreeMap::new(),
            fault_count: 0,
        })));
        recorder.record().read_tokens(simulator);
        recorder
    }

    /// Returns what happened since the last call.
    pub(super) fn take_timeline(&self) -> Vec<TimelineEntry> {
        std::mem::take(&mut self.record().timeline)
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
            recorder.record().record_request(simulator, true);
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
            FaultEffect::Executed(answer) => {
                let answered = answer == Answer::WithoutAppName;
                (with_answer(script.after_change(), answer), answered)
            }
            FaultEffect::ExecutedLater(_) => (script.cut(), false),
            FaultEffect::Meanwhile(_) => (script, true),
        };
        let (recorder, effect) = (self.clone(), fault.effect);
        script.meanwhile(move |simulator| {
            let mut record = recorder.record();
            record.fault_count += 1;
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

impl Record {
    /// Records the request that is being answered.
    fn record_request(&mut self, simulator: &Service, answered: bool) -> Option<(Verb, Org)> {
        let requests = simulator.requests();
        let request = requests.last().expect("the request that is being answered");
        let org = self.names.iter().find_map(|(first, name)| {
            let path = format!("/organizations/{name}{TOKEN}");
            let it = request.path.ends_with(&path);
            it.then(|| Org::named(first)).flatten()
        });
        let verb = match request.method.as_str() {
            "GET" => Some(Verb::Get),
            "POST" => Some(Verb::Post),
            "DELETE" => Some(Verb::Delete),
            _ => None,
        };
        let about = verb.zip(org);
        let cause = about.map_or(Cause::OtherRequest, |(verb, org)| {
            Cause::Request(TokenRequest {
                verb,
                organization: org.name().to_owned(),
                answered,
            })
        });
        self.push(cause, simulator);
        if let (Some((Verb::Get, _)), Some((org, reads))) = (about, self.late) {
            self.late = reads.checked_sub(1).map(|reads| (org, reads));
            if self.late.is_none() {
                self.execute_late(simulator, org);
            }
        }
        about
    }

    fn execute_late(&mut self, simulator: &Service, org: Org) {
        if let Some(name) = self.names.get(org.name()) {
            simulator.regenerate_elsewhere(name);
            self.push(Cause::LateChange, simulator);
        }
    }

    fn push(&mut self, cause: Cause, simulator: &Service) {
        let before = self.tokens.clone();
        self.read_tokens(simulator);
        let after = self.tokens.clone();
        self.timeline.push(TimelineEntry {
            cause,
            before,
            after,
        });
    }

    fn read_tokens(&mut self, simulator: &Service) {
        self.tokens = Tokens::default();
        for org in Org::ALL {
            let Some(name) = self.names.get(org.name()) else {
                continue;
            };
            self.tokens.read(simulator, org.name(), name);
        }
        let tokens = self.tokens.all();
        let tokens = tokens.map(|token| (token.id.clone(), token.clone()));
        self.all_tokens.extend(tokens);
    }

    fn change(&mut self, simulator: &Service, change: OutsideChange) {
        let name = |org: Org| self.names.get(org.name()).cloned();
        let access = |org: Org, access: Option<Access>| {
            if let (Some(name), true) = (name(org), self.api_token_is_valid) {
                simulator.set_access(OWNER, &name, access);
            }
        };
        match change {
            OutsideChange::Regenerates(org) => {
                if let Some(name) = name(org) {
                    simulator.regenerate_elsewhere(&name);
                }
            }
            OutsideChange::Revokes(org) => {
                if let Some(name) = name(org) {
                    simulator.revoke_elsewhere(&name);
                }
            }
            OutsideChange::Uses(org) => {
                if let Some(name) = name(org)
                    && simulator.audit_trail_token(&name).is_some()
                {
                    simulator.use_token(&name, simulator.now());
                }
            }
            OutsideChange::AddsEvents(org) => {
                if let Some(name) = name(org) {
                    for (kind, action) in [
                        ("run", "create"),
                        ("run", "apply"),
                        ("workspace", "destroy"),
                        ("team", "create"),
                    ] {
                        simulator.add_event(&name, Event::new(kind, action));
                    }
                }
            }
            OutsideChange::TimePasses(time) => simulator.advance(time.duration()),
            OutsideChange::LosesPermission(org) => access(org, Some(Access::Views)),
            OutsideChange::LosesVisibility(org) => access(org, None),
            OutsideChange::LosesStatedPermission(org) => access(org, Some(Access::ManagesUnstated)),
            OutsideChange::LosesApiToken => {
                simulator.remove_caller(OWNER);
                self.api_token_is_valid = false;
            }
            OutsideChange::LosesEntitlement(org) => {
                if let Some(name) = name(org) {
                    simulator.withdraw_audit_logging(&name);
                }
            }
            OutsideChange::Renames(org) => {
                if let Some(name) = name(org) {
                    let new = format!("new-{}", org.name());
                    simulator.rename_organization(&name, &new);
                    self.names.insert(org.name(), new);
                }
            }
            OutsideChange::Deletes(org) => {
                if let Some(name) = self.names.remove(org.name()) {
                    simulator.delete_organization(&name);
                }
            }
            OutsideChange::Restores => self.restore(simulator),
        }
        self.push(Cause::SomebodyElse, simulator);
    }

    fn restore(&mut self, simulator: &Service) {
        simulator.remove_caller(OWNER);
        simulator.add_owner_token(OWNER);
        self.api_token_is_valid = true;
        for org in Org::ALL {
            match self.names.get(org.name()) {
                Some(name) => simulator.rename_organization(name, org.name()),
                None => add(simulator, org),
            }
            self.names.insert(org.name(), org.name().to_owned());
            simulator.grant_audit_logging(org.name());
        }
    }
}

fn add(simulator: &Service, org: Org) {
    simulator.add_organization(org.name());
    simulator.regenerate_organization_token(org.name());
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
