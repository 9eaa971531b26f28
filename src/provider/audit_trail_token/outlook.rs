//! What a plan can see of the organization for which it is to create a token, and of the token that
//! goes.
//!
//! A look takes no more than a moment and never fails the plan of a creation. Where the resource
//! moves to another organization, Terraform would first destroy the token that it has: then what
//! surely ends in an error at apply is an error of the plan.

use tokio::time::timeout;

use super::MOMENT;
use super::in_use::is_in_use;
use super::last_seen::LastSeen;
use super::model::Model;
use crate::client::{AuditTrailToken, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{Attr, Context, Diagnostic, ResourceContext};

/// What a look showed.
enum Look {
    /// The organization has no token.
    Free,
    /// It has one, of somebody else.
    Taken(AuditTrailToken),
    /// It has the one of the very object that this plan replaces: the creation that follows is then
    /// planned with that object's private data.
    Ours,
    Failed(Error),
    TimedOut,
}

/// `None` while it is not known whom to ask.
async fn look(organization: &str, connection: &Connection, cx: &ResourceContext) -> Option<Look> {
    let client = connection.api(cx).ok()?;
    let tokens = client.audit_trail_tokens();
    Some(match timeout(MOMENT, tokens.read(organization)).await {
        Err(_) => Look::TimedOut,
        Ok(Err(error)) => Look::Failed(error),
        Ok(Ok(None)) => Look::Free,
        Ok(Ok(Some(token))) => {
            let is_ours = LastSeen::recall(cx.private())
                .is_some_and(|seen| seen.organization == organization && seen.is_managed(&token));
            if is_ours {
                Look::Ours
            } else {
                Look::Taken(token)
            }
        }
    })
}

/// Warns of what the creation of a token will meet.
pub(super) async fn of_creation(
    organization: &str,
    force_regenerate: &Attr<bool>,
    connection: &Connection,
    cx: &mut ResourceContext,
) {
    let now = connection.clock().now();
    match look(organization, connection, cx).await {
        Some(Look::Taken(token)) => cx.add(if *force_regenerate == Attr::Known(true) {
            diagnostics::will_invalidate_existing(organization, &token, now)
        } else {
            diagnostics::existing_will_fail(organization, &token, now)
        }),
        Some(Look::Failed(error)) => {
            cx.add(diagnostics::no_outlook(organization, &(&error).into()));
        }
        Some(Look::TimedOut) => cx.add(diagnostics::no_outlook_in_time(organization)),
        Some(Look::Free | Look::Ours) | None => {}
    }
}

/// Warns of the token that is destroyed because the resource moves to another organization.
///
/// # Errors
///
/// The token would be destroyed for nothing: the creation that follows will surely fail.
pub(super) async fn of_move(
    state: &Model,
    config: &Model,
    plan: &Model,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostic> {
    let from = state.organization_in_state()?;
    let ours = state.token_id.as_deref();
    let Attr::Known(to) = &plan.organization else {
        cx.add(diagnostics::may_move(from, ours));
        return Ok(());
    };
    let forced = config.force_regenerate == Attr::Known(true);
    match look(to, connection, cx).await {
        Some(Look::Taken(token)) if !forced => {
            return Err(diagnostics::moves_where_a_token_is(from, ours, to, &token));
        }
        Some(Look::Failed(error)) if is_certain(&error) => {
            return Err(diagnostics::moves_nowhere(from, ours, to, &(&error).into()));
        }
        _ => {}
    }
    of_deletion(state, connection, cx)
}

/// Warns of a token in use that a plan will delete, and of one that it will not.
pub(super) fn of_deletion(
    state: &Model,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostic> {
    let organization = state.organization_in_state()?;
    let seen = LastSeen::recall(cx.private())
        .filter(|seen| seen.organization == organization && seen.managed);
    match seen {
        Some(seen) if seen.followed => {
            cx.add(diagnostics::will_leave_followed(organization, &seen))
        }
        Some(seen) if is_in_use(seen.last_used(), connection.clock().now()) => {
            cx.add(diagnostics::will_delete(organization, &seen));
        }
        _ => {}
    }
    Ok(())
}

/// Whether asking again would not help.
fn is_certain(error: &Error) -> bool {
    error.is_organization_not_visible()
        || error.is_no_permission()
        || error.is_no_entitlement()
        || error.is_unsupported_service()
}
