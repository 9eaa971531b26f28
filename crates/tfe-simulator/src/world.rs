//! The state of the pretend service: everything that a request can see or change.
//!
//! Nothing here waits: a request is executed under one lock, at once and whole.

use chrono::{DateTime, Months, Utc};

use super::caller::{Access, Caller, Principal};
use super::clock::{Clock, later};
use super::event::{Event, RecordedEvent};
use super::fault::Fault;
use super::organization::{Organization, TokenKind};
use super::random::Random;
use super::rate_limit::RateLimit;
use super::record::{RecordedRequest, TokenChange};
use super::request::Request;
use super::secret::Secret;
use super::settings::{DefaultExpiry, Settings};
use super::token::Token;

#[derive(Debug)]
pub(super) struct World {
    pub(super) settings: Settings,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) rate_limit: RateLimit,
    pub(super) organizations: Vec<Organization>,
    pub(super) callers: Vec<Caller>,
    /// In the order in which they were recorded.
    pub(super) events: Vec<RecordedEvent>,
    pub(super) faults: Vec<Fault>,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) changes: Vec<TokenChange>,
    pub(super) connections: usize,
    /// Every secret there ever was, so that none is recorded.
    secrets: Vec<Secret>,
    request_count: u64,
}

impl World {
    pub(super) fn new(settings: Settings, clock: Clock, random: Random) -> Self {
        Self {
            settings,
            clock,
            random,
            rate_limit: RateLimit::default(),
            organizations: Vec::new(),
            callers: Vec::new(),
            events: Vec::new(),
            faults: Vec::new(),
            requests: Vec::new(),
            changes: Vec::new(),
            connections: 0,
            secrets: Vec::new(),
            request_count: 0,
        }
    }

    pub(super) fn add_organization(&mut self, mut organization: Organization) {
        if organization.external_id.is_empty() {
            organization.external_id = self.random.id("org");
        }
        organization.created_at = self.clock.now();
        self.organizations.push(organization);
    }

    pub(super) fn add_caller(&mut self, mut caller: Caller) {
        caller.id = self.random.id(if caller.is_team { "team" } else { "user" });
        self.secrets.push(caller.secret.clone());
        self.callers.push(caller);
    }

