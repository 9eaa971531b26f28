//! [`Service`]: the pretend service, apart from its API: what administrators and other users do to it.

use std::cmp::Reverse;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::caller::{Access, Caller};
use crate::event::{Event, RecordedEvent};
use crate::event_series::EventSeries;
use crate::organization::Organization;
use crate::record::{RecordedRequest, TokenChange};
use crate::secret::Secret;
use crate::service_state::{Author, RETENTION, ServiceState};
use crate::settings::Settings;
use crate::token::{Token, TokenKind};

/// The pretend service behind the server: organizations, callers, their tokens, the audit trail, and a clock.
///
/// A [`Simulator`](crate::Simulator) dereferences to it, and [`Fault::meanwhile`](crate::Fault::meanwhile) gets it.
/// Clones are handles to the same one.
///
/// # Panics
///
/// Methods that name an organization panic if there is none of that name: that is a mistake in the test.
#[derive(Clone)]
pub struct Service(Arc<Mutex<ServiceState>>);

impl Service {
    pub(crate) fn new(state: ServiceState) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    /// Locks the state. A panic of another holder does not matter: a request is one step.
    pub(crate) fn state(&self) -> MutexGuard<'_, ServiceState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the settings, from the next request on.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.state().settings);
    }
}

/// # The clock
impl Service {
    /// Returns the time that the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.state().clock.now()
    }

    /// Sets the clock.
    pub fn set_clock(&self, time: DateTime<Utc>) {
        self.state().clock.set(time);
    }

    /// Moves the clock forward; the rate limit's window moves too.
    pub fn advance(&self, by: Duration) {
        self.state().clock.advance(by);
    }
}

/// # Records
impl Service {
    /// Returns the requests so far, in the order of arrival, without their secrets.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Returns the changes of tokens since [`clear_requests`](Self::clear_requests), by requests and by others.
    pub fn token_changes(&self) -> Vec<TokenChange> {
        self.state().token_changes.clone()
    }

    /// Forgets the requests and the changes of tokens so far.
    pub fn clear_requests(&self) {
        let mut state = self.state();
        state.requests.clear();
        state.token_changes.clear();
    }

    /// Returns how many connections clients have opened so far.
    pub fn connections(&self) -> usize {
        self.state().connections
    }
}

/// # Organizations
impl Service {
    /// Adds an organization, by its name or as described.
    pub fn add_organization(&self, organization: impl Into<Organization>) {
        self.state().add_organization(organization.into());
    }

    /// Renames an organization; its external ID, tokens and audit trail stay.
    #[track_caller]
    pub fn rename_organization(&self, name: &str, new_name: &str) {
        let renamed = self.state().rename_organization(name, new_name);
        found(name, renamed);
    }

    /// Deletes an organization and its tokens.
    #[track_caller]
    pub fn delete_organization(&self, name: &str) {
        let deleted = self.state().delete_organization(name);
        found(name, deleted);
    }

    /// Hides an organization from everybody, as if it did not exist.
    #[track_caller]
    pub fn hide_organization(&self, name: &str) {
        self.organization(name, |o| o.hidden = true);
    }

    /// Shows a hidden organization again.
    #[track_caller]
    pub fn show_organization(&self, name: &str) {
        self.organization(name, |o| o.hidden = false);
    }

    /// Withdraws the entitlement `audit-logging`.
    #[track_caller]
    pub fn withdraw_audit_logging(&self, organization: &str) {
        self.organization(organization, |o| o.audit_logging = false);
    }

    /// Grants the entitlement `audit-logging`.
    #[track_caller]
    pub fn grant_audit_logging(&self, organization: &str) {
        self.organization(organization, |o| o.audit_logging = true);
    }

    /// Returns the ID of an organization, which a rename does not change.
    #[track_caller]
    pub fn external_id(&self, organization: &str) -> String {
        self.organization(organization, |o| o.external_id.clone())
    }

    #[track_caller]
    fn organization<T>(&self, name: &str, act: impl FnOnce(&mut Organization) -> T) -> T {
        let done = self.state().organization_mut(name).map(act);
        found(name, done)
    }
}

/// # Callers
impl Service {
    /// Adds the API token of a user or a team.
    pub fn add_caller(&self, caller: Caller) {
        self.state().add_caller(caller);
    }

    /// Adds the token of a user who owns every organization; short for [`Caller::owner`].
    pub fn add_owner_token(&self, secret: &str) {
        self.add_caller(Caller::owner(secret));
    }

    /// Removes a user's or team's token: requests with it get a 401 from now on.
    pub fn remove_caller(&self, secret: &str) {
        let secret = Secret::from(secret);
        self.state()
            .callers
            .retain(|caller| caller.secret != secret);
    }

