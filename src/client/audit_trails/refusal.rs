//! Why a token cannot read the trail.
//!
//! The service gives the same answer to a token of the wrong kind and to an organization without the
//! entitlement. The organizations that the token can see distinguish the two in most cases.

use super::trails::AuditTrails;
use crate::client::error::{Error, Kind};

impl AuditTrails<'_> {
    /// Adds the reason to a 401, 403 or 404 of the API. If the reason cannot be found, the error stays as
    /// it is.
    pub(super) async fn explain(&self, error: Error) -> Error {
        let is_refusal = error.is_unauthorized() || error.is_forbidden() || error.is_not_found();
        if !is_refusal || error.is_not_from_api() {
            return error;
        }
        if error.is_not_found()
            && let Err(why) = self.client.check_is_hcp_terraform()
        {
            return error.into_kind(Kind::UnsupportedService).with_detail(why);
        }
        match self.reason().await {
            Some(kind) => error.into_kind(kind),
            None => error,
        }
    }

    /// Returns the reason, from the organizations that the token can see: an organization token sees its
    /// organization, an audit trail token none, and any other token is of the wrong kind.
    async fn reason(&self) -> Option<Kind> {
        let organizations = self.client.organizations_of(self.secret.clone());
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