    pub(super) fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|o| o.name == name)
    }

    pub(super) fn organization_mut(&mut self, name: &str) -> Option<&mut Organization> {
        self.organizations.iter_mut().find(|o| o.name == name)
    }

    /// Renames an organization; `None` if there is none of the old name.
    pub(super) fn rename_organization(&mut self, old: &str, new: &str) -> Option<()> {
        new.clone_into(&mut self.organization_mut(old)?.name);
        for caller in &mut self.callers {
            caller.rename_organization(old, new);
        }
        Some(())
    }

    /// Whose secret this is; `None` if nobody's, or of something expired.
    ///
    /// An organization's main token counts as used by any request, as its last use shows.
    pub(super) fn authenticate(&mut self, secret: &Secret) -> Option<Principal> {
        let now = self.clock.now();
        let life = self.settings.maximum_life;
        if let Some(caller) = self.callers.iter().find(|c| c.secret == *secret) {
            return (!caller.is_expired(now)).then(|| Principal::Caller {
                id: caller.id.clone(),
                is_team: caller.is_team,
            });
        }
        for organization in &mut self.organizations {
            let id = organization.external_id.clone();
            let owns = |token: &Token| token.secret == *secret && !token.is_expired(now);
            let outlived =
                |token: &Token| life.is_some_and(|life| later(token.created_at, life) <= now);
            let trail_token = organization.trail_token.as_ref();
            if trail_token.is_some_and(|token| owns(token) && !outlived(token)) {
                return Some(Principal::AuditTrail(id));
            }
            if let Some(token) = organization.main_token.as_mut().filter(|token| owns(token)) {
                token.last_used_at = Some(now);
                return Some(Principal::Organization(id));
            }
        }
        None
    }

    /// What somebody may do in an organization; `None`: not even see it.
    pub(super) fn access(&self, who: &Principal, organization: &Organization) -> Option<Access> {
        if organization.hidden {
            return None;
        }
        match who {
            Principal::Caller { id, .. } => self
                .callers
                .iter()
                .find(|caller| caller.id == *id)?
                .access_to(&organization.name),
            Principal::Organization(id) => {
                (*id == organization.external_id).then_some(Access::Manages)
            }
            Principal::AuditTrail(_) => None,
        }
    }

    /// Generates a token in place of the one there is; `None` if there is no such organization.
    pub(super) fn regenerate(
        &mut self,
        organization: &str,
        kind: TokenKind,
        expired_at: Option<DateTime<Utc>>,
        by: &Author,
    ) -> Option<Token> {
        self.organization(organization)?;
        let now = self.clock.now();
        let default = || match self.settings.default_expiry {
            DefaultExpiry::TwoYears => now.checked_add_months(Months::new(24)),
            DefaultExpiry::Never => None,
        };
        let end = expired_at.or_else(default);
        let expired_at = match self
            .settings
            .maximum_life
            .filter(|_| kind == TokenKind::AuditTrail)
        {
            Some(life) => Some(
                end.unwrap_or(DateTime::<Utc>::MAX_UTC)
                    .min(later(now, life)),
            ),
            None => end,
        };
        let token = Token {
            id: self.random.id("at"),
            created_at: now,
            expired_at,
            last_used_at: None,
            created_by_id: by.id.clone(),
            created_by_type: by.kind,
            secret: self.random.secret(),
        };
        self.secrets.push(token.secret.clone());
        let slot = self.organization_mut(organization)?.slot(kind);
        let replaced = slot.replace(token.clone());
        if let Some(replaced) = &replaced {
            self.record_token(organization, "destroy", &replaced.id, by);
        }
        self.record_change(organization, kind, replaced, Some(token.clone()));
        self.record_token(organization, "create", &token.id, by);
        Some(token)
    }

    /// Deletes a token; `None` if there is no such organization or no token.
    pub(super) fn revoke(
        &mut self,
        organization: &str,
        kind: TokenKind,
        by: &Author,
    ) -> Option<Token> {
        let token = self.organization_mut(organization)?.slot(kind).take()?;
        self.record_token(organization, "destroy", &token.id, by);
        self.record_change(organization, kind, Some(token.clone()), None);
        Some(token)
    }

    fn record_change(
        &mut self,
        organization: &str,
        kind: TokenKind,
        before: Option<Token>,
        after: Option<Token>,
    ) {
        if kind == TokenKind::AuditTrail {
            self.changes.push(TokenChange {
                organization: organization.to_owned(),
                requests: self.requests.len(),
                before,
                after,
            });
        }
    }

    /// Records what happened to a token. The documented actions are create, show and destroy;
    /// that a regeneration is the one after the other is our reading of that list.
    pub(super) fn record_token(
        &mut self,
        organization: &str,
        action: &str,
        token: &str,
        by: &Author,
    ) {
        let event = Event::new("authentication_token", action)
            .resource_id(token)
            .accessor(&by.id);
        self.add_event(organization, event, by.request_id.clone());
    }

    /// Records an event; `None` if there is no such organization.
    pub(super) fn add_event(
        &mut self,
        organization: &str,
        event: Event,
        request_id: Option<String>,
    ) -> Option<()> {
        let organization_id = self.organization(organization)?.external_id.clone();
        let (now, id) = (self.clock.now(), self.random.uuid());
        let event = RecordedEvent::new(event, &organization_id, now, id, request_id);
        self.events.push(event);
        Some(())
    }

    /// Records a request and returns the record, under whose number its status is recorded later.
    pub(super) fn record_request(&mut self, request: &Request) -> RecordedRequest {
        self.request_count += 1;
        let record = RecordedRequest::new(self.request_count, request, &self.secrets);
        self.requests.push(record.clone());
        record
    }

    /// Records how a request was answered, unless it was forgotten in between, and returns the
    /// record.
    pub(super) fn record_status(
        &mut self,
        number: u64,
        status: Option<u16>,
    ) -> Option<RecordedRequest> {
        let record = self.requests.iter_mut().find(|r| r.number == number)?;
        record.status = status;
        Some(record.clone())
    }

    /// The fault that this request meets, if any; it is used up by one.
    pub(super) fn next_fault(&mut self, request: &Request) -> Option<Fault> {
        let index = self
            .faults
            .iter_mut()
            .position(|fault| fault.meets(request))?;
        let fault = self.faults[index].clone();
        if self.faults[index].is_used_up() {
            self.faults.remove(index);
        }
        Some(fault)
    }
}

/// Who makes a change, as documents and events name it.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) id: String,
    /// The JSON:API type of `created-by`.
    pub(super) kind: &'static str,
    pub(super) request_id: Option<String>,
}

impl Author {
    /// Somebody else, in the user interface.
    pub(super) fn elsewhere(world: &mut World) -> Self {
        Self {
            id: world.random.id("user"),
            kind: "users",
            request_id: None,
        }
    }
}
