//! About generating a token.

use chrono::{DateTime, Utc};

use super::plan::{Force, ways_out};
use super::second_object::{KEEP_ONE, TWO_OBJECTS};
use super::{Cause, Replaced, TokenRef, capitalised, describe, expired_at};
use crate::client::AuditTrailToken;
use crate::provider::expiry;
use tfplugin::Diagnostic;

/// Right before a generation.
pub(crate) fn current_not_read(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        "Error while checking if an audit token exists for organization",
        cause.into().explain(
            "Nothing was changed.",
            &format!("Error checking if an audit token exists for organization {organization}"),
        ),
    )
}

pub(crate) fn already_exists(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    Diagnostic::error(
        "An audit trail token already exists",
        format!(
            "An audit trail token already exists for organization: {organization}. It is {}, and \
             an organization has only one. Nothing was changed.\n\n\
             If another resource of this configuration manages it, remove one of the two. If you renamed \
             that resource, add a moved block and plan again. To take it over, import it with the ID {organization:?}; its secret cannot be read back, so \"token\" \
             is null then. To invalidate it and generate a new one, set force_regenerate = true; with \
             create_before_destroy that is always needed.\n\n\
             If this apply replaces a resource with destroy = false in its lifecycle block, Terraform has \
             already removed the object from the state: its secret is only in the state's backup. \
             Restore that, and change a value in regenerate_triggers instead of replacing the resource.",
            describe(token)
        ),
    )
}

/// Two objects of the configuration have the same organization. `existing` is what the first has generated, if it is known.
pub(crate) fn already_generated(
    organization: &str,
    existing: Option<&AuditTrailToken>,
) -> Diagnostic {
    let generated = match existing {
        Some(token) => format!(": {}", describe(token)),
        None => String::new(),
    };
    Diagnostic::error(
        "An Audit Trail Token Was Generated Already",
        format!(
            "This run has generated an audit trail token for the organization {organization} \
             already{generated}. An organization has only one, so another would invalidate it at \
             once. Nothing was changed.\n\n{TWO_OBJECTS} {KEEP_ONE}"
        ),
    )
}

pub(crate) fn refused(replaced: Replaced<'_>, force: Force) -> Diagnostic {
    Diagnostic::error(
        "The Audit Trail Token Is Not Managed by This Resource",
        format!(
            "The organization {} has the audit trail token {}, not {}. A new token \
             would invalidate it, and it may be in use. Nothing was changed.\n\n{}",
            replaced.organization,
            describe(replaced.current),
            replaced.state_token(),
            ways_out(force)
        ),
    )
}

/// The organization's token is not the one that the applied plan has named.
pub(crate) fn not_in_plan(
    organization: &str,
    current: &AuditTrailToken,
    named: Option<&str>,
) -> Diagnostic {
    let named = named.unwrap_or("no token");
    Diagnostic::error(
        "The Plan Named Another Audit Trail Token",
        format!(
            "The organization {organization} has the audit trail token {}, but the plan that is \
             applied names {named}. A new token would invalidate a token that the plan did not show, \
             so none was generated.\n\nPlan again: the new plan names the token that it invalidates. \
             Apply it if that token may be invalidated.",
            describe(current)
        ),
    )
}

/// `replaces` is the token that was read right before.
pub(crate) fn not_generated(
    organization: &str,
    replaces: Option<&AuditTrailToken>,
    cause: impl Into<Cause>,
) -> Diagnostic {
    let cause = cause.into();
    let kept = match replaces {
        _ if cause.is_overtaken() => "",
        Some(_) => "; it still has the token that it had before",
        None => "; it has no audit trail token now",
    };
    Diagnostic::error(
        "Unable to create organization audit trail token",
        cause.explain(
            &format!(
                "No audit trail token was generated for the organization {organization}{kept}."
            ),
            "The request failed",
        ),
    )
}

/// The new secret is not an audit trail token's.
pub(crate) fn main_token(token: TokenRef<'_>, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        "The Service Replaced the Main API Token of the Organization",
        cause.into().explain_without_hint(
            &format!(
                "The service was asked for an audit trail token of the organization {}, and \
                 generated {} instead, which manages the organization: it is the organization's main \
                 API token. The main token that was there before does not work any more. The secret \
                 of the new one is kept nowhere.\n\n\
                 Revoke it: generate the organization's API token anew in the settings of the \
                 organization, and give it to everything that used the former one. Then remove this \
                 object from the configuration: the service calls itself HCP Terraform but has no \
                 audit trail tokens. If TFE_AUDIT_TRAILS_ASSUME_SUPPORTED names it, unset that.",
                token.organization, token.id
            ),
            "The answer",
        ),
    )
}

