//! Deleting: the token in the state, and no other. One that the state only follows, because somebody
//! put it into the place of an imported one, is not this configuration's to delete.

use super::last_seen::LastSeen;
use super::model::Model;
use super::ownership::{Ownership, ownership};
use crate::client::{AuditTrailToken, Client, Deleted, Error};
use crate::provider::connection::Connection;
use crate::provider::diagnostics;
use tfplugin::{Diagnostics, ResourceContext};

pub(super) async fn delete(
    connection: &Connection,
    state: Model,
    cx: &mut ResourceContext,
) -> Result<(), Diagnostics> {
    let client = connection.require_api(cx)?;
    let organization = state.organization_in_state()?.to_owned();
    let id = state.token_id.as_deref().unwrap_or_default();
    if let Some(seen) = LastSeen::of_followed(cx.private(), &organization, id) {
        cx.add(diagnostics::followed_left_alone(&organization, &seen));
        return Ok(());
    }
    let _turn = connection.turn(&organization).await;
    let _work = cx.work(format!(
        "deleting the audit trail token of organization {organization}"
    ));
    let deleted = delete_ours(connection, &client, &organization, &state)
        .await
        .map_err(|error| diagnostics::not_deleted(&organization, &(&error).into()))?;
    if let Deleted::ReplacedBy(other) = deleted {
        cx.add(diagnostics::left_alone(
            &organization,
            state.token_id.as_deref(),
            state.created_at.as_deref(),
            &other,
        ));
    }
    Ok(())
}

async fn delete_ours(
    connection: &Connection,
    client: &Client,
    organization: &str,
    state: &Model,
) -> Result<Deleted, Error> {
    let tokens = client.audit_trail_tokens();
    if let (Some(id), Some(created_at)) = (state.token_id.as_deref(), state.created()) {
        return tokens.delete(organization, id, created_at).await;
    }
    // A state of hashicorp/tfe does not say which token it has.
    let Some(current) = tokens.read(organization).await? else {
        return Ok(Deleted::AlreadyGone);
    };
    match ownership(connection, client, state, &current).await? {
        Ownership::Other => Ok(Deleted::ReplacedBy(current)),
        Ownership::Same | Ownership::Adopted => {
            let AuditTrailToken { id, created_at, .. } = current;
            tokens.delete(organization, &id, created_at).await
        }
    }
}
