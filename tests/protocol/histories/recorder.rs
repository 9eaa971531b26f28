//! [`Recorder`]: everything that happens to the organizations, in the order in which it happens.
//!
//! The simulator calls it at every request, between executing and answering it; so it knows what every answer was
//! about, and which request changed what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value as Json;
use tfe_simulator::{Access, Event, Fault, Method, Service, Simulator, Token};

use crate::promises::observation::{Cause, TimelineEntry, TokenRequest, Verb};
use crate::promises::snapshot::Tokens;

use super::step::{Answer, Elsewhere, Kind, Org, Target, Times, Trouble};

/// The provider's own API token.
pub(super) const OWNER: &str = "planted-token-of-an-owner";
const TOKEN: &str = "/authentication-token?token=audit-trails";

/// What happened so far; clones are handles to the same one.
#[derive(Clone)]
pub(super) struct Recorder(Arc<Mutex<Record>>);

struct Record {
    events: Vec<TimelineEntry>,
    last: Tokens,
    /// What the organizations are called, by their first names; without those that do not exist.
    names: BTreeMap<&'static str, String>,
    logged_in: bool,
    /// A POST that is going to act after so many looks.
    late: Option<(Org, usize)>,
    /// Every token that there ever was, by its id.
    tokens: BTreeMap<String, Token>,
    /// How many requests met a trouble.
    pub(super) met: u64,
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
            events: Vec::new(),
            last: Tokens::default(),
            names,
            logged_in: true,
            late: None,
            tokens: BTreeMap::new(),
            met: 0,
        })));
        recorder.record().see(simulator);
        recorder
    }

    /// What happened since the last look at it. A POST that was still to act does so before.
    pub(super) fn take(&self) -> Vec<TimelineEntry> {
        std::mem::take(&mut self.record().events)
    }

    /// Returns the tokens that the organizations have now.
    pub(super) fn tokens(&self) -> Tokens {
        self.record().last.clone()
    }

    /// The events of an organization's trail now, newest first.
    pub(super) fn events(&self, simulator: &Simulator, org: Org) -> Vec<Json> {
        match self.record().names.get(org.name()) {
            Some(name) => simulator.events(name),
            None => Vec::new(),
        }
    }

    /// A token that there ever was.
    pub(super) fn token(&self, id: &str) -> Option<Token> {
        self.record().tokens.get(id).cloned()
    }

    pub(super) fn secrets(&self) -> Vec<String> {
        let record = self.record();
        let tokens = record.tokens.values();
        tokens
            .map(|token| token.secret.expose().to_owned())
            .chain([OWNER.to_owned()])
            .collect()
    }

    /// How many requests met a trouble so far.
    pub(super) fn met(&self) -> u64 {
        self.record().met
    }

    /// From now on the requests meet these troubles, and are recorded.
    pub(super) fn trouble<'a>(
        &self,
        simulator: &Simulator,
        troubles: impl Iterator<Item = &'a Trouble>,
    ) {
        simulator.clear_faults();
        simulator.clear_requests();
        for trouble in troubles {
            simulator.inject(self.fault(trouble));
        }
        let (recorder, nothing) = (self.clone(), Fault::on_any("").always());
        simulator.inject(nothing.meanwhile(move |simulator| {
            recorder.record().request(simulator, true);
        }));
    }

    /// Ends the troubles. A POST that was still to act does so now.
    pub(super) fn calm(&self, simulator: &Simulator) {
        simulator.clear_faults();
        let mut record = self.record();
        if let Some((org, _)) = record.late.take() {
            record.act_late(simulator, org);
        }
    }

    fn fault(&self, trouble: &Trouble) -> Fault {
        let fault = match trouble.on {
            Target::Post => Fault::on(Method::POST, TOKEN),
            Target::Delete => Fault::on(Method::DELETE, TOKEN),
            Target::Look => Fault::on(Method::GET, TOKEN),
            Target::Trial => Fault::on(Method::GET, "/organization/audit-trail"),
            Target::Any => Fault::on_any("/organizations/"),
        };
        let fault = fault.skip(trouble.spared);
        let fault = match trouble.times {
            Times::Once => fault,
            Times::Twice => fault.times(2),
            Times::Always => fault.always(),
        };
        let (fault, honest) = match trouble.kind {
            Kind::Instead(answer) => (answered(fault, answer), false),
            Kind::Done(answer) => {
                let honest = answer == Answer::Nameless;
                (answered(fault.after_change(), answer), honest)
            }
            Kind::DoneLater(_) => (fault.cut(), false),
            Kind::Meanwhile(_) => (fault, true),
        };
        let (recorder, kind) = (self.clone(), trouble.kind);
        fault.meanwhile(move |simulator| {
            let mut record = recorder.record();
            record.met += 1;
            let request = record.request(simulator, honest);
            match (kind, request) {
                (Kind::DoneLater(looks), Some((Verb::Post, org))) => {
                    record.late = Some((org, looks));
                }
                (Kind::Meanwhile(act), _) => record.elsewhere(simulator, act),
                _ => {}
            }
        })
    }

    /// Somebody else does something.
    pub(super) fn elsewhere(&self, simulator: &Service, act: Elsewhere) {
        self.record().elsewhere(simulator, act);
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap()
    }
}

