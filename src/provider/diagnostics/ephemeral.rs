//! About the ephemeral resource that generates a token.

use super::{Cause, TokenRef, describe, used_by};
use crate::client::AuditTrailToken;
use crate::provider::audit_trail_token::Use;
use tfplugin::Diagnostic;

/// The configuration that neither stores a secret nor invalidates a token at every run.
const SAFE_FORM: &str = r#"
  resource "tfe_audit_trail_token" "example" {
    seal_token = true
  }
  ephemeral "tfe_unsealed_audit_trail_token" "example" {
    sealed_token = tfe_audit_trail_token.example.sealed_token
    organization = tfe_audit_trail_token.example.organization
    token_id     = tfe_audit_trail_token.example.token_id
  }"#;

pub(crate) fn in_use(organization: &str, token: &AuditTrailToken, why: Use) -> Diagnostic {
    Diagnostic::error(
        "The Audit Trail Token Is in Use",
        format!(
            "The organization {organization} has the audit trail token {}. {} Opening this ephemeral \
             resource would invalidate it, and Terraform opens it in every plan and every apply. \
             Nothing was changed.\n\n\
             For a token that stays the same, with a secret that is not in the state either, use a \
             sealed one and its provider's sealing_key:\n{SAFE_FORM}\n\n\
             To invalidate a token in use at every plan and every apply nevertheless, set \
             force_regenerate = true.",
            describe(token),
            used_by(why)
        ),
    )
}

/// `opened` is the new token, `replaced` the one that it invalidated.
pub(crate) fn replaced_by_opening(opened: TokenRef<'_>, replaced: &AuditTrailToken) -> Diagnostic {
    let TokenRef { organization, id } = opened;
    Diagnostic::warning(
        "An Audit Trail Token Was Invalidated",
        format!(
            "Opening this ephemeral resource generated the audit trail token {id} for the \
             organization {organization}, which invalidated {}. Terraform opens it in every plan \
             and every apply. For a token that stays the same, with a secret that is not in the \
             state either, use a sealed one and its provider's sealing_key:\n{SAFE_FORM}",
            describe(replaced)
        ),
    )
}

/// The run is over, and its token may still work.
pub(crate) fn not_revoked_on_close(token: TokenRef<'_>, cause: impl Into<Cause>) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::warning(
        "The Audit Trail Token of This Run May Still Work",
        cause.into().explain_with(
            &format!(
                "The audit trail token {id} of the organization {organization} was generated for this run. \
                 revoke_on_close is true, but the token could not be revoked."
            ),
            &format!(
                "Revoke it with the action tfe_revoke_audit_trail_token and token_id = \"{id}\", or in \
                 the organization's settings. The next run refuses to replace it while it counts as in \
                 use."
            ),
            &format!("Couldn't revoke organization audit trail token {organization}"),
        ),
    )
}

/// Somebody replaced the token at once.
pub(crate) fn opened_invalid(opened: TokenRef<'_>, other: &AuditTrailToken) -> Diagnostic {
    let TokenRef { organization, id } = opened;
    Diagnostic::error(
        "The New Audit Trail Token Was Replaced at Once",
        format!(
            "The audit trail token {id} was generated for the organization {organization}, but by \
             now the organization has {}: somebody else generates tokens for it too, and the new \
             secret opens nothing. Find out who that is before you run this again.",
            describe(other)
        ),
    )
}
