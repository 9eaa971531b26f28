//! [`Record`]: what has happened to the organizations so far.

use std::collections::BTreeMap;

use tfe_simulator::{Access, Event, Service, Token};

use super::outside_change::{Org, OutsideChange};
use crate::promises::snapshot::Tokens;
use crate::promises::timeline_entry::{Cause, TimelineEntry, TokenRequest, Verb};

/// The provider's own API token.
pub(super) const OWNER: &str = "planted-token-of-an-owner";
/// The end of the path of an audit trail token.
pub(super) const TOKEN: &str = "/authentication-token?token=audit-trails";

/// What has happened to the organizations so far.
pub(super) struct Record {
    pub(super) timeline: Vec<TimelineEntry>,
    /// The tokens that the organizations have now.
    pub(super) tokens: Tokens,
    /// The current names of the organizations that exist, by their first names.
    pub(super) names: BTreeMap<&'static str, String>,
    /// Whether the provider's API token is valid.
    pub(super) api_token_is_valid: bool,
    /// Whether the service has named itself as HCP Terraform since the operation began.
    pub(super) is_named: bool,
    /// The place in the timeline of a read that found no token, until the organization's document confirms it.
    unconfirmed: Option<(usize, Org)>,
    /// What the provider's API token may do in the organizations where it has lost something.
    access: BTreeMap<&'static str, Option<Access>>,
    /// A POST that takes effect after this number of further GETs of the token.
    pub(super) late: Option<(Org, usize)>,
    /// All tokens that ever existed, by their IDs.
    pub(super) all_tokens: BTreeMap<String, Token>,
    /// The number of faults that happened.
    pub(super) fault_count: u64,
}

impl Record {
    /// Adds the organizations and the provider's API token to the simulator.
    pub(super) fn new(simulator: &Service) -> Self {
        simulator.add_owner_token(OWNER);
        let mut names = BTreeMap::new();
        for org in Org::ALL {
            add(simulator, org);
            names.insert(org.name(), org.name().to_owned());
        }
        let mut record = Self {
            timeline: Vec::new(),
            tokens: Tokens::default(),
            names,
            api_token_is_valid: true,
            is_named: false,
            unconfirmed: None,
            access: BTreeMap::new(),
            late: None,
            all_tokens: BTreeMap::new(),
            fault_count: 0,
        };
        record.read_tokens(simulator);
        record
    }

    /// Begins an operation: a process that knows nothing yet.
    pub(super) fn begin(&mut self) {
        self.is_named = false;
        self.unconfirmed = None;
    }

    /// Records the request that is being answered.
    pub(super) fn record_request(
        &mut self,
        simulator: &Service,
        answered: bool,
    ) -> Option<(Verb, Org)> {
        let requests = simulator.requests();
        let request = requests.last().expect("the request that is being answered");
        let org = self.names.iter().find_map(|(first, name)| {
            let path = format!("/organizations/{name}{TOKEN}");
            let path = path.to_ascii_lowercase();
            let it = request.path.to_ascii_lowercase().ends_with(&path);
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
        let mut cause = self.without_false_answer(simulator, cause);
        let answered_path = answered.then(|| request.path.to_ascii_lowercase());
        self.confirm(answered_path.as_deref());
        if let Cause::Request(request) = &mut cause
            && request.verb == Verb::Get
            && request.answered
            && self.tokens.audit_trail(&request.organization).is_none()
        {
            // A 404 alone does not say that there is no token.
            request.answered = false;
            self.unconfirmed = org.map(|org| (self.timeline.len(), org));
        }
        self.push(cause, simulator);
        if let (Some((Verb::Get, _)), Some((org, reads))) = (about, self.late) {
            self.late = reads.checked_sub(1).map(|reads| (org, reads));
            if self.late.is_none() {
                self.execute_late(simulator, org);
            }
        }
        about
    }

    /// An answer says nothing of the token if the API token is not valid or may not see it, or if the organization's
    /// document does not confirm that there is none.
    fn without_false_answer(&self, simulator: &Service, mut cause: Cause) -> Cause {
        if let Cause::Request(request) = &mut cause {
            let name = request.organization.as_str();
            let has_token = || {
                let current = self.names.get(name);
                current.is_some_and(|name| simulator.audit_trail_token(name).is_some())
            };
            request.answered &= self.api_token_is_valid
                && match self.access.get(name) {
                    None | Some(Some(Access::Manages)) => true,
                    Some(Some(Access::ManagesUnstated)) => has_token(),
                    Some(Some(Access::Views) | None) => false,
                };
        }
        cause
    }

    /// Counts the read that found no token as answered, if this answered request is for the organization's document and
    /// the document says that the API token manages tokens.
    fn confirm(&mut self, path: Option<&str>) {
        let (Some(path), Some((index, org))) = (path, self.unconfirmed) else {
            return;
        };
        let Some(name) = self.names.get(org.name()) else {
            return;
        };
        let is_document = path.ends_with(&format!("/organizations/{name}").to_ascii_lowercase());
        let manages = matches!(
            self.access.get(org.name()),
            None | Some(Some(Access::Manages))
        );
        if is_document && manages && self.api_token_is_valid {
            self.unconfirmed = None;
            if let Some(TimelineEntry {
                cause: Cause::Request(request),
                ..
            }) = self.timeline.get_mut(index)
            {
                request.answered = true;
            }
        }
    }

    /// Executes a late POST.
    pub(super) fn execute_late(&mut self, simulator: &Service, org: Org) {
        if let Some(name) = self.names.get(org.name()) {
            simulator.regenerate_elsewhere(name);
            self.push(Cause::LateChange, simulator);
        }
    }

    /// Adds an entry to the timeline.
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

    /// Reads the organizations' tokens.
    fn read_tokens(&mut self, simulator: &Service) {
        self.tokens = Tokens::default();
        for org in Org::ALL {
            let Some(name) = self.names.get(org.name()) else {
                continue;
            };
            self.tokens.read(simulator, org.name(), name);
            self.tokens.set_other_name(org.name(), org.new_name());
        }
        let tokens = self.tokens.all();
        let tokens = tokens.map(|token| (token.id.clone(), token.clone()));
        self.all_tokens.extend(tokens);
    }

    /// Makes an outside change.
    pub(super) fn change(&mut self, simulator: &Service, change: OutsideChange) {
        let names = self.names.clone();
        let name = |org: Org| names.get(org.name()).cloned();
        let api_token_is_valid = self.api_token_is_valid;
        let access = &mut self.access;
        let mut access = |org: Org, lost: Option<Access>| {
            access.insert(org.name(), lost);
            if let (Some(name), true) = (name(org), api_token_is_valid) {
                simulator.set_access(OWNER, &name, lost);
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
                    simulator.rename_organization(&name, org.new_name());
                    self.names.insert(org.name(), org.new_name().to_owned());
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

    /// Undoes all losses, renames and deletions.
    fn restore(&mut self, simulator: &Service) {
        simulator.remove_caller(OWNER);
        simulator.add_owner_token(OWNER);
        self.api_token_is_valid = true;
        self.access.clear();
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
