//! About two objects of one organization, and about an object that is replaced.

use super::describe;
use super::plan::Force;
use super::plan_preview::describe_observed;
use crate::client::AuditTrailToken;
use crate::provider::audit_trail_token::ObservedToken;
use tfplugin::Diagnostic;

const TWO: &str = "Two Resources Have the Same Organization";

/// Why an organization comes twice in a configuration.
pub(super) const TWO_OBJECTS: &str = "Two objects of this configuration have the same organization: two blocks, or two instances of \
     one block.";

/// What to do about two objects. A provider does not know their addresses.
pub(super) const KEEP_ONE: &str = "Remove one of them from the configuration, and use the attributes of the other one in its \
     place.";

/// A creation beside an object that stays, or beside another creation. `token` is the organization's.
pub(crate) fn second_beside(
    organization: &str,
    token: &AuditTrailToken,
    force: Force,
) -> Diagnostic {
    let effect = match force {
        Force::IsTrue => {
            "Because of force_regenerate, creating this one invalidates that token, and the other \
             object is left with a secret that does not work."
        }
        Force::CanBecomeTrue => "Creating this one will fail, so that the token stays valid.",
    };
    Diagnostic::warning(
        TWO,
        format!(
            "{TWO_OBJECTS} An organization has only one audit trail token; {organization} has {}. \
             {effect} {KEEP_ONE}",
            describe(token)
        ),
    )
}

/// The second of two creations. The organization has no token yet.
pub(crate) fn second_creation(organization: &str) -> Diagnostic {
    Diagnostic::warning(
        TWO,
        format!(
            "{TWO_OBJECTS} An organization has only one audit trail token: creating one of the two \
             for {organization} will fail. {KEEP_ONE}"
        ),
    )
}

/// An object of the state beside a creation, with or without `force_regenerate`.
pub(crate) fn second_created(
    organization: &str,
    token_id: Option<&str>,
    force: Force,
) -> Diagnostic {
    let token = token_named(token_id);
    let effect = match force {
        Force::IsTrue => {
            "This plan creates the other one. Because of its force_regenerate, that invalidates the \
             token of this one, and a collector that uses it loses access."
        }
        Force::CanBecomeTrue => {
            "This plan creates the other one. That will fail, so that the token stays valid."
        }
    };
    Diagnostic::warning(
        TWO,
        format!(
            "{TWO_OBJECTS} An organization has only one audit trail token; this one has {token} of \
             {organization}. {effect} {KEEP_ONE}"
        ),
    )
}

fn token_named(id: Option<&str>) -> String {
    match id {
        Some(id) => format!("the token {id}"),
        None => "a token".to_owned(),
    }
}

/// An object of the state beside another one.
pub(crate) fn second_in_state(organization: &str, token_id: Option<&str>) -> Diagnostic {
    Diagnostic::warning(
        TWO,
        format!(
            "{TWO_OBJECTS} This one has {} of the organization {organization}. An organization has \
             only one audit trail token: whenever one of the two objects generates a token, the \
             token of the other one is invalidated. {KEEP_ONE} To remove one from the state without \
             deleting a token, run \"terraform state rm\" with its address.",
            token_named(token_id)
        ),
    )
}

const RENAMED: &str = "The Resource Will Be Destroyed and Created Under Another Name";

/// An object that has the token is destroyed, and another one is created.
pub(crate) fn destroyed_and_created(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    let token = format!(", {}", describe(token));
    Diagnostic::warning(RENAMED, rename(organization, &token))
}

/// As [`destroyed_and_created`], by what was read earlier.
pub(crate) fn destroyed_and_created_observed(
    organization: &str,
    token: &ObservedToken,
) -> Diagnostic {
    let token = format!(", {}", describe_observed(token));
    Diagnostic::warning(RENAMED, rename(organization, &token))
}

/// As [`destroyed_and_created`], if the plan could not read the organization's token.
pub(crate) fn destroyed_and_created_unseen(organization: &str) -> Diagnostic {
    Diagnostic::warning(RENAMED, rename(organization, ""))
}

fn rename(organization: &str, token: &str) -> String {
    format!(
        "This plan destroys the resource with the audit trail token of the organization \
         {organization}{token}, and creates another resource for the same organization. Terraform \
         does both at the same time: the collector loses access, and the creation may fail.\n\nIf you \
         renamed the resource or moved it into a module, add this block with the two addresses of \
         this plan. Then the token and its secret stay as they are:\n\nmoved {{\n  from = \
         tfe_audit_trail_token.old_name\n  to   = tfe_audit_trail_token.new_name\n}}"
    )
}

/// What happens to an object that does not manage the organization's token when it is replaced.
const NOT_ITS_OWN: &str = "destroying the resource leaves that token alone, and creating it again is \
                           refused while that token exists: the resource would be out of the state, \
                           with nothing in its place.";

/// An object that does not manage the organization's token is replaced, without `force_regenerate`.
pub(crate) fn replacement_will_fail(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    Diagnostic::error(
        "Replacing This Resource Will Fail",
        format!(
            "The organization {organization} has the audit trail token {}, which this resource does \
             not manage: {NOT_ITS_OWN} Nothing was changed.\n\nTo leave that token alone, plan \
             without -replace. To invalidate it and generate a new one, set force_regenerate = true.",
            describe(token)
        ),
    )
}

/// As [`replacement_will_fail`], for an object that is perhaps tainted.
pub(crate) fn creation_will_fail(organization: &str, token: &AuditTrailToken) -> Diagnostic {
    Diagnostic::error(
        "Creating This Resource Will Fail",
        format!(
            "The organization {organization} has the audit trail token {}, which no resource of \
             this configuration manages, though one is in the state. Nothing was changed.\n\nIf that \
             resource is tainted, {NOT_ITS_OWN} Run \"terraform untaint\" with its address. If you \
             renamed it, add a moved block. If this is a second resource for the organization, \
             remove one of them. To invalidate the token and generate a new one, set \
             force_regenerate = true.",
            describe(token)
        ),
    )
}
