//! Why a token may not read the trail.
//!
//! The service answers a token of the wrong kind, and an organization without the entitlement,
//! alike. What else the same token may see tells them apart, as far as that can be told.

use super::AuditTrails;
use crate::client::error::{Error, Kind};
use crate::client::organizations::Organizations;

impl AuditTrails<'_> {
    /// The error with what can be found out about a 401, 403 or 404 of the API itself. Nothing that
    /// goes wrong on the way replaces it.
    pub(super) async fn explain(&self, error: Error) -> Error {
        let is_refusal = error.is_unauthorized() || error.is_forbidden() || error.is_not_found();
        if !is_refusal || error.is_stray() {
            return error;
        }
        let transport = &self.client.transport;
        let assumed = transport.settings.assume_audit_trails;
        if error.is_not_found()
            && let Err(why) = transport.service.has_audit_trails(assumed)
        {
            return error.into_kind(Kind::UnsupportedService).with_detail(why);
        }
        match self.kind().await {
            Some(kind) => error.into_kind(kind),
            None => error,
        }
    }

    /// What kind of error it is, by the organizations that the token sees: an organization's own
    /// token sees that one, an audit trail token none, and others are of the wrong kind.
    async fn kind(&self) -> Option<Kind> {
        let organizations = Organizations {
            client: self.client,
            secret: self.secret.clone(),
        };
        let visible = organizations.list().next().await.ok()??;
        let name = match visible.as_slice() {
            [] => return None,
            [one] => one,
            _ => return Some(Kind::WrongToken),
        };
        let entitlements = organizations.entitlements(name).await.ok()?;
        Some(match entitlements.audit_logging? {
            true => Kind::WrongToken,
            false => Kind::NoEntitlement,
        })
    }
}
