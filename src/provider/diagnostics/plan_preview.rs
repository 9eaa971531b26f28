//! About the token that a plan will invalidate or delete.

use super::{Cause, StateToken, capitalised, describe, state_token, used_by, with_dates};
use crate::client::AuditTrailToken;
use crate::provider::audit_trail_token::{ObservedToken, Use};
use tfplugin::{Diagnostic, Path};

const NO_PREVIEW: &str = "Unable to Look for an Existing Audit Trail Token";
/// A resource that changes its organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrganizationChange<'a> {
    pub(crate) from: &'a str,
    /// The token in the state.
    pub(crate) token_id: Option<&'a str>,
    pub(crate) to: &'a str,
}

const FOR_NOTHING: &str = "The Audit Trail Token Would Be Destroyed for Nothing";

pub(crate) fn no_preview(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::warning(
        NO_PREVIEW,
        cause.into().explain(
            &format!(
                "Whether the organization {organization} has an audit trail token already could not \
                 be looked up. The apply looks again, and generates nothing unless it can see."
            ),
            "The look failed",
        ),
    )
}

pub(crate) fn no_preview_in_time(organization: &str) -> Diagnostic {
    Diagnostic::warning(
        NO_PREVIEW,
        format!(
            "Whether the organization {organization} has an audit trail token already could not be \
             looked up: there was no answer for ten seconds. The apply looks again, and generates \
             nothing unless it can see."
        ),
    )
}

/// The resource moves to an organization that has a token.
pub(crate) fn other_organization_has_token(
    change: OrganizationChange<'_>,
    token: &AuditTrailToken,
) -> Diagnostic {
    let OrganizationChange { from, token_id, to } = change;
    Diagnostic::error(
        FOR_NOTHING,
        format!(
            "The change of the organization replaces the resource: applying this plan would first destroy {} \
             of the organization {from}, and then fail, for the organization {to} has an audit \
             trail token already: {}. To invalidate that one, set force_regenerate = true. To keep \
             both, take this resource out of the state (terraform state rm, or a removed block) and \
             import the other.",
            state_token(token_id),
            describe(token)
        ),
    )
    .at(Path::of("organization"))
}

/// The resource moves to an organization for which no token can be generated.
pub(crate) fn other_organization_fails(
    change: OrganizationChange<'_>,
    cause: impl Into<Cause>,
) -> Diagnostic {
    let OrganizationChange { from, token_id, to } = change;
    Diagnostic::error(
        FOR_NOTHING,
        cause.into().explain(
            &format!(
                "The change of the organization replaces the resource: applying this plan would first destroy \
                 {} of the organization {from}, and then fail to generate one for the organization \
                 {to}.",
                state_token(token_id)
            ),
            "The look failed",
        ),
    )
    .at(Path::of("organization"))
}

/// The organization is not known yet.
pub(crate) fn may_change_organization(from: &str, token_id: Option<&str>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token May Be Destroyed",
        format!(
            "The organization is not known yet, so Terraform plans to replace the resource: \
             this change destroys {} of the organization {from}, even if it turns out to be \
             the same organization. To avoid that, apply first what the name comes from, for \
             instance with -target.",
            state_token(token_id)
        ),
    )
    .at(Path::of("organization"))
}

/// How to revoke a token that the state only follows, or to own one.
const TO_REVOKE: &str = "To revoke it all the same, use the action tfe_revoke_audit_trail_token or the \
                       organization's settings; to own a token, set force_regenerate = true.";

/// A plan that removes a token from the state and does not delete it.
pub(crate) fn will_leave_followed(organization: &str, token: &ObservedToken) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Is Left Alone",
        format!(
            "The organization {organization} has {}, which somebody put into the place of the \
             imported token. This configuration has neither generated nor imported it: this \
             change takes it out of the state and does not delete it. {TO_REVOKE}",
            describe_observed(token)
        ),
    )
}

/// A plan that destroys an object whose token another one has replaced.
pub(crate) fn will_leave_alone(
    organization: &str,
    id: Option<&str>,
    current: Option<&ObservedToken>,
) -> Diagnostic {
    let current = match current {
        Some(token) => format!("the token {}", describe_observed(token)),
        None => "another token".to_owned(),
    };
    Diagnostic::warning(
        "The Audit Trail Token Is Left Alone",
        format!(
            "{} is dead: the organization {organization} has {current} instead, which does not belong to \
             the object that is destroyed. This change takes the object out of the state and does not \
             delete that token. To revoke it all the same, use the action \
             tfe_revoke_audit_trail_token or the organization's settings.",
            capitalised(&state_token(id))
        ),
    )
}

/// The token was removed from the state and not deleted.
pub(crate) fn followed_left_alone(organization: &str, token: StateToken<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Was Left Alone",
        format!(
            "The organization {organization} has {}, which somebody put into the place of the \
             imported token. This configuration has neither generated nor imported it, so it is \
             out of the state and was not deleted. {TO_REVOKE}",
            token.with_its_date()
        ),
    )
}

/// An object is destroyed that may show the token of somebody else.
pub(crate) fn unknown_whose(organization: &str, token: StateToken<'_>) -> Diagnostic {
    Diagnostic::error(
        "Unknown Whose Audit Trail Token This Is",
        format!(
            "The object of the organization {organization} has {}. It has no secret, so it was imported. It \
             is tainted and was planned with -refresh=false, so nothing shows whether somebody has replaced \
             the imported token since. Nothing was deleted, and the state is kept. From now on the object \
             only follows the token. To keep the token, run \"terraform untaint\" with the address of the \
             resource. To generate a new one, which invalidates it, set force_regenerate = true.",
            token.with_its_date()
        ),
    )
}

/// The creation of a replacement would invalidate a token that was read only for it.
pub(crate) fn not_shown(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    Diagnostic::error(
        "The Plan Does Not Show the Token That It Invalidates",
        format!(
            "The organization {organization} has the audit trail token {}, which replaced the one in \
             the state and was not read by a refresh. Because of force_regenerate, the replacement of this \
             resource would invalidate it, and Terraform would show no warning. Plan again without \
             -refresh=false: the plan then names the token.",
            describe(token)
        ),
    )
}

/// Names a token that was read earlier, as [`describe`] does.
pub(super) fn describe_observed(token: &ObservedToken) -> String {
    with_dates(
        &token.token_id,
        &token.created_at,
        token.last_used_at.as_deref(),
    )
}

/// A plan that deletes a token in use.
pub(crate) fn will_delete(organization: &str, token: &ObservedToken, why: Use) -> Diagnostic {
    Diagnostic::warning(
        "An Audit Trail Token in Use Is Deleted",
        format!(
            "This change deletes the audit trail token of the organization {organization}, \
             {}. {} Nobody can read with it after that.",
            describe_observed(token),
            used_by(why)
        ),
    )
}
