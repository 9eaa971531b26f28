//! Warnings of a plan about the token that it will invalidate. Those of a destruction are in `destruction`.
//!
//! To see the token of an organization for which a token is to be created, the plan reads it ([`read_in_time`]).
//! A read that fails fails the plan only if the apply is bound to fail too. An organization that is
//! not there does not: the same apply may create it. If the resource moves to another organization, Terraform destroys its
//! token first: then the plan fails also for a reason that only a practitioner can remove.

use super::consent::Consent;
use super::liveness::is_dead;
use super::model::Model;
use super::ownership::ObservedToken;
use super::read::read_in_time;
use super::replacement::Replacement;
use super::{NAME, destruction};
use crate::client::{AuditTrailToken, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, Force, OrganizationChange};
use crate::provider::known_objects::{Creation, Existing, Seen};
use tfplugin::{Attr, Diagnostic, Diagnostics, ResourceContext};

/// What an organization has before its token is created.
enum Preview {
    /// No token, or one that is dead.
    Free,
    /// A token that works.
    Taken(AuditTrailToken),
    Failed(Error),
    TimedOut,
}

/// Reads the organization's token; returns `None` while the provider block is not known.
async fn preview(
    organization: &str,
    connection: &Connection,
    cx: &ResourceContext,
) -> Option<Preview> {
    let client = connection.api(cx).ok()?;
    Some(match read_in_time(&client, organization).await {
        None => Preview::TimedOut,
        Some(Err(error)) => Preview::Failed(error),
        Some(Ok(None)) => Preview::Free,
        Some(Ok(Some(token))) if is_dead(&token, connection.clock().now()) => Preview::Free,
        Some(Ok(Some(token))) => Preview::Taken(token),
    })
}

/// A token that is to be created.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlannedCreation<'a> {
    pub(super) organization: &'a str,
    /// As configured.
    pub(super) force_regenerate: &'a Attr<bool>,
    /// That of the plan that is applied.
    pub(super) consent: Option<&'a Consent>,
}

impl PlannedCreation<'_> {
    fn force(&self) -> Force {
        Force::configured(self.force_regenerate)
    }

    fn existing(&self) -> Existing {
        match self.force() {
            Force::IsTrue => Existing::Invalidated,
            Force::CanBecomeTrue => Existing::Kept,
        }
    }

    /// Whether the plan that is applied has named another token, so that the apply refuses and says why.
    fn is_for_another(&self, token: &AuditTrailToken) -> bool {
        self.consent.is_some_and(|consent| !consent.covers(token))
    }

    /// Whether the creation does not depend on a deletion: the organization has no token that works, or the apply may
    /// invalidate it.
    fn takes_over(&self, preview: Option<&Preview>) -> bool {
        matches!(preview, Some(Preview::Free)) || !self.refuses()
    }

    /// Whether the apply will certainly refuse to invalidate a token.
    fn refuses(&self) -> bool {
        self.force() == Force::CanBecomeTrue && !self.force_regenerate.is_unknown()
    }
}

/// Warns if the creation of a token will invalidate another one, or fail because of it. Returns the token that the
/// organization has, if it can be seen.
///
/// # Errors
///
/// Returns an error if the creation is bound to fail, or replaces an object that would leave the state for nothing.
pub(super) async fn creation(
    creation: PlannedCreation<'_>,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<Option<AuditTrailToken>, Diagnostics> {
    let organization = creation.organization;
    let preview = preview(organization, connection, cx).await;
    let is_seen = matches!(preview, Some(Preview::Free | Preview::Taken(_)));
    let takes_over = creation.takes_over(preview.as_ref());
    let current = match preview {
        Some(Preview::Taken(token)) => Some(token),
        Some(Preview::Failed(error)) if is_bound_to_fail(&error) => {
            return Err(diagnostics::current_not_read(organization, &error).into());
        }
        Some(Preview::Failed(error)) => {
            cx.add(diagnostics::no_preview(organization, &error));
            None
        }
        Some(Preview::TimedOut) => {
            cx.add(diagnostics::no_preview_in_time(organization));
            None
        }
        Some(Preview::Free) | None => None,
    };
    Replacement::by_creation(connection, organization, takes_over).store(cx.private_mut())?;
    let seen = match &current {
        Some(token) => Seen::Token(token),
        None if is_seen => Seen::Nothing,
        None => Seen::Unknown,
    };
    let others = connection.known_objects(NAME, organization, |known| {
        known.plan_creation(seen, creation.existing())
    });
    let Some(token) = current else {
        match others {
            Creation::Second => cx.add(diagnostics::second_creation(organization)),
            Creation::BesideDestruction => {
                cx.add(diagnostics::destroyed_and_created_unseen(organization));
            }
            Creation::Only | Creation::ReplacesManager | Creation::ReplacesOther => {}
        }
        return Ok(None);
    };
    let now = connection.clock().now();
    match others {
        Creation::Second => {
            let force = creation.force();
            cx.add(diagnostics::second_beside(organization, &token, force));
        }
        Creation::BesideDestruction => {
            cx.add(diagnostics::destroyed_and_created(organization, &token));
        }
        Creation::ReplacesManager => {}
        Creation::ReplacesOther if creation.refuses() => {
            return Err(diagnostics::creation_will_fail(organization, &token).into());
        }
        Creation::ReplacesOther | Creation::Only => match creation.force() {
            Force::IsTrue if creation.is_for_another(&token) => {}
            Force::IsTrue => cx.add(diagnostics::will_invalidate_existing(
                organization,
                &token,
                now,
            )),
            Force::CanBecomeTrue => {
                cx.add(diagnostics::existing_will_fail(organization, &token, now));
            }
        },
    }
    Ok(Some(token))
}

