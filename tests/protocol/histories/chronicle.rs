//! [`Chronicle`]: everything that happens to the organizations, in the order in which it happens.
//!
//! The simulator calls it at every request, between executing and answering it; so it knows what every answer was
//! about, and which request changed what.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value as Json;
use tfe_simulator::{Access, Event, Fault, Method, Service, Simulator, Token};

use super::step::{Answer, Elsewhere, Kind, Org, Target, Times, Trouble};

/// The provider's own API token.
pub(super) const OWNER: &str = "planted-token-of-an-owner";
const TOKEN: &str = "/authentication-token?token=audit-trails";

/// What happened so far; clones are handles to the same one.
#[derive(Clone)]
pub(super) struct Chronicle(Arc<Mutex<Record>>);

struct Record {
    entries: Vec<Entry>,
    last: Sight,
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

/// One request, or one act of somebody else.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) what: What,
    pub(super) before: Sight,
    pub(super) after: Sight,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// `honest`: the provider gets the service's own answer.
    Look {
        org: Org,
        honest: bool,
    },
    Post {
        org: Org,
        honest: bool,
    },
    Delete {
        org: Org,
        honest: bool,
    },
    Other {
        honest: bool,
    },
    /// A POST that was cut acts now.
    Late,
    Elsewhere,
}

/// What the organizations have at one time.
#[derive(Clone, Debug, Default)]
pub(super) struct Sight {
    tokens: [Option<Token>; 2],
    main: [Option<String>; 2],
}

impl Sight {
    pub(super) fn token(&self, org: Org) -> Option<&Token> {
        self.tokens[org as usize].as_ref()
    }

    pub(super) fn main(&self, org: Org) -> Option<&str> {
        self.main[org as usize].as_deref()
    }

    pub(super) fn is_alive(&self, id: &str) -> bool {
        self.tokens.iter().flatten().any(|token| token.id == id)
    }
}

impl Chronicle {
    pub(super) fn begin(simulator: &Simulator) -> Self {
        simulator.add_owner_token(OWNER);
        let mut names = BTreeMap::new();
        for org in Org::ALL {
            add(simulator, org);
            names.insert(org.name(), org.name().to_owned());
        }
        let chronicle = Self(Arc::new(Mutex::new(Record {
            entries: Vec::new(),
            last: Sight::default(),
            names,
            logged_in: true,
            late: None,
            tokens: BTreeMap::new(),
            met: 0,
        })));
        chronicle.record().see(simulator);
        chronicle
    }

    /// What happened since the last look at it. A POST that was still to act does so before.
    pub(super) fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut self.record().entries)
    }

    pub(super) fn sight(&self) -> Sight {
        self.record().last.clone()
    }

    /// Whether both organizations exist under their first names.
    pub(super) fn has_first_names(&self) -> bool {
        let record = self.record();
        let mut names = record.names.iter();
        record.names.len() == Org::ALL.len() && names.all(|(first, name)| first == name)
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

    /// Which token ever had this secret.
    pub(super) fn owner_of(&self, secret: &str) -> Option<Token> {
        let record = self.record();
        let mut tokens = record.tokens.values();
        tokens.find(|one| one.secret.expose() == secret).cloned()
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
        let (chronicle, nothing) = (self.clone(), Fault::on_any("").always());
        simulator.inject(nothing.meanwhile(move |simulator| {
            chronicle.record().request(simulator, true);
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
        let (chronicle, kind) = (self.clone(), trouble.kind);
        fault.meanwhile(move |simulator| {
            let mut record = chronicle.record();
            record.met += 1;
            let what = record.request(simulator, honest);
            match (kind, what) {
                (Kind::DoneLater(looks), What::Post { org, .. }) => {
                    record.late = Some((org, looks))
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
    fn request(&mut self, simulator: &Service, honest: bool) -> What {
        let requests = simulator.requests();
        let request = requests.last().expect("the one that is being answered");
        let org = self.names.iter().find_map(|(first, name)| {
            let path = format!("/organizations/{name}{TOKEN}");
            let it = request.path.ends_with(&path);
            it.then(|| Org::named(first)).flatten()
        });
        let what = match (org, request.method.as_str()) {
            (Some(org), "GET") => What::Look { org, honest },
            (Some(org), "POST") => What::Post { org, honest },
            (Some(org), "DELETE") => What::Delete { org, honest },
            _ => What::Other { honest },
        };
        self.push(what.clone(), simulator);
        if let (What::Look { .. }, Some((org, looks))) = (&what, self.late) {
            self.late = looks.checked_sub(1).map(|looks| (org, looks));
            if self.late.is_none() {
                self.act_late(simulator, org);
            }
        }
        what
    }

    fn act_late(&mut self, simulator: &Service, org: Org) {
        if let Some(name) = self.names.get(org.name()) {
            simulator.regenerate_elsewhere(name);
            self.push(What::Late, simulator);
        }
    }

    fn push(&mut self, what: What, simulator: &Service) {
        let before = self.last.clone();
        self.see(simulator);
        let after = self.last.clone();
        self.entries.push(Entry {
            what,
            before,
            after,
        });
    }

    fn see(&mut self, simulator: &Service) {
        self.last = Sight::default();
        for org in Org::ALL {
            let Some(name) = self.names.get(org.name()) else {
                continue;
            };
            let token = simulator.audit_trail_token(name);
            if let Some(token) = &token {
                self.tokens.insert(token.id.clone(), token.clone());
            }
            self.last.tokens[org as usize] = token;
            self.last.main[org as usize] = simulator.organization_token(name).map(|one| one.id);
        }
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
        self.push(What::Elsewhere, simulator);
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
