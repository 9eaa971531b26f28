//! [`AuditTrails`], and whether a token can read it.

use reqwest::Method;

use crate::client::api_client::Client;
use crate::client::document::JSON;
use crate::client::error::Error;
use crate::client::secret::Secret;
use crate::client::transport::Call;

/// The audit trail of the organization that a token belongs to.
pub struct AuditTrails<'a> {
    pub(super) client: &'a Client,
    /// The token to send; `None` for that of the settings.
    pub(super) secret: Option<Secret>,
}

/// The outcome of [`AuditTrails::probe`]: whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The token can read the trail.
    Alive,
    /// The API refuses the token (401).
    Dead,
    /// The answer is final but means neither, such as a 403 or 404.
    Inconclusive,
}

impl Client {
    /// Returns the audit trail, to be read with another token than the settings'.
    pub fn audit_trails(&self, secret: &Secret) -> AuditTrails<'_> {
        AuditTrails {
            client: self,
            secret: Some(secret.clone()),
        }
    }

    /// Returns the audit trail, to be read with the settings' token, which must be an organization's.
    pub fn own_audit_trails(&self) -> AuditTrails<'_> {
        AuditTrails {
            client: self,
            secret: None,
        }
    }
}

impl AuditTrails<'_> {
    /// Tries to read the smallest page of the trail with the token.
    ///
    /// # Errors
    ///
    /// There is no final answer: no connection, a broken connection, a stop request, a 408, 429 or 5xx
    /// after all retries, or a page that is not from the API.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let call = self.call(vec![("page[size]", "1".to_owned())]);
        match self.client.send(&call).await {
            Ok(answer) => {
                let page: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
                let is_page = page.is_some_and(|page| page["data"].is_array());
                Ok(if is_page {
                    Probe::Alive
                } else {
                    Probe::Inconclusive
                })
            }
            // A proxy's 401 says nothing about the token.
            Err(error) if error.is_not_from_api() => Err(error),
            Err(error) if error.is_unauthorized() => Ok(Probe::Dead),
            Err(error) if is_final(&error) => Ok(Probe::Inconclusive),
            Err(error) => Err(error),
        }
    }

    pub(super) fn call(&self, query: Vec<(&'static str, String)>) -> Call {
        Call {
            query,
            accept: JSON,
            bearer: self.secret.clone(),
            ..Call::new(Method::GET, &["organization", "audit-trail"])
        }
    }
}

/// Whether the API answered, and would give the same answer again.
fn is_final(error: &Error) -> bool {
    !error.is_discovery()
        && error
            .status()
            .is_some_and(|status| status < 500 && !matches!(status, 408 | 429))
}