/// Checks the second plan of an object that is replaced: its creation. Terraform shows no warning of it, and has shown those
/// of the first plan. Returns the token that the organization has, if it can be seen.
///
/// # Errors
///
/// Returns an error if the object would leave the state for nothing: destroying it leaves the organization's token alone,
/// and creating it is refused while that token exists. And if the creation would invalidate a token that the first plan
/// cannot have named, because nobody has read it before.
pub(super) async fn recreation(
    creation: PlannedCreation<'_>,
    replaced: &ObservedToken,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<Option<AuditTrailToken>, Diagnostics> {
    let organization = creation.organization;
    let preview = preview(organization, connection, cx).await;
    let takes_over = creation.takes_over(preview.as_ref());
    let token = match preview {
        Some(Preview::Taken(token)) => Some(token),
        Some(Preview::Failed(error)) if is_bound_to_fail(&error) => {
            return Err(diagnostics::current_not_read(organization, &error).into());
        }
        _ => None,
    };
    // The first plan has warned of the token of another organization.
    if let Some(token) = token.as_ref().filter(|_| replaced.is_of(organization)) {
        let is_own = replaced.is_managed(token) && !replaced.followed;
        if !is_own && creation.refuses() {
            return Err(diagnostics::replacement_will_fail(organization, token).into());
        }
        if !replaced.is_token(token) {
            return Err(diagnostics::not_shown(organization, token).into());
        }
    }
    Replacement::by_creation(connection, organization, takes_over).store(cx.private_mut())?;
    Ok(token)
}

/// Warns about the token that is destroyed because the resource moves to another organization.
///
/// # Errors
///
/// Returns an error if the creation that follows will certainly fail: the token would be destroyed for nothing.
pub(super) async fn organization_change(
    state: &Model,
    config: &Model,
    plan: &Model,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostic> {
    let from = state.organization_in_state()?;
    let token_id = state.token_id.as_deref();
    let Attr::Known(to) = &plan.organization else {
        cx.add(diagnostics::may_change_organization(from, token_id));
        return Ok(());
    };
    let change = OrganizationChange { from, token_id, to };
    let creation = PlannedCreation {
        organization: to,
        force_regenerate: &config.force_regenerate,
        consent: None,
    };
    match preview(to, connection, cx).await {
        Some(Preview::Taken(token)) if creation.refuses() => {
            return Err(diagnostics::other_organization_has_token(change, &token));
        }
        Some(Preview::Failed(error)) if is_permanent(&error) => {
            return Err(diagnostics::other_organization_fails(change, &error));
        }
        _ => {}
    }
    destruction::warn(state, connection, cx).await
}

/// Whether an apply of this plan would fail too, whatever it does before: with the API token, with the service, or without a
/// connection to it.
fn is_bound_to_fail(error: &Error) -> bool {
    // A host without this API answers its discovery with 404, or with a document that does not list it.
    let has_no_api = error.is_discovery() && error.status().is_none_or(|status| status == 404);
    error.is_unauthorized()
        || error.is_unsupported_service()
        || error.is_connect()
        || error.is_unreachable()
        || has_no_api
}

/// Whether only a practitioner can remove the reason of an error.
fn is_permanent(error: &Error) -> bool {
    is_bound_to_fail(error)
        || error.is_organization_not_visible()
        || error.is_no_permission()
        || error.is_no_entitlement()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Kind;
    use reqwest::StatusCode;

    #[test]
    fn a_plan_fails_only_for_what_will_not_change_until_its_apply() {
        #[track_caller]
        fn check(kind: Kind, status: Option<u16>, fails: bool) {
            let mut error = Error::new(kind, "GET /", "app.terraform.io");
            if let Some(status) = status {
                error = error.with_status(StatusCode::from_u16(status).unwrap());
            }
            assert_eq!(is_bound_to_fail(&error), fails, "{kind:?} {status:?}");
        }
        for status in [None, Some(200), Some(404)] {
            check(Kind::UnsupportedService, status, true);
        }
        check(Kind::Status, Some(401), true);
        check(Kind::Connect, None, true);
        check(Kind::Discovery, None, true);
        check(Kind::Discovery, Some(404), true);
        for status in [401, 403, 429, 500, 503] {
            check(Kind::Discovery, Some(status), false);
        }
        for status in [403, 404, 408, 422, 429, 500, 503] {
            check(Kind::Status, Some(status), false);
        }
        for kind in [
            Kind::Timeout,
            Kind::Interrupted,
            Kind::Stopped,
            Kind::Protocol,
            Kind::Redirect,
            Kind::NoEntitlement,
            Kind::NoPermission,
            Kind::OrganizationNotVisible,
        ] {
            check(kind, None, false);
        }
    }
}
