//! [`Model`] and [`Identity`]: the managed resource's attributes, and what identifies it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::{AuditTrailToken, Hostname, Secret, ServiceHost};
use crate::provider::diagnostics::{self, Replaced, StateToken};
use crate::provider::expiry;
use crate::provider::known_objects::NamedToken;
use tfplugin::{Attr, Diagnostic, Sensitive};

/// A `tfe_audit_trail_token`, as configured, planned or in state.
///
/// In a state that hashicorp/tfe wrote, the attributes that it lacks are null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Model {
    /// The organization's name, as in hashicorp/tfe.
    pub(crate) id: Attr<String>,
    pub(crate) organization: Attr<String>,
    pub(crate) expired_at: Attr<String>,
    pub(crate) force_regenerate: Attr<bool>,
    pub(crate) regenerate_triggers: Attr<BTreeMap<String, Attr<String>>>,
    pub(crate) seal_token: Attr<bool>,
    /// Null if it is sealed, was lost, or was never known because the token was imported.
    pub(crate) token: Attr<Sensitive<String>>,
    /// Null unless sealed.
    pub(crate) sealed_token: Attr<String>,
    /// Identifies the token, together with `created_at`. Null in a state of hashicorp/tfe.
    pub(crate) token_id: Attr<String>,
    pub(crate) created_at: Attr<String>,
    /// When the secret was generated, in seconds since 1970. Only a generation changes it. Null in a state of hashicorp/tfe.
    pub(crate) secret_version: Attr<i64>,
    /// A [`Status`]. Null in a state of hashicorp/tfe, which counts as current.
    pub(crate) status: Attr<String>,
}

/// The status of the token in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is the organization's token.
    Current,
    /// Another token replaced it.
    Replaced,
    /// It is the organization's token, and expired.
    Expired,
    /// The provider generated it, but its secret never arrived.
    SecretLost,
}

impl Status {
    const ALL: [Self; 4] = [
        Self::Current,
        Self::Replaced,
        Self::Expired,
        Self::SecretLost,
    ];

    /// Returns the text in the state.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
            Self::SecretLost => "secret_lost",
        }
    }

    /// Returns the status of the organization's token itself.
    pub(crate) fn of(token: &AuditTrailToken, now: DateTime<Utc>) -> Self {
        match token.expired_at {
            Some(expired_at) if expiry::is_past(expired_at, now) => Self::Expired,
            _ => Self::Current,
        }
    }
}

impl From<Status> for Attr<String> {
    fn from(status: Status) -> Self {
        Attr::Known(status.name().to_owned())
    }
}

impl Model {
    /// Returns the object for an organization's token that was read, not generated.
    pub(crate) fn without_secret(
        organization: &str,
        token: &AuditTrailToken,
        now: DateTime<Utc>,
    ) -> Self {
        let mut model = Self {
            id: Attr::Known(organization.to_owned()),
            organization: Attr::Known(organization.to_owned()),
            status: Status::of(token, now).into(),
            ..Self::default()
        };
        model.identify(token);
        model
    }

    /// Returns the status in a state.
    pub(crate) fn status(&self) -> Status {
        let name = self.status.as_deref();
        Status::ALL
            .into_iter()
            .find(|status| name == Some(status.name()))
            .unwrap_or(Status::Current)
    }

    /// Returns the organization of an object in a state.
    ///
    /// # Errors
    ///
    /// Returns an error if the state names none, which only an edited state can cause.
    pub(crate) fn organization_in_state(&self) -> Result<&str, Diagnostic> {
        self.organization
            .as_deref()
            .or(self.id.as_deref())
            .ok_or_else(diagnostics::no_organization_in_state)
    }

    /// Whether `force_regenerate` becomes true: it is true in `self`, a plan or configuration, and was not in `state`.
    pub(crate) fn forces(&self, state: &Self) -> bool {
        self.force_regenerate == Attr::Known(true) && state.force_regenerate != Attr::Known(true)
    }

    /// Whether the object has the secret, in plain text or sealed.
    pub(crate) fn holds_secret(&self) -> bool {
        self.token.is_known() || self.sealed_token.is_known()
    }

    /// Whether the object was imported, so that it follows the organization's token, whichever it is. A token that was
    /// generated here is not followed, even if its secret was lost or another token replaced it.
    pub(crate) fn may_follow(&self) -> bool {
        !self.holds_secret() && matches!(self.status(), Status::Current | Status::Expired)
    }

    /// Returns the secret, if the state has it in plain text.
    pub(crate) fn secret(&self) -> Option<Secret> {
        let token = self.token.known()?.expose();
        Some(Secret::new(token.clone())).filter(|secret| !secret.expose().is_empty())
    }

