//! [`ServiceState`]: everything of the pretend service that a request can see or change.
//!
//! Nothing here waits: a request is executed as one step, under one lock.

use std::time::Duration;

use chrono::{DateTime, Months, Utc};

use crate::caller::{Access, Caller, Principal};
use crate::clock::{Clock, later};
use crate::event::{Event, RecordedEvent};
use crate::organization::Organization;
use crate::random::Random;
use crate::rate_limit::RateLimit;
use crate::record::{RecordedRequest, TokenChange};
use crate::request::Request;
use crate::response::Response;
use crate::secret::Secret;
use crate::settings::{DefaultExpiry, OrganizationNames, Settings, TrailTokenOnOrganization};
use crate::token::{Token, TokenKind};

/// How long the audit trail keeps events.
pub(crate) const RETENTION: Duration = Duration::from_secs(14 * 24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct ServiceState {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) rate_limit: RateLimit,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) callers: Vec<Caller>,
    /// In the order in which they were recorded.
    pub(crate) events: Vec<RecordedEvent>,
    pub(crate) requests: Vec<RecordedRequest>,
    pub(crate) token_changes: Vec<TokenChange>,
    pub(crate) connections: usize,
    /// Every secret there ever was, so that records can leave them out.
    secrets: Vec<Secret>,
    request_count: u64,
}

impl ServiceState {
    pub(crate) fn new(settings: Settings, clock: Clock) -> Self {
        Self {
            settings,
            clock,
            random: Random::new(),
            rate_limit: RateLimit::default(),
            organizations: Vec::new(),
            callers: Vec::new(),
            events: Vec::new(),
            requests: Vec::new(),
            token_changes: Vec::new(),
            connections: 0,
            secrets: Vec::new(),
            request_count: 0,
        }
    }

    pub(crate) fn add_organization(&mut self, mut organization: Organization) {
        if organization.external_id.is_empty() {
            organization.external_id = self.random.id("org");
        }
        organization.created_at = self.clock.now();
        self.organizations.push(organization);
    }

    pub(crate) fn add_caller(&mut self, mut caller: Caller) {
        caller.id = self.random.id(if caller.is_team { "team" } else { "user" });
        self.secrets.push(caller.secret.clone());
        self.callers.push(caller);
    }

    pub(crate) fn organization(&self, name: &str) -> Option<&Organization> {
        let index = self.position(name)?;
        self.organizations.get(index)
    }

    pub(crate) fn organization_mut(&mut self, name: &str) -> Option<&mut Organization> {
        let index = self.position(name)?;
        self.organizations.get_mut(index)
    }

    fn position(&self, name: &str) -> Option<usize> {
        let is_named = |o: &Organization| match self.settings.organization_names {
            OrganizationNames::AnyCase => o.name.to_lowercase() == name.to_lowercase(),
            OrganizationNames::ExactCase => o.name == name,
        };
        self.organizations.iter().position(is_named)
    }

    /// Returns an organization's own spelling of its name.
    fn own_name(&self, name: &str) -> Option<String> {
        Some(self.organization(name)?.name.clone())
    }

    /// Renames an organization; `None` if there is none of the old name.
    pub(crate) fn rename_organization(&mut self, old: &str, new: &str) -> Option<()> {
        let old = self.own_name(old)?;
        new.clone_into(&mut self.organization_mut(&old)?.name);
        for caller in &mut self.callers {
            caller.rename_organization(&old, new);
        }
        Some(())
    }

    /// Deletes an organization and its tokens; `None` if there is no such organization.
    pub(crate) fn delete_organization(&mut self, name: &str) -> Option<()> {
        let index = self.position(name)?;
        self.organizations.remove(index);
        Some(())
    }

    /// Returns the owner of a secret; `None` if it is unknown or has expired.
    ///
    /// An organization token counts as used by any request.
    pub(crate) fn authenticate(&mut self, secret: &Secret) -> Option<Principal> {
        let now = self.clock.now();
        let ttl = self.settings.maximum_ttl;
        if let Some(caller) = self.callers.iter().find(|c| c.secret == *secret) {
            return (!caller.is_expired(now)).then(|| Principal::Caller {
                id: caller.id.clone(),
                is_team: caller.is_team,
            });
        }
        for organization in &mut self.organizations {
            let id = organization.external_id.clone();
            let owns = |token: &Token| token.secret == *secret && !token.is_expired(now);
            let exceeds_ttl =
                |token: &Token| ttl.is_some_and(|ttl| later(token.created_at, ttl) <= now);
            let trail_token = organization.token(TokenKind::AuditTrail);
            if trail_token.is_some_and(|token| owns(token) && !exceeds_ttl(token)) {
                return Some(Principal::AuditTrail(id));
            }
            let token = organization.token_mut(TokenKind::Organization).as_mut();
            if let Some(token) = token.filter(|token| owns(token)) {
                token.last_used_at = Some(now);
                return Some(Principal::Organization(id));
            }
        }
        None
    }

