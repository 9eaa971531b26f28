//! About the list of tokens.

use super::Cause;
use crate::client::AuditTrailToken;
use tfplugin::Diagnostic;

const NOT_LISTED: &str = "Error Listing Audit Trail Tokens";

/// Returns the display name of a token in a list.
pub(crate) fn listed(organization: &str, token: &AuditTrailToken) -> String {
    format!("{organization} ({})", token.id)
}

pub(crate) fn not_listed(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        NOT_LISTED,
        cause.into().explain(
            &format!(
                "The audit trail token of the organization {organization} could not be read, so \
                 the list would not be complete."
            ),
            "The look failed",
        ),
    )
}

pub(crate) fn no_organizations_listed(cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        NOT_LISTED,
        cause.into().explain(
            "The organizations could not be listed, so it is not known whose tokens to look for. \
             With the argument \"organization\" only one is looked at.",
            "The list failed",
        ),
    )
}

/// The list goes on without this organization.
pub(crate) fn left_out(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::warning(
        "An Audit Trail Token Was Left Out",
        cause.into().explain(
            &format!(
                "Whether the organization {organization} has an audit trail token could not be \
                 seen. It is not in the list."
            ),
            "The look failed",
        ),
    )
}
