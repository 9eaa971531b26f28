//! Warnings of a plan that destroys an object: about the token that is deleted, or left alone.
//!
//! Terraform 1.11 to 1.15 plan the destruction of an object that the configuration does not have any more, and read it only
//! then (Terraform: `node_resource_plan_orphan.go`). With `-refresh=false`, no host reads it. The state can be a year old
//! then, so this plan reads the organization's token itself. If that read fails, the plan says what the state knows: the
//! apply reads the token again, and deletes nothing without an answer.

use super::NAME;
use super::liveness::{Liveness, Management};
use super::model::{Model, Status};
use super::ownership::{Observation, ObservedToken, Owner, Ownership, ownership};
use super::read::read_in_time;
use super::replacement::Whose;
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{Diagnostic, ResourceContext};

/// What is known of the organization's token when an object is destroyed.
enum Seen {
    /// What the read of the object has stored, in this run or an earlier one.
    Stored(Option<ObservedToken>),
    /// What the organization has now.
    Now(ObservedToken),
    /// The organization has no token.
    Nothing,
}

/// Warns if a plan will delete a token that is in use, or will leave the organization's token alone.
pub(super) async fn warn(
    state: &Model,
    connection: &Connection,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostic> {
    let organization = state.organization_in_state()?;
    let token = state.named_token();
    let (was_read, is_renamed, has_generated) =
        connection.known_objects(NAME, organization, |known| {
            let was_read = known.has_read(&token);
            let is_renamed = known.plan_destruction(token);
            (was_read, is_renamed, known.has_generated_any())
        });
    // With `create_before_destroy`, an apply plans the destruction after the creation: the state's token is dead by now.
    if has_generated {
        return Ok(());
    }
    let seen = if was_read {
        Seen::Stored(ObservedToken::of(cx.private(), organization))
    } else {
        read_now(organization, state, connection, cx).await
    };
    let (observed, is_replaced) = match seen {
        Seen::Nothing => return Ok(()),
        Seen::Now(observed) => {
            let is_replaced = !observed.managed;
            (Some(observed), is_replaced)
        }
        Seen::Stored(observed) => (observed, state.status() == Status::Replaced),
    };
    if is_replaced {
        let current = observed.filter(|observed| !observed.managed);
        let id = state.token_id.as_deref();
        cx.add(diagnostics::will_leave_alone(
            organization,
            id,
            current.as_ref(),
        ));
        return Ok(());
    }
    match observed.filter(|observed| observed.managed) {
        Some(observed) if is_renamed => {
            cx.add(diagnostics::destroyed_and_created_observed(
                organization,
                &observed,
            ));
        }
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

/// Reads the organization's token for an object that this process has not read.
async fn read_now(
    organization: &str,
    state: &Model,
    connection: &Connection,
    cx: &ResourceContext,
) -> Seen {
    let stored = ObservedToken::of(cx.private(), organization);
    let Ok(client) = connection.api(cx) else {
        return Seen::Stored(stored);
    };
    let current = match read_in_time(&client, organization).await {
        Some(Ok(Some(current))) => current,
        Some(Ok(None)) => return Seen::Nothing,
        Some(Err(_)) | None => return Seen::Stored(stored),
    };
    let owner = match ownership(connection, &client, state, &current).await {
        Ok(Ownership::Other) => Owner::Other,
        Ok(Ownership::Same | Ownership::Adopted | Ownership::AdoptedUntried) => {
            let whose = Whose::token_of(state, organization, cx.private());
            Owner::of_state(whose, stored.as_ref())
        }
        Err(_) => return Seen::Stored(stored),
    };
    Seen::Now(ObservedToken::new(Observation {
        organization,
        token: &current,
        owner,
        host: connection.host(),
    }))
}
