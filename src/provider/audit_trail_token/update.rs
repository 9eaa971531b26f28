//! Updating: a new token in the place of the one in the state, or a change of the state alone.

use super::generation::{Failure, Order, expiry_to_ask, fail, generate, look, settle};
use super::last_seen::Owner;
use super::model::{Model, Status};
use super::ownership::{Ownership, ownership};
use super::secret::{self, Place};
use crate::client::{AuditTrailToken, Client};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, Force};
use tfplugin::{ApplyContext, Diagnostics};

pub(super) async fn update(
    connection: &Connection,
    mut plan: Model,
    state: Model,
    cx: &mut ApplyContext,
) -> Result<Model, Diagnostics> {
    // A plan that regenerates, and no other, leaves the id of the token open.
    if !plan.token_id.is_unknown() {
        secret::carry_out_move(&mut plan, &state, connection)?;
        return Ok(plan);
    }
    let client = connection.require_api(cx)?;
    let organization = state.organization_in_state()?.to_owned();
    let place = Place::prepare(&plan.seal_token, connection)?;
    let expired_at = expiry_to_ask(&plan.expired_at)?;

    let _turn = connection.turn(&organization).await;
    let current = look(&client, &organization).await?;
    if let Some(current) = &current {
        check_ownership(connection, &client, &plan, &state, current, cx).await?;
    }
    let order = Order {
        organization: &organization,
        expired_at,
        replaces: current.as_ref(),
    };
    let result = generate(connection, &client, order, cx).await;
    if !matches!(result, Err(Failure::NoToken(_)))
        && let Some(other) = current.filter(|current| is_another(current, &state))
    {
        // The plan may have been made before that one was there.
        cx.add(diagnostics::another_invalidated(
            &organization,
            state.token_id.as_deref(),
            state.created_at.as_deref(),
            &other,
        ));
    }
    settle(result, &mut plan, &organization, place, cx)?;
    Ok(plan)
}

/// Whether a token that was invalidated surely is not the one in the state. Without an id in the
/// state, only an earlier verdict says so: no request is worth it any more.
fn is_another(token: &AuditTrailToken, state: &Model) -> bool {
    match (state.token_id.as_deref(), state.created()) {
        (Some(id), Some(created_at)) => !token.is_same(id, created_at),
        (Some(id), None) => token.id != id,
        (None, _) => state.status() == Status::Replaced,
    }
}

/// Refuses to kill a token that is not the one in the state, unless that is what was asked for.
///
/// The refusal records `force_regenerate` as configured, so that it can become true after it.
async fn check_ownership(
    connection: &Connection,
    client: &Client,
    plan: &Model,
    state: &Model,
    current: &AuditTrailToken,
    cx: &mut ApplyContext,
) -> Result<(), Diagnostics> {
    if plan.forces(state) {
        return Ok(());
    }
    let organization = state.organization_in_state()?;
    let ownership = ownership(connection, client, state, current)
        .await
        .map_err(|error| diagnostics::not_looked(organization, &(&error).into()))?;
    if ownership != Ownership::Other {
        return Ok(());
    }
    let force = Force::of(&plan.force_regenerate);
    let refused = diagnostics::refused(
        organization,
        state.token_id.as_deref(),
        state.created_at.as_deref(),
        current,
        force,
    );
    let kept = Model {
        force_regenerate: plan.force_regenerate,
        ..state.clone()
    };
    Err(fail(
        refused,
        &kept,
        current,
        Owner::Somebody,
        organization,
        cx,
    ))
}
