//! Why a token may not read the trail.
//!
//! The service answers a token of the wrong kind, and an organization without the entitlement,
//! alike. What else the same token may see tells them apart, as far as that can be told.

use reqwest::Method;
use serde::Deserialize;

use super::AuditTrails;
use crate::client::document::{Document, Resource};
use crate::client::error::{Error, Kind};
use crate::client::transport::Call;

#[derive(Deserialize)]
struct Anything {}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entitlements {
    audit_logging: Option<bool>,
}

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
        let visible: Vec<Resource<Anything>> = self
            .look(&["organizations"], vec![("page[size]", "2".to_owned())])
            .await?;
        let name = match visible.as_slice() {
            [] => return None,
            [one] => one.id()?,
            _ => return Some(Kind::WrongToken),
        };
        let path = ["organizations", &name, "entitlement-set"];
        let entitlements: Resource<Entitlements> = self.look(&path, Vec::new()).await?;
        Some(match entitlements.attributes.audit_logging? {
            true => Kind::WrongToken,
            false => Kind::NoEntitlement,
        })
    }

    async fn look<T: serde::de::DeserializeOwned>(
        &self,
        path: &[&str],
        query: Vec<(&'static str, String)>,
    ) -> Option<T> {
        let call = Call {
            query,
            bearer: self.secret.clone(),
            ..Call::new(Method::GET, path)
        };
        let answer = self.client.send(&call).await.ok()?;
        let document: Document<T> = self.client.decode(&call, &answer).ok()?;
        document.data
    }
}
