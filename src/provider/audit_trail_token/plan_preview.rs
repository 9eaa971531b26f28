//! Warnings of a plan about the token that it will invalidate or delete.
//!
//! To see the token of an organization for which a token is to be created, the plan reads it, for at most
//! [`PLAN_LOOKUP_TIMEOUT`]. A read that fails does not fail the plan of a creation. If the resource moves to another
//! organization, Terraform destroys its token first: then the plan fails if the creation will certainly fail.

use tokio::time::timeout;

use super::PLAN_LOOKUP_TIMEOUT;
use super::liveness::{Liveness, Management, is_dead};
use super::model::Model;
use super::ownership::ObservedToken;
use crate::client::{AuditTrailToken, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, OrganizationChange};
use tfplugin::{Attr, Diagnostic, ResourceContext};

/// What an organization has before its token is created.
enum Preview {
    /// No token, or one that is dead.
    Free,
    /// A token that this resource does not manage.
    Taken(AuditTrailToken),
    /// The token of the object that this plan replaces: Terraform plans the creation with that object's private data.
    Ours(AuditTrailToken),
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
    let tokens = client.audit_trail_tokens();
    let read = timeout(PLAN_LOOKUP_TIMEOUT, tokens.read(organization)).await;
    Some(match read {
        Err(_) => Preview::TimedOut,
        Ok(Err(error)) => Preview::Failed(error),
        Ok(Ok(None)) => Preview::Free,
        Ok(Ok(Some(token))) if is_dead(&token, connection.clock().now()) => Preview::Free,
        Ok(Ok(Some(token))) => {
            let is_ours = ObservedToken::of(cx.private(), organization)
                .is_some_and(|observed| observed.is_managed(&token));
            if is_ours {
                Preview::Ours(token)
            } else {
                Preview::Taken(token)
            }
        }
    })
}

/// Warns if the creation of a token will invalidate another one, or fail because of it. Returns the token that the
/// organization has, if it can be seen.
pub(super) async fn creation(
    organization: &str,
    force_regenerate: &Attr<bool>,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Option<AuditTrailToken> {
    let now = connection.clock().now();
    match preview(organization, connection, cx).await? {
        Preview::Taken(token) => {
            cx.add(if *force_regenerate == Attr::Known(true) {
                diagnostics::will_invalidate_existing(organization, &token, now)
            } else {
                diagnostics::existing_will_fail(organization, &token, now)
            });
            return Some(token);
        }
        Preview::Ours(token) => return Some(token),
        Preview::Failed(error) => cx.add(diagnostics::no_preview(organization, &error)),
        Preview::TimedOut => cx.add(diagnostics::no_preview_in_time(organization)),
        Preview::Free => {}
    }
    None
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
    let forced = config.force_regenerate == Attr::Known(true);
    match preview(to, connection, cx).await {
        Some(Preview::Taken(token)) if !forced => {
            return Err(diagnostics::other_organization_has_token(change, &token));
        }
        Some(Preview::Failed(error)) if is_permanent(&error) => {
            return Err(diagnostics::other_organization_fails(change, &error));
        }
        _ => {}
    }
    deletion(state, connection, cx)
}

/// Warns if a plan will delete a token that is in use, or will leave the state's token alone.
pub(super) fn deletion(
    state: &Model,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostic> {
    let organization = state.organization_in_state()?;
    let observed =
        ObservedToken::of(cx.private(), organization).filter(|observed| observed.managed);
    match observed {
        Some(observed) if observed.followed => {
            cx.add(diagnostics::will_leave_followed(organization, &observed));
        }
        Some(observed) => {
            let now = connection.clock().now();
            if let Liveness::InUse(why) = observed.times().liveness(Management::NotSeen, now) {
                cx.add(diagnostics::will_delete(organization, &observed, why));
            }
        }
        None => {}
    }
    Ok(())
}

/// Whether a retry would fail too.
fn is_permanent(error: &Error) -> bool {
    error.is_organization_not_visible()
        || error.is_no_permission()
        || error.is_no_entitlement()
        || error.is_unsupported_service()
}