impl Record {
    /// Records the request that is being answered.
    fn request(&mut self, simulator: &Service, answered: bool) -> Option<(Verb, Org)> {
        let requests = simulator.requests();
        let request = requests.last().expect("the one that is being answered");
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
                self.act_late(simulator, org);
            }
        }
        about
    }

    fn act_late(&mut self, simulator: &Service, org: Org) {
        if let Some(name) = self.names.get(org.name()) {
            simulator.regenerate_elsewhere(name);
            self.push(Cause::LateChange, simulator);
        }
    }

    fn push(&mut self, cause: Cause, simulator: &Service) {
        let before = self.last.clone();
        self.see(simulator);
        let after = self.last.clone();
        self.events.push(TimelineEntry {
            cause,
            before,
            after,
        });
    }

    fn see(&mut self, simulator: &Service) {
        self.last = Tokens::default();
        for org in Org::ALL {
            let Some(name) = self.names.get(org.name()) else {
                continue;
            };
            self.last.read(simulator, org.name(), name);
        }
        let tokens = self.last.all();
        let tokens = tokens.map(|token| (token.id.clone(), token.clone()));
        self.tokens.extend(tokens);
    }

    fn elsewhere(&mut self, simulator: &Service, act: Elsewhere) {
        let name = |org: Org| self.names.get(org.name()).cloned();
        let access = |org: Org, access: Option<Access>| {
            if let (Some(name), true) = (name(org), self.logged_in) {
                simulator.set_access(OWNER, &name, access);
            }
        };
        match act {
            Elsewhere::Regenerates(org) => {
                if let Some(name) = name(org) {
                    simulator.regenerate_elsewhere(&name);
                }
            }
            Elsewhere::Revokes(org) => {
                if let Some(name) = name(org) {
                    simulator.revoke_elsewhere(&name);
                }
            }
            Elsewhere::Uses(org) => {
                if let Some(name) = name(org)
                    && simulator.audit_trail_token(&name).is_some()
                {
                    simulator.use_token(&name, simulator.now());
                }
            }
            Elsewhere::Works(org) => {
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
            Elsewhere::TimePasses(time) => simulator.advance(time.duration()),
            Elsewhere::LosesRight(org) => access(org, Some(Access::Views)),
            Elsewhere::LosesSight(org) => access(org, None),
            Elsewhere::LosesStatement(org) => access(org, Some(Access::ManagesUnstated)),
            Elsewhere::LosesLogin => {
                simulator.remove_caller(OWNER);
                self.logged_in = false;
            }
            Elsewhere::LosesEntitlement(org) => {
                if let Some(name) = name(org) {
                    simulator.withdraw_audit_logging(&name);
                }
            }
            Elsewhere::Renames(org) => {
                if let Some(name) = name(org) {
                    let new = format!("new-{}", org.name());
                    simulator.rename_organization(&name, &new);
                    self.names.insert(org.name(), new);
                }
            }
            Elsewhere::Deletes(org) => {
                if let Some(name) = self.names.remove(org.name()) {
                    simulator.delete_organization(&name);
                }
            }
            Elsewhere::Restores => self.restore(simulator),
        }
        self.push(Cause::SomebodyElse, simulator);
    }

    fn restore(&mut self, simulator: &Service) {
        simulator.remove_caller(OWNER);
        simulator.add_owner_token(OWNER);
        self.logged_in = true;
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

fn answered(fault: Fault, answer: Answer) -> Fault {
    match answer {
        Answer::Cut => fault.cut(),
        Answer::CutBody => fault.cut_body(),
        Answer::Truncated => fault.truncated(),
        Answer::Status(status) => fault.status(status),
        Answer::Html => fault.html(),
        Answer::Empty => fault.empty(),
        Answer::WrongShape => fault.wrong_shape(),
        Answer::NullData => fault.null_data(),
        Answer::Nameless => fault.without_header("tfp-appname"),
    }
}
