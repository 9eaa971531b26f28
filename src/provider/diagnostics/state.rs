//! About reading, deleting and importing.

use std::fmt::Display;

use super::plan_preview::describe_observed;
use super::{Cause, Replaced, describe, expired_at, quoted, state_token};
use crate::client::{AuditTrailToken, Hostname};
use crate::provider::audit_trail_token::ObservedToken;
use tfplugin::{Diagnostic, Path};

/// An organization by its former and its present name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renamed<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
}

/// The state's token was found under another name.
pub(crate) fn renamed(names: Renamed<'_>, token: &AuditTrailToken) -> Diagnostic {
    let Renamed { from, to } = names;
    Diagnostic::warning(
        "The Organization Was Renamed",
        format!(
            "The organization {from} is now named {to}: that is where the state's token is, {}. The \
             state follows. Token and secret stay the same. If the configuration still says {from}, \
             change it to {to}.",
            describe(token)
        ),
    )
}

/// The configuration still has a former name.
pub(crate) fn former_name(names: Renamed<'_>) -> Diagnostic {
    let Renamed { from, to } = names;
    Diagnostic::warning(
        "The Configuration Has a Former Name of the Organization",
        format!(
            "The configuration names the organization {from}, which was renamed to {to}. The provider \
             treats both names as the same organization for this object, and its token stays. Change \
             the name in the configuration, or the provider's default organization, to {to}."
        ),
    )
    .at(Path::of("organization"))
}

/// An object that is replaced while the configuration still has a former name.
pub(crate) fn replaced_under_former_name(names: Renamed<'_>) -> Diagnostic {
    let Renamed { from, to } = names;
    Diagnostic::error(
        "The Organization Has Another Name",
        format!(
            "The configuration names the organization {from}, which was renamed to {to}. Replacing \
             the object would delete the token of {to} and then fail to generate one for {from}. Change \
             the name in the configuration, or the provider's default organization, to {to}."
        ),
    )
    .at(Path::of("organization"))
}

/// A state whose token is on another host than the provider's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OtherHost<'a> {
    pub(crate) organization: &'a str,
    /// The host of the state's token.
    pub(crate) state: &'a str,
    pub(crate) provider: &'a Hostname,
}

const ANOTHER_HOST: &str = "The Audit Trail Token Is on Another Host";

pub(crate) fn on_another_host(other: OtherHost<'_>) -> Diagnostic {
    Diagnostic::error(
        ANOTHER_HOST,
        format!(
            "{}. Nothing was read or changed there, and the state is kept. {}",
            both_hosts(other),
            ways_to_the_host(other)
        ),
    )
}

/// The provider's host could not be asked whether it is another name of the same service.
pub(crate) fn on_unreachable_host(other: OtherHost<'_>, cause: impl Into<Cause>) -> Diagnostic {
    Diagnostic::error(
        ANOTHER_HOST,
        cause.into().explain(
            &format!(
                "{}, whose API was not found to be the same. The state is kept. {}",
                both_hosts(other),
                ways_to_the_host(other)
            ),
            "The discovery of the API failed",
        ),
    )
}

/// The beginning of a sentence that names both hosts.
fn both_hosts(other: OtherHost<'_>) -> String {
    let OtherHost {
        organization,
        state,
        provider,
    } = other;
    format!(
        "The state has the audit trail token of the organization {organization} on {state}, but the \
         provider is configured for {provider}"
    )
}

fn ways_to_the_host(other: OtherHost<'_>) -> String {
    let OtherHost {
        organization,
        state,
        provider,
    } = other;
    format!(
        "Set the provider's hostname, or TFE_HOSTNAME, to {state}. To manage the token of \
         {organization} on {provider} instead, remove this object from the state (terraform state rm) \
         and import it there."
    )
}

