//! About the action that revokes a token, and its progress.

use super::{Cause, TokenRef, describe};
use crate::client::AuditTrailToken;
use tfplugin::{Diagnostic, Path};

const NOT_READ: &str = "Unable to Look at the Audit Trail Token";

/// Returns the path of the argument that names the token.
fn token_id() -> Path {
    Path::of("token_id")
}

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

pub(crate) fn revocation_will_fail(token: TokenRef<'_>, other: &AuditTrailToken) -> Diagnostic {
    let TokenRef { organization, id } = token;
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

pub(crate) fn revoked_not_read(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::warning(
        NOT_READ,
        cause.into().explain(
            &format!(
                "Which audit trail token the organization {organization} has could not be looked \
                 up. The action looks again, and revokes nothing unless it can see."
            ),
            "The look failed",
        ),
    )
}

pub(crate) fn revoked_not_read_in_time(organization: &str) -> Diagnostic {
    Diagnostic::warning(
        NOT_READ,
        format!(
            "Which audit trail token the organization {organization} has could not be looked up: \
             there was no answer for ten seconds. The action looks again, and revokes nothing \
             unless it can see."
        ),
    )
}

/// An expression returned null.
pub(crate) fn no_token_to_revoke() -> Diagnostic {
    Diagnostic::error(
        "No Audit Trail Token to Revoke",
        "The argument token_id is null, so it is not known which token is to be revoked. Nothing \
         was revoked. Name the token by its ID, which a resource, a data source or terraform query \
         shows.",
    )
    .at(token_id())
}

/// The configured text may be a secret, so the diagnostic does not repeat it.
pub(crate) fn no_token_id() -> Diagnostic {
    Diagnostic::error(
        "Invalid Token ID",
        "The argument token_id is not the ID of a token: it is empty, has blanks in it, or has the \
         form of a secret. Nothing was changed. A secret does not belong here: the data source \
         tfe_audit_trail_token and terraform query show which ID the organization's token has.",
    )
    .at(token_id())
}

pub(crate) fn nothing_will_be_revoked(token: TokenRef<'_>) -> Diagnostic {
    let TokenRef { organization, id } = token;
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

/// Found before a request that would change anything.
pub(crate) fn another_is_live(token: TokenRef<'_>, other: &AuditTrailToken) -> Diagnostic {
    let TokenRef { organization, id } = token;
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

pub(crate) fn not_revoked(token: TokenRef<'_>, cause: impl Into<Cause>) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::error(
        "Error Revoking Audit Trail Token",
        cause.into().explain_with(
            &format!(
                "The audit trail token {id} may still be alive, if the organization {organization} has it."
            ),
            "The action can be repeated: it revokes this token and no other.",
            &format!("Couldn't revoke organization audit trail token {organization}"),
        ),
    )
}

/// A token that was replaced while the action revoked it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplacedWhileRevoking<'a> {
    pub(crate) organization: &'a str,
    /// The token when the action first read it.
    pub(crate) revoked: &'a AuditTrailToken,
    pub(crate) current: &'a AuditTrailToken,
}

pub(crate) fn replaced_while_revoking(replaced: ReplacedWhileRevoking<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Took the Place of the Revoked One",
        format!(
            "The audit trail token {} of the organization {} is dead. But while it was \
             being revoked, somebody generated another: {}. That one was left alone. If nobody of \
             yours did this, find out who generates tokens for the organization before anything \
             else.",
            describe(replaced.revoked),
            replaced.organization,
            describe(replaced.current)
        ),
    )
}

/// The request had been sent when the practitioner interrupted the run.
pub(crate) fn revoked_nevertheless(token: TokenRef<'_>) -> Diagnostic {
    let TokenRef { organization, id } = token;
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
pub(crate) fn reading(organization: &str) -> String {
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
