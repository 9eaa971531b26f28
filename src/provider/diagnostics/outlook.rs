//! About what a plan sees ahead: the organization for which it is to create a token, and the token
//! that goes.

use super::{Cause, describe, named, ours};
use crate::client::AuditTrailToken;
use crate::provider::audit_trail_token::LastSeen;
use tfplugin::{Diagnostic, Path};

const NO_OUTLOOK: &str = "Unable to Look for an Existing Audit Trail Token";
const FOR_NOTHING: &str = "The Audit Trail Token Would Be Destroyed for Nothing";

pub(crate) fn no_outlook(organization: &str, cause: &Cause) -> Diagnostic {
    Diagnostic::warning(
        NO_OUTLOOK,
        cause.explain(
            &format!(
                "Whether the organization {organization} has an audit trail token already could not \
                 be looked up. The apply looks again, and generates nothing unless it can see."
            ),
            "The look failed",
        ),
    )
}

pub(crate) fn no_outlook_in_time(organization: &str) -> Diagnostic {
    Diagnostic::warning(
        NO_OUTLOOK,
        format!(
            "Whether the organization {organization} has an audit trail token already could not be \
             looked up: there was no answer for ten seconds. The apply looks again, and generates \
             nothing unless it can see."
        ),
    )
}

/// The resource moves to an organization that has a token.
pub(crate) fn moves_where_a_token_is(
    from: &str,
    id: Option<&str>,
    to: &str,
    token: &AuditTrailToken,
) -> Diagnostic {
    Diagnostic::error(
        FOR_NOTHING,
        format!(
            "The change of the organization replaces the resource: applying this plan would first destroy {} \
             of the organization {from}, and then fail, for the organization {to} has an audit \
             trail token already: {}. To invalidate that one, set force_regenerate = true. To keep \
             both, take this resource out of the state (terraform state rm, or a removed block) and \
             import the other.",
            ours(id),
            describe(token)
        ),
    )
    .at(Path::of("organization"))
}

/// The resource moves to an organization for which no token can be generated.
pub(crate) fn moves_nowhere(from: &str, id: Option<&str>, to: &str, cause: &Cause) -> Diagnostic {
    Diagnostic::error(
        FOR_NOTHING,
        cause.explain(
            &format!(
                "The change of the organization replaces the resource: applying this plan would first destroy \
                 {} of the organization {from}, and then fail to generate one for the organization \
                 {to}.",
                ours(id)
            ),
            "The look failed",
        ),
    )
    .at(Path::of("organization"))
}

/// The organization is not known yet.
pub(crate) fn may_move(from: &str, id: Option<&str>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token May Be Destroyed",
        format!(
            "The organization is not known yet, so Terraform plans to replace the resource: \
             applying this plan destroys {} of the organization {from}, even if it turns out to be \
             the same organization. To avoid that, apply first what the name comes from, for \
             instance with -target.",
            ours(id)
        ),
    )
    .at(Path::of("organization"))
}

/// What makes a token that the state only follows one's own.
const TO_KILL: &str = "To revoke it all the same, use the action tfe_revoke_audit_trail_token or the \
                       organization's settings; to own a token, set force_regenerate = true.";

/// A token goes from the state, and lives on.
pub(crate) fn will_leave_followed(organization: &str, seen: &LastSeen) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Will Be Left Alone",
        format!(
            "The organization {organization} has {}, which somebody put into the place of the \
             imported token. This configuration has neither generated nor imported it: applying \
             this plan takes it out of the state and does not delete it. {TO_KILL}",
            named_of(seen)
        ),
    )
}

/// A token went from the state, and lives on.
pub(crate) fn followed_left_alone(organization: &str, seen: &LastSeen) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Was Left Alone",
        format!(
            "The organization {organization} has {}, which somebody put into the place of the \
             imported token. This configuration has neither generated nor imported it, so it is \
             out of the state and was not deleted. {TO_KILL}",
            named_of(seen)
        ),
    )
}

fn named_of(seen: &LastSeen) -> String {
    named(
        &seen.token_id,
        &seen.created_at,
        seen.last_used_at.as_deref(),
    )
}

/// A token in use goes.
pub(crate) fn will_delete(organization: &str, seen: &LastSeen) -> Diagnostic {
    Diagnostic::warning(
        "An Audit Trail Token in Use Will Be Deleted",
        format!(
            "Applying this plan deletes the audit trail token of the organization {organization}, \
             {}. Whoever reads the audit trail with it is shut out.",
            named_of(seen)
        ),
    )
}