pub(crate) fn not_read(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    let cause = cause.into();
    let advice = if cause.is_not_visible() {
        "If the organization was renamed: the state's token was not found in any organization that \
         the API token can see (at most 50 are searched). Use an API token that can see the \
         organization under its new name. If its token was replaced too, the secret in the state is \
         invalid: remove the resource from the state (terraform state rm), and import the organization \
         under its new name, or create the resource with force_regenerate = true. If the token is still \
         the same, but cannot be found, change \"organization\" and \"id\" in the state (terraform state \
         pull, edit, raise \"serial\" by one, terraform state push) and the name in the configuration."
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

/// The organization has no token, and the search for it in the others failed.
pub(crate) fn not_found(
    organization: &str,
    id: Option<&str>,
    cause: impl Into<Cause>,
) -> Diagnostic {
    Diagnostic::error(
        "The Audit Trail Token Was Not Found",
        cause.into().explain(
            &format!(
                "The organization {organization} has no audit trail token: {} was deleted, or the \
                 organization that has it was renamed and another one took its name. The search in the \
                 other organizations failed, so the state is kept as it is.",
                state_token(id)
            ),
            "The search failed",
        ),
    )
}

pub(crate) fn gone(organization: &str, id: Option<&str>) -> Diagnostic {
    Diagnostic::warning(
        "The Audit Trail Token Is Gone",
        format!(
            "The organization {organization} has no audit trail token any more: {} was deleted, \
             but not by this resource. It leaves the state, and creating it generates a new one.",
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
    // Terraform shows a deposed object at the address of the object that is in use.
    let dead = match (replaced.state.id, replaced.state.created_at) {
        (Some(id), Some(created_at)) if id == replaced.current.id => {
            format!("created_at is {created_at}")
        }
        (Some(id), _) => format!("token_id is {id}"),
        (None, _) => "token_id is null".to_owned(),
    };
    Diagnostic::warning(
        "The Audit Trail Token Was Replaced",
        format!(
            "The organization {} has the audit trail token {}, not {}, which is dead. Another object \
             in the state manages the new token.\n\nIf Terraform names the object of the dead token as \
             deposed, it is left over from a replacement: the next apply removes it from the state, and \
             the configuration stays as it is. If two blocks, or two instances of one block, have the \
             same organization, remove the one whose {dead}: destroying that one does not delete the token of the other \
             one.",
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
             token is now {}. That token is somebody else's: this configuration regenerates it only \
             when force_regenerate becomes true or a value in regenerate_triggers changes, and a \
             destroy leaves it alone.",
            replaced.organization,
            replaced.state_token(),
            describe(replaced.current)
        ),
    )
}

/// A followed token whose configured date is another one than its own.
pub(crate) fn followed_keeps_its_date(
    organization: &str,
    token: &ObservedToken,
    configured: &str,
) -> Diagnostic {
    let own_date = match &token.expired_at {
        Some(date) => format!("expires at {date}"),
        None => "never expires".to_owned(),
    };
    Diagnostic::warning(
        "A Followed Audit Trail Token Keeps Its Date",
        format!(
            "The audit trail token {} of the organization {organization} was generated outside of \
             this configuration, after the import. It {own_date}. The configured expired_at \
             {configured} changes the state alone: no token is generated or invalidated. To own a \
             token with that date, set force_regenerate = true, which invalidates the present one.",
            describe_observed(token)
        ),
    )
    .at(expired_at())
}

pub(crate) fn not_deleted(organization: &str, cause: impl Into<Cause>) -> Diagnostic {
    let cause = cause.into();
    let advice = if cause.is_not_visible() {
        "If the organization was renamed, run \"terraform apply -refresh-only\" first, so that the \
         state follows. If it does not exist any more, its token does not either: remove the resource \
         from the state with \"terraform state rm\"."
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

/// An object that was imported from one organization, and whose block names another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportedElsewhere<'a> {
    pub(crate) imported: &'a str,
    pub(crate) configured: &'a str,
}

pub(crate) fn import_of_another_organization(import: ImportedElsewhere<'_>) -> Diagnostic {
    let ImportedElsewhere {
        imported,
        configured,
    } = import;
    Diagnostic::error(
        "The Import Names Another Organization",
        format!(
            "The audit trail token was imported from the organization {imported}, but the \
             configuration names the organization {configured}. Applying this plan would delete the \
             imported token. Make both the same: correct the import ID or identity, or the \
             organization in the resource block or the provider's default. If the import is in the \
             state already, remove it first (terraform state rm), which leaves the token of \
             {imported} alone."
        ),
    )
    .at(Path::of("organization"))
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