    /// Changes what a caller may do in an organization; `None` hides the organization from the caller.
    ///
    /// # Panics
    ///
    /// If no caller has this secret.
    #[track_caller]
    pub fn set_access(&self, secret: &str, organization: &str, access: impl Into<Option<Access>>) {
        let secret = Secret::from(secret);
        let mut state = self.state();
        let mut callers = state.callers.iter_mut();
        let caller = callers.find(|caller| caller.secret == secret);
        caller
            .expect("a caller with this secret")
            .set_access(organization, access.into());
    }
}

/// # Tokens
impl Service {
    /// Returns the audit trail token that an organization has.
    #[track_caller]
    pub fn audit_trail_token(&self, organization: &str) -> Option<Token> {
        self.organization(organization, |o| o.token(TokenKind::AuditTrail).cloned())
    }

    /// Returns the organization token that an organization has.
    #[track_caller]
    pub fn organization_token(&self, organization: &str) -> Option<Token> {
        self.organization(organization, |o| o.token(TokenKind::Organization).cloned())
    }

    /// Regenerates a token as another user would, with an expiry; `None`: with the default expiry.
    #[track_caller]
    pub fn regenerate(
        &self,
        organization: &str,
        kind: TokenKind,
        expired_at: Option<DateTime<Utc>>,
    ) -> Token {
        let token = {
            let mut state = self.state();
            let author = Author::elsewhere(&mut state);
            state.regenerate(organization, kind, expired_at, &author)
        };
        found(organization, token)
    }

    /// Regenerates the audit trail token as another user would, with the default expiry.
    #[track_caller]
    pub fn regenerate_elsewhere(&self, organization: &str) -> Token {
        self.regenerate(organization, TokenKind::AuditTrail, None)
    }

    /// Regenerates the audit trail token as another user would, with an expiry.
    #[track_caller]
    pub fn regenerate_elsewhere_until(
        &self,
        organization: &str,
        expired_at: DateTime<Utc>,
    ) -> Token {
        self.regenerate(organization, TokenKind::AuditTrail, Some(expired_at))
    }

    /// Regenerates the organization token as another user would, with the default expiry.
    #[track_caller]
    pub fn regenerate_organization_token(&self, organization: &str) -> Token {
        self.regenerate(organization, TokenKind::Organization, None)
    }

    /// Deletes a token as another user would, if there is one.
    #[track_caller]
    pub fn revoke(&self, organization: &str, kind: TokenKind) {
        self.organization(organization, |_| ());
        let mut state = self.state();
        let author = Author::elsewhere(&mut state);
        state.revoke(organization, kind, &author);
    }

    /// Deletes the audit trail token as another user would, if there is one.
    #[track_caller]
    pub fn revoke_elsewhere(&self, organization: &str) {
        self.revoke(organization, TokenKind::AuditTrail);
    }

    /// Marks a token as used at a time.
    ///
    /// # Panics
    ///
    /// If the organization has none.
    #[track_caller]
    pub fn mark_as_used(&self, organization: &str, kind: TokenKind, at: DateTime<Utc>) {
        let used = self.organization(organization, |o| {
            o.token_mut(kind).as_mut()?.last_used_at = Some(at);
            Some(())
        });
        used.expect("a token to use");
    }

    /// Marks the audit trail token as used at a time.
    ///
    /// # Panics
    ///
    /// If the organization has none.
    #[track_caller]
    pub fn use_token(&self, organization: &str, at: DateTime<Utc>) {
        self.mark_as_used(organization, TokenKind::AuditTrail, at);
    }
}

/// # The audit trail
impl Service {
    /// Adds an event to an organization's audit trail.
    #[track_caller]
    pub fn add_event(&self, organization: &str, event: Event) {
        let added = self.state().add_event(organization, event, None);
        found(organization, added);
    }

    /// Returns the events of an organization's audit trail within the retention of 14 days, as documents, newest
    /// first; without those of an [`EventSeries`].
    #[track_caller]
    pub fn events(&self, organization: &str) -> Vec<Value> {
        let id = self.external_id(organization);
        let state = self.state();
        let now = state.clock.now();
        let is_kept = |event: &&RecordedEvent| {
            let age = now.signed_duration_since(event.at).to_std();
            age.is_ok_and(|age| age <= RETENTION)
        };
        let events = state.events.iter().rev();
        let mut events: Vec<_> = events
            .filter(|event| event.organization_id == id)
            .filter(is_kept)
            .collect();
        events.sort_by_key(|event| Reverse(event.at));
        let style = state.settings.timestamps;
        events
            .into_iter()
            .map(|event| event.document(style))
            .collect()
    }

    /// Gives an organization's audit trail a series of computed events, beside those that are recorded, and in place
    /// of an earlier series.
    #[track_caller]
    pub fn set_event_series(&self, organization: &str, series: EventSeries) {
        self.organization(organization, |o| o.event_series = Some(series));
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

#[track_caller]
fn found<T>(organization: &str, result: Option<T>) -> T {
    match result {
        Some(result) => result,
        None => panic!("the simulator has no organization {organization:?}"),
    }
}
