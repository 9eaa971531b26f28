//! About the action that revokes a token: what it tells, and its progress.

use super::{Cause, describe};
use crate::client::AuditTrailToken;
use tfplugin::{Diagnostic, Path};

const NO_LOOK: &str = "Unable to Look at the Audit Trail Token";

/// The argument that names the token.
fn token_id() -> Path {
    Path::of("token_id")
}

/// A plan that was looked after.
pub(crate) fn will_revoke(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Will Be Revoked",
        format!(
            "This action revokes the audit trail token of the organization {organization}, {}. \
             Whoever reads the audit trail with it is shut out at once, and its secret cannot be \
             brought back.",
            describe(token)
        ),
    )
    .at(token_id())
}

pub(crate) fn revocation_will_fail(
    organization: &str,
    id: &str,
    other: &AuditTrailToken,
) -> Diagnostic {
    Diagnostic::warning(
        "The Revocation Will Fail",
        format!(
            "The organization {organization} has the audit trail token {}, not {id}: unless that \
             changes before, this action will fail and revoke nothing. To revoke that token, set \
             token_id = \"{}\".",
            describe(other),
            other.id
        ),
    )
    .at(token_id())
}

pub(crate) fn no_look_at_revoked(organization: &str, cause: &Cause) -> Diagnostic {
    Diagnostic::warning(
        NO_LOOK,
        cause.explain(
            &format!(
                "Which audit trail token the organization {organization} has could not be looked \
                 up. The action looks again, and revokes nothing unless it can see."
            ),
            "The look failed",
        ),
    )
}

pub(crate) fn no_look_at_revoked_in_time(organization: &str) -> Diagnostic {
    Diagnostic::warning(
        NO_LOOK,
        format!(
            "Which audit trail token the organization {organization} has could not be looked up: \
             there was no answer for ten seconds. The action looks again, and revokes nothing \
             unless it can see."
        ),
    )
}

/// A null that came from an expression.
pub(crate) fn no_token_to_revoke() -> Diagnostic {
    Diagnostic::error(
        "No Audit Trail Token to Revoke",
        "The argument token_id is null, so it is not known which token is to be revoked. Nothing \
         was revoked. Name the token by its ID, which a resource, a data source or terraform query \
         shows.",
    )
    .at(token_id())
}

/// What is configured may be a secret: it is not repeated.
pub(crate) fn no_token_id() -> Diagnostic {
    Diagnostic::error(
        "Invalid Token ID",
        "The argument token_id is not the ID of a token, which is at- and letters and digits. \
         Nothing was revoked. A secret does not belong here: the data source \
         tfe_audit_trail_token and terraform query show which ID the organization's token has.",
    )
    .at(token_id())
}

pub(crate) fn nothing_will_be_revoked(organization: &str, id: &str) -> Diagnostic {
    Diagnostic::warning(
        "Nothing Will Be Revoked",
        format!(
            "The organization {organization} has no audit trail token. If {id} was its token, it is \
             dead already; if it belongs to another organization, it is alive, and this action \
             will not revoke it."
        ),
    )
    .at(token_id())
}

/// Found out before anything was sent.
pub(crate) fn another_is_live(organization: &str, id: &str, other: &AuditTrailToken) -> Diagnostic {
    Diagnostic::error(
        "Another Audit Trail Token Is Live",
        format!(
            "The organization {organization} has the audit trail token {}, not {id}. Nothing was \
             revoked. An organization has one token at most: if {id} was one of this organization, \
             it is dead already; if it belongs to another organization, it is alive. If the other \
             one is to be revoked, set token_id = \"{}\".",
            describe(other),
            other.id
        ),
    )
    .at(token_id())
}

pub(crate) fn not_revoked(organization: &str, id: &str, cause: &Cause) -> Diagnostic {
    Diagnostic::error(
        "Error Revoking Audit Trail Token",
        cause.explain_with(
            &format!(
                "The audit trail token {id} may still be alive, if the organization {organization} has it."
            ),
            "The action can be repeated: it revokes this token and no other.",
            &format!("Couldn't revoke organization audit trail token {organization}"),
        ),
    )
}

/// It was there when the action looked first.
pub(crate) fn replaced_while_revoking(
    organization: &str,
    token: &AuditTrailToken,
    other: &AuditTrailToken,
) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Took the Place of the Revoked One",
        format!(
            "The audit trail token {} of the organization {organization} is dead. But while it was \
             being revoked, somebody generated another: {}. That one was left alone. If nobody of \
             yours did this, find out who generates tokens for the organization before anything \
             else.",
            describe(token),
            describe(other)
        ),
    )
}

/// The request had been sent when the practitioner interrupted the run.
pub(crate) fn revoked_nevertheless(organization: &str, id: &str) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Was Revoked Despite the Interrupt",
        format!(
            "The run was interrupted while the audit trail token {id} of the organization \
             {organization} was being revoked. What had been sent was not abandoned: the token is \
             dead."
        ),
    )
}

/// Progress.
pub(crate) fn looking(organization: &str) -> String {
    format!("Looking at the audit trail token of the organization {organization}.")
}

/// Progress.
pub(crate) fn revoking(organization: &str, token: &AuditTrailToken) -> String {
    format!(
        "Revoking the audit trail token {} of the organization {organization}.",
        describe(token)
    )
}

/// Progress.
pub(crate) fn revoked(id: &str) -> String {
    format!("Revoked: the audit trail token {id} is dead.")
}

/// Progress.
pub(crate) fn already_revoked(organization: &str) -> String {
    format!("The organization {organization} has no audit trail token: there is nothing to revoke.")
}
