//! [`Caller`]: an API token of a user or a team, and what it may do in which organization.
//!
//! The tokens of organizations are in `token`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::secret::Secret;

/// What a caller may do in one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Sees the organization, whose document says `can-update-api-token: false`; requests for its tokens get a 404.
    Views,
    /// Manages its tokens; the document says `can-update-api-token: true`.
    Manages,
    /// Manages its tokens; the document has no `can-update-api-token`.
    ManagesUnstated,
}

/// An API token of a user or a team.
///
/// ```
/// use tfe_simulator::{Access, Caller};
///
/// let owner = Caller::owner("secret-of-an-owner");
/// let viewer = Caller::user("secret-of-a-member").access("my-org-name", Access::Views);
/// let team = Caller::team("secret-of-a-team").access("my-org-name", Access::Manages);
/// # let _ = (owner, viewer, team);
/// ```
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) secret: Secret,
    /// Empty until the caller is added.
    pub(crate) id: String,
    pub(crate) is_team: bool,
    everywhere: Option<Access>,
    per_organization: BTreeMap<String, Option<Access>>,
    expires_at: Option<DateTime<Utc>>,
}

impl Caller {
    /// Creates the token of a user who owns every organization, including those that are added later.
    pub fn owner(secret: &str) -> Self {
        Self {
            everywhere: Some(Access::Manages),
            ..Self::user(secret)
        }
    }

    /// Creates the token of a user who sees no organization until [`Caller::access`] says so.
    pub fn user(secret: &str) -> Self {
        Self {
            secret: Secret::from(secret),
            id: String::new(),
            is_team: false,
            everywhere: None,
            per_organization: BTreeMap::new(),
            expires_at: None,
        }
    }

    /// Creates the token of a team, which sees no organization until [`Caller::access`] says so.
    pub fn team(secret: &str) -> Self {
        Self {
            is_team: true,
            ..Self::user(secret)
        }
    }

    /// Sets what it may do in one organization; `None` hides the organization from it.
    pub fn access(mut self, organization: &str, access: impl Into<Option<Access>>) -> Self {
        self.set_access(organization, access.into());
        self
    }

    /// Sets when it expires, by the simulator's clock; from then on, requests with it get a 401.
    pub fn expires_at(mut self, time: DateTime<Utc>) -> Self {
        self.expires_at = Some(time);
        self
    }

    pub(crate) fn set_access(&mut self, organization: &str, access: Option<Access>) {
        self.per_organization
            .insert(organization.to_owned(), access);
    }

    pub(crate) fn access_to(&self, organization: &str) -> Option<Access> {
        self.per_organization
            .get(organization)
            .copied()
            .unwrap_or(self.everywhere)
    }

    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    pub(crate) fn rename_organization(&mut self, old: &str, new: &str) {
        if let Some(access) = self.per_organization.remove(old) {
            self.per_organization.insert(new.to_owned(), access);
        }
    }
}

/// The owner of a request's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Principal {
    /// A user or a team, with its ID.
    Caller { id: String, is_team: bool },
    /// An organization by its organization token, with its external ID.
    Organization(String),
    /// A reader of the audit trail by an organization's audit trail token, with the organization's external ID.
    AuditTrail(String),
}