    /// Returns when the token in the state was generated.
    pub(crate) fn created_at(&self) -> Option<DateTime<Utc>> {
        expiry::parse_stored(self.created_at.as_deref()?)
    }

    /// Returns the token that the state names.
    pub(super) fn named_token(&self) -> NamedToken {
        NamedToken::new(self.token_id.as_deref(), self.created_at())
    }

    /// Sets the attributes that identify the token. An expiry that is known already keeps its spelling: it cannot change in
    /// the life of a token. A `secret_version` that is known already stays too: a read brings no new secret.
    pub(crate) fn identify(&mut self, token: &AuditTrailToken) {
        self.token_id = Attr::Known(token.id.clone());
        self.created_at = Attr::Known(expiry::format(token.created_at));
        if !self.secret_version.is_known() {
            self.secret_version = Attr::Known(token.created_at.timestamp());
        }
        if !self.expired_at.is_known() {
            self.expired_at = token.expired_at.map(expiry::format).into();
        }
    }

    /// Gives a new secret another version than the one before, also if both were generated within a second.
    pub(crate) fn distinguish_version(&mut self, before: &Self) {
        if self.secret_version == before.secret_version {
            self.secret_version = self.secret_version.map(|version| version + 1);
        }
    }

    /// Describes, for a diagnostic, that the organization's token is not the one in this state.
    pub(crate) fn replaced_by<'a>(
        &'a self,
        organization: &'a str,
        current: &'a AuditTrailToken,
    ) -> Replaced<'a> {
        Replaced {
            organization,
            state: self.state_token(),
            current,
        }
    }

    /// Returns the token in the state, for a diagnostic.
    pub(crate) fn state_token(&self) -> StateToken<'_> {
        StateToken {
            id: self.token_id.as_deref(),
            created_at: self.created_at.as_deref(),
        }
    }
}

/// Identifies an audit trail token: the organization and its host. An organization has only one such token, so the
/// token's own ID is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// Terraform's name for the service, normalised, not the host of its API. An import may leave it out.
    pub(crate) hostname: Option<String>,
    pub(crate) organization: String,
}

impl Identity {
    /// Whether it is about an organization on this host, however the host is spelled.
    pub(super) fn is_on(&self, host: &Hostname) -> bool {
        let named = self.hostname.as_deref().map(ServiceHost::named);
        named.is_none_or(|named| named.has_name(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_back_from_its_name_and_null_is_current() {
        for status in Status::ALL {
            let state = Model {
                status: status.into(),
                ..Model::default()
            };
            assert_eq!(state.status(), status);
        }
        assert_eq!(Model::default().status(), Status::Current);
    }

    #[test]
    fn only_an_imported_object_follows() {
        let with = |status: Status, token: Attr<&str>| Model {
            status: status.into(),
            sealed_token: token.map(str::to_owned),
            ..Model::default()
        };
        assert!(with(Status::Current, Attr::Null).may_follow());
        assert!(with(Status::Expired, Attr::Null).may_follow());
        assert!(!with(Status::SecretLost, Attr::Null).may_follow());
        assert!(!with(Status::Replaced, Attr::Null).may_follow());
        assert!(!with(Status::Current, Attr::Known("sealed")).may_follow());
    }

    #[test]
    fn only_a_force_regenerate_that_becomes_true_forces() {
        let with = |force_regenerate| Model {
            force_regenerate,
            ..Model::default()
        };
        let (yes, no, null) = (
            with(Attr::Known(true)),
            with(Attr::Known(false)),
            with(Attr::Null),
        );
        assert!(yes.forces(&null) && yes.forces(&no));
        assert!(!yes.forces(&yes) && !no.forces(&yes) && !null.forces(&yes));
        assert!(!with(Attr::Unknown).forces(&null));
    }

    #[test]
    fn another_spelling_of_a_host_is_the_same_host() {
        let host = Hostname::parse("app.terraform.io").unwrap();
        let check = |hostname: Option<&str>, expected: bool| {
            let identity = Identity {
                hostname: hostname.map(str::to_owned),
                organization: "my-org-name".to_owned(),
            };
            assert_eq!(identity.is_on(&host), expected, "{hostname:?}");
        };
        check(None, true);
        check(Some("app.terraform.io"), true);
        check(Some(" App.Terraform.IO:443"), true);
        check(Some("app.terraform.io:8443"), false);
        check(Some("app.eu.terraform.io"), false);
        check(Some(""), false);
        check(Some("https://app.terraform.io"), false);
    }
}