/// What a generation was part of, for the advice after its secret was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GeneratedBy {
    /// Terraform taints an object whose creation fails, and replaces it in the next apply.
    Creation,
    Update,
    Opening,
}

pub(crate) fn secret_lost(
    token: TokenRef<'_>,
    by: GeneratedBy,
    cause: impl Into<Cause>,
) -> Diagnostic {
    let TokenRef { organization, id } = token;
    let next = match by {
        GeneratedBy::Creation => {
            "Apply again: Terraform has marked the resource as tainted and replaces it. With \
             prevent_destroy, run \"terraform untaint\" with its address before that: then the \
             next apply generates a token in place."
        }
        GeneratedBy::Update => "Apply again: the next apply generates another one in its place.",
        GeneratedBy::Opening => "Run Terraform again: it generates another one in its place.",
    };
    Diagnostic::error(
        "The Secret of the New Audit Trail Token Was Lost",
        cause.into().explain(
            &format!(
                "The organization {organization} has a new audit trail token, {id}, but its \
                 secret never arrived, and HCP Terraform returns it only once. A token \
                 that the organization had before is dead. {next}"
            ),
            "The request failed",
        ),
    )
}

pub(crate) fn unknown_whether_generated(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        "Unknown Whether an Audit Trail Token Was Generated",
        cause.into().explain(
            &format!(
                "HCP Terraform was asked for a new audit trail token for the organization \
                 {organization}, but whether it generated one could not be found out. If it did, \
                 or still does, a token that the organization had before is dead, and the new one's \
                 secret is lost. Wait a \
                 minute, then plan again: the plan says which token there is."
            ),
            "The request failed",
        ),
    )
}

/// `lost` are the IDs of the tokens that the provider generated before `token`.
pub(crate) fn generated_again(token: TokenRef<'_>, lost: &[&str]) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::warning(
        "An Audit Trail Token Was Generated More Than Once",
        format!(
            "The answer to the first request for an audit trail token for the organization \
             {organization} did not arrive, so another was generated. The token is {id}. Generated on \
             the way, and dead by now: {}.",
            lost.join(", ")
        ),
    )
}

pub(crate) fn replaced_at_once(token: TokenRef<'_>, other: &AuditTrailToken) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::warning(
        "The New Audit Trail Token Was Replaced at Once",
        format!(
            "The audit trail token {id} was generated for the organization {organization}, but by \
             now the organization has {}: somebody else generates tokens for it too. The secret in \
             the state opens nothing. Find out who that is before you apply again.",
            describe(other)
        ),
    )
}

pub(crate) fn unconfirmed(token: TokenRef<'_>, cause: impl Into<Cause>) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::warning(
        "The New Audit Trail Token Is Not Confirmed",
        // The advice of the cause is to run it again. With -replace, that would generate another token.
        cause.into().explain_without_hint(
            &format!(
                "The audit trail token {id} was generated for the organization {organization}, and \
                 its secret is kept, but it could not be confirmed that it is the organization's \
                 token now. Run \"terraform plan\": it says so if another token has taken its place."
            ),
            "The request failed",
        ),
    )
}

pub(crate) fn other_expiry(
    organization: &str,
    asked: DateTime<Utc>,
    got: Option<DateTime<Utc>>,
) -> Diagnostic {
    let got = match got {
        Some(got) => format!("it expires at {}", expiry::format(got)),
        None => "it never expires".to_owned(),
    };
    Diagnostic::warning(
        "The Audit Trail Token Has Another Expiry Than Configured",
        format!(
            "For the organization {organization}, a token was asked for that expires at {}. HCP \
             Terraform generated one, but {got}. The organization may limit how long its tokens \
             live.",
            expiry::format(asked)
        ),
    )
    .at(expired_at())
}

/// The generation invalidated a token that was not the one in the state.
pub(crate) fn another_invalidated(replaced: Replaced<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Was Invalidated",
        format!(
            "Because force_regenerate became true, a new audit trail token was generated for the \
             organization {}, which invalidated {}. The plan did not name that token; it is not {}, \
             which was dead already. Whatever reads the audit trail needs the new one.",
            replaced.organization,
            describe(replaced.current),
            replaced.state_token()
        ),
    )
}

/// A deletion did not touch a token that is not the one in the state.
pub(crate) fn left_alone(replaced: Replaced<'_>) -> Diagnostic {
    Diagnostic::warning(
        "Another Audit Trail Token Was Left Alone",
        format!(
            "{} is dead: the organization {} has {} instead. That one does \
             not belong to the object that is destroyed, so it was not deleted.",
            capitalised(&replaced.state_token()),
            replaced.organization,
            describe(replaced.current)
        ),
    )
}
