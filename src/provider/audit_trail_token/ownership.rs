//! Whether the organization's token is the one in a state.

use super::model::{Model, Status};
use super::secret::unsealed;
use crate::client::{AuditTrailToken, Client, Error, Probe};
use crate::provider::connection::Connection;
use crate::provider::expiry;

/// How the organization's token relates to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ownership {
    /// It is the one in the state.
    Same,
    /// The state does not say which token it has (it is hashicorp/tfe's), and nothing speaks
    /// against this one.
    Adopted,
    /// The token in the state is dead, and this is another one.
    Other,
}

/// Compares the organization's token with a state.
///
/// Where the state does not say which token it has, its secret is tried: one request.
///
/// # Errors
///
/// The secret could not be tried.
pub(super) async fn ownership(
    connection: &Connection,
    client: &Client,
    state: &Model,
    current: &AuditTrailToken,
) -> Result<Ownership, Error> {
    if let Some(id) = state.token_id.as_deref() {
        let is_same = match state.created() {
            Some(created_at) => current.is_same(id, created_at),
            None => current.id == id,
        };
        return Ok(if is_same {
            Ownership::Same
        } else {
            Ownership::Other
        });
    }
    // A verdict once given stands: only a secret that works speaks against it.
    let was_replaced = state.status() == Status::Replaced;
    let Some(secret) = state.secret().or_else(|| unsealed(state, connection)) else {
        return Ok(if was_replaced {
            Ownership::Other
        } else {
            Ownership::Adopted
        });
    };
    let now = connection.clock().now();
    let is_expired = current
        .expired_at
        .is_some_and(|expired_at| expiry::is_past(expired_at, now));
    match client.audit_trails(&secret).probe().await? {
        Probe::Alive => Ok(Ownership::Adopted),
        Probe::Dead | Probe::Inconclusive if was_replaced => Ok(Ownership::Other),
        // An expired token is refused as well: no sign of another one.
        Probe::Dead if !is_expired => Ok(Ownership::Other),
        Probe::Dead | Probe::Inconclusive => Ok(Ownership::Adopted),
    }
}