    /// Returns what the owner of a secret may do in an organization; `None` if the organization is hidden from it.
    pub(crate) fn access(&self, who: &Principal, organization: &Organization) -> Option<Access> {
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
            Principal::AuditTrail(id) => match self.settings.trail_token_on_organization {
                TrailTokenOnOrganization::NotFound => None,
                TrailTokenOnOrganization::Views => {
                    (*id == organization.external_id).then_some(Access::Views)
                }
            },
        }
    }

    /// Generates a token, which replaces the current one; `None` if there is no such organization.
    pub(crate) fn regenerate(
        &mut self,
        organization: &str,
        kind: TokenKind,
        expired_at: Option<DateTime<Utc>>,
        by: &Author,
    ) -> Option<Token> {
        let organization = &self.own_name(organization)?;
        let now = self.clock.now();
        let default = || match self.settings.default_expiry {
            DefaultExpiry::TwoYears => now.checked_add_months(Months::new(24)),
            DefaultExpiry::Never => None,
        };
        let end = expired_at.or_else(default);
        let expired_at = match self
            .settings
            .maximum_ttl
            .filter(|_| kind == TokenKind::AuditTrail)
        {
            Some(ttl) => Some(end.unwrap_or(DateTime::<Utc>::MAX_UTC).min(later(now, ttl))),
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
        let current = self.organization_mut(organization)?.token_mut(kind);
        let replaced = current.replace(token.clone());
        if let Some(replaced) = &replaced {
            self.record_token(organization, "destroy", &replaced.id, by);
        }
        self.record_change(organization, kind, replaced, Some(token.clone()));
        self.record_token(organization, "create", &token.id, by);
        Some(token)
    }

    /// Deletes a token; `None` if there is no such organization or no token.
    pub(crate) fn revoke(
        &mut self,
        organization: &str,
        kind: TokenKind,
        by: &Author,
    ) -> Option<Token> {
        let organization = &self.own_name(organization)?;
        let token = self
            .organization_mut(organization)?
            .token_mut(kind)
            .take()?;
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
        self.token_changes.push(TokenChange {
            organization: organization.to_owned(),
            kind,
            requests: self.requests.len(),
            before,
            after,
        });
    }

    /// Records an event of a token. The documented actions are create, show and destroy; we read that list so that a
    /// regeneration is a destroy and a create.
    pub(crate) fn record_token(
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
    pub(crate) fn add_event(
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
    pub(crate) fn record_request(&mut self, request: &Request) -> RecordedRequest {
        self.request_count += 1;
        let record = RecordedRequest::new(self.request_count, request, &self.secrets);
        self.requests.push(record.clone());
        record
    }

    /// Records a request's response, and returns the record; `None` if it was forgotten since. `answered` says that the
    /// response is the service's own and arrives whole.
    pub(crate) fn record_response(
        &mut self,
        number: u64,
        response: Option<&Response>,
        answered: bool,
    ) -> Option<RecordedRequest> {
        let record = self.requests.iter_mut().find(|r| r.number == number)?;
        record.status = response.map(|response| response.status.as_u16());
        record.answered = answered && response.is_some();
        let header = |name| response.and_then(|response| response.header(name));
        record.app_name = header("tfp-appname");
        record.is_enterprise = header("x-tfe-version").is_some();
        Some(record.clone())
    }
}

/// Who makes a change, as documents and events name it.
#[derive(Clone, Debug)]
pub(crate) struct Author {
    pub(crate) id: String,
    /// The JSON:API type of `created-by`.
    pub(crate) kind: &'static str,
    pub(crate) request_id: Option<String>,
}

impl Author {
    /// Returns another user, who works in the user interface.
    pub(crate) fn elsewhere(state: &mut ServiceState) -> Self {
        Self {
            id: state.random.id("user"),
            kind: "users",
            request_id: None,
        }
    }
}
