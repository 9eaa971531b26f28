//! What an administrator does beside the API: organizations, callers, tokens, events.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Simulator;
use super::caller::{Access, Caller};
use super::event::{Event, RecordedEvent};
use super::organization::{Organization, TokenKind};
use super::secret::Secret;
use super::series::Series;
use super::token::Token;
use super::world::Author;

/// Organizations, who may call, their tokens and their trail.
impl Simulator {
    // Organizations

    /// Adds an organization, by its name or as described.
    pub fn add_organization(&self, organization: impl Into<Organization>) {
        self.world(|w| w.add_organization(organization.into()));
    }

    /// Renames an organization; its external id, tokens and trail stay.
    #[track_caller]
    pub fn rename_organization(&self, name: &str, new_name: &str) {
        found(name, self.world(|w| w.rename_organization(name, new_name)));
    }

    /// Deletes an organization and its tokens.
    #[track_caller]
    pub fn delete_organization(&self, name: &str) {
        let deleted = self.world(|w| {
            let index = w.organizations.iter().position(|o| o.name == name)?;
            Some(w.organizations.remove(index))
        });
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

    /// Takes away the entitlement `audit-logging`.
    #[track_caller]
    pub fn withdraw_audit_logging(&self, organization: &str) {
        self.organization(organization, |o| o.audit_logging = false);
    }

    /// Gives the entitlement `audit-logging`.
    #[track_caller]
    pub fn grant_audit_logging(&self, organization: &str) {
        self.organization(organization, |o| o.audit_logging = true);
    }

    /// The id of an organization that a rename does not change.
    #[track_caller]
    pub fn external_id(&self, organization: &str) -> String {
        self.organization(organization, |o| o.external_id.clone())
    }

    // Callers

    /// Adds the API token of a user or a team.
    pub fn add_caller(&self, caller: Caller) {
        self.world(|w| w.add_caller(caller));
    }

    /// Adds the token of a user who owns every organization; short for [`Caller::owner`].
    pub fn add_owner_token(&self, secret: &str) {
        self.add_caller(Caller::owner(secret));
    }

    /// Removes a user's or team's token: from now on it answers 401.
    pub fn remove_caller(&self, secret: &str) {
        let secret = Secret::from(secret);
        self.world(|w| w.callers.retain(|caller| caller.secret != secret));
    }

    /// Changes what a caller may do in an organization; `None`: not even see it.
    ///
    /// # Panics
    ///
    /// If no caller has this secret.
    #[track_caller]
    pub fn set_access(&self, secret: &str, organization: &str, access: impl Into<Option<Access>>) {
        let secret = Secret::from(secret);
        let access = access.into();
        let known = self.world(|w| {
            let caller = w.callers.iter_mut().find(|c| c.secret == secret)?;
            caller.set_access(organization, access);
            Some(())
        });
        known.expect("a caller with this secret");
    }

    // Tokens

    /// The audit trail token that an organization has.
    #[track_caller]
    pub fn audit_trail_token(&self, organization: &str) -> Option<Token> {
        self.organization(organization, |o| o.trail_token.clone())
    }

    /// The main token that an organization has.
    #[track_caller]
    pub fn organization_token(&self, organization: &str) -> Option<Token> {
        self.organization(organization, |o| o.main_token.clone())
    }

    /// Somebody else generates the audit trail token anew, with the default expiry.
    #[track_caller]
    pub fn regenerate_elsewhere(&self, organization: &str) -> Token {
        self.generate(organization, TokenKind::AuditTrail, None)
    }

    /// Somebody else generates the audit trail token anew, with an expiry.
    #[track_caller]
    pub fn regenerate_elsewhere_until(
        &self,
        organization: &str,
        expired_at: DateTime<Utc>,
    ) -> Token {
        self.generate(organization, TokenKind::AuditTrail, Some(expired_at))
    }

    /// Somebody generates the organization's main token anew.
    #[track_caller]
    pub fn regenerate_organization_token(&self, organization: &str) -> Token {
        self.generate(organization, TokenKind::Main, None)
    }

    /// Somebody else deletes the audit trail token, if there is one.
    #[track_caller]
    pub fn revoke_elsewhere(&self, organization: &str) {
        self.organization(organization, |_| ());
        self.world(|w| {
            let author = Author::elsewhere(w);
            w.revoke(organization, TokenKind::AuditTrail, &author);
        });
    }

    /// Marks the audit trail token as used at a time.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn use_token(&self, organization: &str, at: DateTime<Utc>) {
        let used = self.organization(organization, |o| {
            o.trail_token.as_mut()?.last_used_at = Some(at);
            Some(())
        });
        used.expect("an audit trail token to use");
    }

    // The audit trail

    /// Adds an event to an organization's audit trail.
    #[track_caller]
    pub fn add_event(&self, organization: &str, event: Event) {
        let added = self.world(|w| w.add_event(organization, event, None));
        found(organization, added);
    }

    /// The events of an organization's audit trail that are still kept, as documents, newest first;
    /// without those of a series, which are made when they are read.
    #[track_caller]
    pub fn events(&self, organization: &str) -> Vec<Value> {
        let id = self.external_id(organization);
        self.world(|w| {
            let now = w.clock.now();
            let is_kept = |event: &&RecordedEvent| {
                let age = now.signed_duration_since(event.at).to_std();
                age.is_ok_and(|age| age <= w.settings.retention)
            };
            let events = w.events.iter().rev();
            let mut events: Vec<_> = events
                .filter(|event| event.organization_id == id)
                .filter(is_kept)
                .collect();
            events.sort_by_key(|event| Reverse(event.at));
            let style = w.settings.timestamps;
            events
                .into_iter()
                .map(|event| event.document(style))
                .collect()
        })
    }

    /// Gives an organization's audit trail a series of computed events beside those that are
    /// recorded, in the place of any series before it.
    #[track_caller]
    pub fn set_series(&self, organization: &str, series: Series) {
        self.organization(organization, |o| o.series = Some(series));
    }

    #[track_caller]
    fn generate(
        &self,
        organization: &str,
        kind: TokenKind,
        expired_at: Option<DateTime<Utc>>,
    ) -> Token {
        let token = self.world(|w| {
            let author = Author::elsewhere(w);
            w.regenerate(organization, kind, expired_at, &author)
        });
        found(organization, token)
    }

    #[track_caller]
    fn organization<T>(&self, name: &str, act: impl FnOnce(&mut Organization) -> T) -> T {
        found(name, self.world(|w| w.organization_mut(name).map(act)))
    }
}

#[track_caller]
fn found<T>(organization: &str, result: Option<T>) -> T {
    match result {
        Some(result) => result,
        None => panic!("the simulator has no organization {organization:?}"),
    }
}
