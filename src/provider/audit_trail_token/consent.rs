//! [`Consent`]: which token a plan has named as the one that its apply invalidates.
//!
//! A practitioner who applies a plan agrees to what the plan names. Terraform 1.16 hands a plan's private data on to the
//! plan that it makes while applying, so the apply can compare. On other hosts there is no [`Consent`], and the apply only
//! warns.

use serde::{Deserialize, Serialize};

use super::model::Model;
use super::ownership::ObservedToken;
use crate::client::AuditTrailToken;
use crate::provider::known_objects::NamedToken;
use tfplugin::{ApplyContext, Diagnostics, PlanContext};

/// The key in the private data of a plan. The apply removes it, so it does not get into the state.
const KEY: &str = "consent";

/// The token that a plan has named, if it has named one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Consent {
    token: Option<NamedToken>,
}

impl Consent {
    /// Returns the consent to invalidate the token that an organization was seen to have.
    pub(super) fn to_existing(token: Option<&AuditTrailToken>) -> Self {
        Self {
            token: token.map(NamedToken::of),
        }
    }

    /// Returns the consent to invalidate the token that was observed, else the one in the state.
    pub(super) fn to_observed(observed: Option<&ObservedToken>, state: &Model) -> Self {
        Self {
            token: Some(observed.map_or_else(|| state.named_token(), ObservedToken::named)),
        }
    }

    /// Returns the consent of the plan that is applied. `None` while planning, and on hosts that do not hand it on.
    pub(super) fn planned(cx: &PlanContext) -> Option<Self> {
        cx.planned_private()?.get(KEY)
    }

    /// Stores the consent in the plan. While applying, the consent of the plan that is applied takes its place.
    pub(super) fn store(self, cx: &mut PlanContext) -> Result<(), Diagnostics> {
        if !cx.is_private_returned() {
            return Ok(());
        }
        let consent = Self::planned(cx).unwrap_or(self);
        cx.private_mut().set(KEY, &consent)
    }

    /// Takes the consent out of the data of an apply. `None`: this host does not hand it on.
    pub(super) fn take(cx: &mut ApplyContext) -> Option<Self> {
        let consent = cx.private().get(KEY);
        cx.private_mut().remove(KEY);
        consent
    }

    /// Whether the plan has named this token.
    pub(super) fn covers(&self, token: &AuditTrailToken) -> bool {
        self.token.as_ref().is_some_and(|named| named.is(token))
    }

    /// Names the token for a diagnostic: `at-1 (generated …)`.
    pub(super) fn named(&self) -> Option<String> {
        self.token.as_ref()?.describe()
    }
}
