//! [`Model`]: the managed resource's attributes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::{AuditTrailToken, Secret};
use crate::provider::{diagnostics, expiry};
use tfplugin::{Attr, Diagnostic, Sensitive};

/// A `tfe_audit_trail_token`, as configured, planned or in state.
///
/// A state may have been written by hashicorp/tfe: what that provider lacks is then null.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Model {
    /// The organization's name, as hashicorp/tfe has it.
    pub(crate) id: Attr<String>,
    pub(crate) organization: Attr<String>,
    pub(crate) expired_at: Attr<String>,
    pub(crate) force_regenerate: Attr<bool>,
    pub(crate) regenerate_triggers: Attr<BTreeMap<String, Attr<String>>>,
    pub(crate) seal_token: Attr<bool>,
    /// Null when sealed, lost or never ours.
    pub(crate) token: Attr<Sensitive<String>>,
    /// Null unless sealed.
    pub(crate) sealed_token: Attr<String>,
    /// With `created_at`: which token this is. Null in a state of hashicorp/tfe.
    pub(crate) token_id: Attr<String>,
    pub(crate) created_at: Attr<String>,
    /// A [`Status`]; null in a state of hashicorp/tfe, which counts as current.
    pub(crate) status: Attr<String>,
}

/// What is known of the token in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// It is the organization's token.
    Current,
    /// Another token has taken its place.
    Replaced,
    /// It is the organization's token, and dead.
    Expired,
    /// We generated it, but its secret never arrived.
    SecretLost,
}

impl Status {
    const ALL: [Self; 4] = [
        Self::Current,
        Self::Replaced,
        Self::Expired,
        Self::SecretLost,
    ];

    /// How it is written in the state.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
            Self::SecretLost => "secret_lost",
        }
    }

    /// The status of the organization's token itself.
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
    /// The object of an organization's token that was found, not generated.
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

    /// The status in a state.
    pub(crate) fn status(&self) -> Status {
        let name = self.status.as_deref();
        Status::ALL
            .into_iter()
            .find(|status| name == Some(status.name()))
            .unwrap_or(Status::Current)
    }

    /// The organization of an object in a state.
    pub(crate) fn organization_in_state(&self) -> Result<&str, Diagnostic> {
        self.organization
            .as_deref()
            .or(self.id.as_deref())
            .ok_or_else(diagnostics::no_organization_in_state)
    }

    /// Whether the practitioner asks for a regeneration by what `self`, a plan or configuration,
    /// says and `state` does not.
    pub(crate) fn forces(&self, state: &Self) -> bool {
        self.force_regenerate == Attr::Known(true) && state.force_regenerate != Attr::Known(true)
    }

    /// Whether the secret is held, in whichever form.
    pub(crate) fn holds_secret(&self) -> bool {
        self.token.is_known() || self.sealed_token.is_known()
    }

    /// The secret, where the state has it in the open.
    pub(crate) fn secret(&self) -> Option<Secret> {
        let token = self.token.known()?.expose();
        Some(Secret::new(token.clone())).filter(|secret| !secret.expose().is_empty())
    }

    /// When the token in the state was generated.
    pub(crate) fn created(&self) -> Option<DateTime<Utc>> {
        expiry::parse_stored(self.created_at.as_deref()?)
    }

    /// Takes over which token it is. A date that is there already stays as it is spelled: the
    /// expiry of a token cannot change.
    pub(crate) fn identify(&mut self, token: &AuditTrailToken) {
        self.token_id = Attr::Known(token.id.clone());
        self.created_at = Attr::Known(expiry::format(token.created_at));
        if !self.expired_at.is_known() {
            self.expired_at = token.expired_at.map(expiry::format).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_as_it_was_written_and_null_is_current() {
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
    fn only_becoming_true_forces() {
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
}
