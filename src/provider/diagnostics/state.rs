//! About reading, deleting and importing.

use std::fmt::Display;

use super::generation::TWO_OBJECTS;
use super::{Cause, Replaced, describe, quoted, state_token};
use crate::client::{AuditTrailToken, Hostname};
use tfplugin::Diagnostic;

pub(crate) fn not_read(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    let cause = cause.into();
    let advice = if cause.is_not_visible() {
        "If the organization was renamed, change \"organization\" and \"id\" in the state (terraform \
         state pull, edit, raise \"serial\" by one, terraform state push) and the name in the \
         configuration: the token stays the same."
    } else {
        ""
    };
    Diagnostic::error(
        "Error reading Organization Audit Trail Token",
        cause.explain_with(
            &format!(
                "The audit trail token of the organization {organization} could not be read; the \
                 state is kept as it is."
            ),
            advice,
            "Could not read Organization Audit Trail Token, unexpected error",
        ),
    )
}

/// A data source has no state to keep.
pub(crate) fn data_source_not_read(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        "Error reading Organization Audit Trail Token",
        cause.into().explain(
            &format!(
                "The audit trail token of the organization {organization} could not be read, so \
                 nothing is known of it."
            ),
            "Could not read Organization Audit Trail Token, unexpected error",
        ),
    )
}

pub(crate) fn gone(organization: &str, id: Option<&str>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Is Gone",
        format!(
            "The organization {organization} has no audit trail token any more: {} was deleted \
             outside of Terraform. It leaves the state, and creating it generates a new one.",
            state_token(id)
        ),
    )
}

/// About a state of hashicorp/tfe, which does not say which token its secret belongs to.
pub(crate) fn secret_not_tried(organization: &str, current: &AuditTrailToken) -> Diagnostic {
    Diagnostic::warning(
        "The Secret of the Audit Trail Token Was Not Tried",
        format!(
            "The state does not say which token its secret belongs to, and HCP Terraform's answer to \
             a request with the secret proved nothing. The state now names the token that the \
             organization {organization} has, {}. If that one was generated elsewhere, the secret in \
             the state is invalid: read the audit trail with it to find out.",
            describe(current)
        ),
    )
}

pub(crate) fn replaced(replaced: Replaced<'_>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Was Replaced",
        format!(
            "The organization {} has the audit trail token {}, not {}, which is dead. \
             It was replaced outside of Terraform, or by an apply whose state was lost.",
            replaced.organization,
            describe(replaced.current),
            replaced.state_token()
        ),
    )
}

/// The token that replaced the state's one is managed by another object of this configuration.
pub(crate) fn replaced_by_second_object(replaced: Replaced<'_>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Was Replaced",
        format!(
            "The organization {} has the audit trail token {}, not {}, which is dead. {TWO_OBJECTS} \
             The other one manages the new token. Remove this one from the configuration: destroying \
             it does not delete the token of the other one.",
            replaced.organization,
            describe(replaced.current),
            replaced.state_token()
        ),
    )
}

/// About an imported object, whose state follows the organization's token.
pub(crate) fn followed(replaced: Replaced<'_>) -> Diagnostic {
    Diagnostic::warning(
        "The Imported Audit Trail Token Was Replaced",
        format!(
            "The audit trail token of the organization {} was replaced outside of \
             Terraform since its import: {} is dead. The state has no secret and follows: its \
             token is now {}.",
            replaced.organization,
            replaced.state_token(),
            describe(replaced.current)
        ),
    )
}

pub(crate) fn not_deleted(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    let cause = cause.into();
    let advice = if cause.is_not_visible() {
        "If the organization does not exist any more, its token does not either: remove the \
         resource from the state with \"terraform state rm\"."
    } else {
        ""
    };
    Diagnostic::error(
        "Error deleting organization audit trail token",
        cause.explain_with(
            "The token may still be alive; the state is kept.",
            advice,
            &format!("Couldn't delete organization audit trail token {organization}"),
        ),
    )
}

const NOT_IMPORTED: &str = "Error importing organization audit trail token";

pub(crate) fn invalid_import_id(id: &str, why: impl Display) -> Diagnostic {
    Diagnostic::error(
        NOT_IMPORTED,
        format!(
            "The import ID is the name of an organization, such as my-org-name, but {} is none: \
             {why}.",
            quoted(id)
        ),
    )
}

pub(crate) fn invalid_import_identity(organization: &str, why: impl Display) -> Diagnostic {
    Diagnostic::error(
        NOT_IMPORTED,
        format!(
            "The import identity names the organization {}, which cannot be one: {why}.",
            quoted(organization)
        ),
    )
}

/// An import identity that names another host than the provider's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForeignHost<'a> {
    /// As the identity names it.
    pub(crate) identity: &'a str,
    pub(crate) provider: &'a Hostname,
}

pub(crate) fn import_from_another_host(organization: &str, host: ForeignHost<'_>) -> Diagnostic {
    let ForeignHost { identity, provider } = host;
    Diagnostic::error(
        NOT_IMPORTED,
        format!(
            "The import identity names the organization {organization} on the host {identity:?}, but \
             the provider is configured for {provider}. Import it through a provider that is configured \
             with that hostname (`provider = …` in the import and resource blocks), or leave \
             `hostname` out of the identity."
        ),
    )
}

pub(crate) fn not_imported(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        NOT_IMPORTED,
        cause.into().explain(
            "",
            &format!("The audit trail token of the organization {organization} could not be read"),
        ),
    )
}

pub(crate) fn nothing_to_import(organization: &str) -> Diagnostic {
    Diagnostic::error(
        NOT_IMPORTED,
        format!(
            "Audit trail token does not exist or has no details: the organization {organization} \
             has none. Leave the import out, and the resource is created."
        ),
    )
}

pub(crate) fn no_token(organization: &str) -> Diagnostic {
    Diagnostic::error(
        "No Audit Trail Token",
        format!(
            "The organization {organization} has no audit trail token. If a resource of this \
             configuration creates it, let the data source wait for it with depends_on."
        ),
    )
}
