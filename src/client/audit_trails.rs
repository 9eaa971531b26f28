//! The audit trail itself, which only an audit trail token or an organization token can read.

mod events;

use reqwest::Method;

pub use self::events::{Event, EventAuth, EventPage, EventRequest, EventResource};

use super::Client;
use super::document::JSON;
use super::error::Error;
use super::secret::Secret;
use super::transport::Call;

/// The audit trail of the organization that a token belongs to.
pub struct AuditTrails<'a> {
    pub(super) client: &'a Client,
    /// `None`: the settings' own token.
    pub(super) secret: Option<Secret>,
}

/// Whether a token still works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The trail can be read with it.
    Alive,
    /// The API does not know it any more (401).
    Dead,
    /// The answer is definite but says neither, such as a 403 or 404.
    Inconclusive,
}

impl AuditTrails<'_> {
    /// Tries the token on the smallest page of the trail.
    ///
    /// # Errors
    ///
    /// There was no answer, or none that lasts: no connection, a broken one, the wish to stop, or
    /// a 408, 429 or 5xx that repetitions did not overcome, or somebody else's page. Asked again later, the service may say
    /// something else.
    pub async fn probe(&self) -> Result<Probe, Error> {
        let call = Call {
            query: vec![("page[size]", "1".to_owned())],
            accept: JSON,
            bearer: self.secret.clone(),
            ..Call::new(Method::GET, &["organization", "audit-trail"])
        };
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
            // What a proxy thinks of the token says nothing of it.
            Err(error) if error.is_stray() => Err(error),
            Err(error) if error.is_unauthorized() => Ok(Probe::Dead),
            Err(error) if is_definite(&error) => Ok(Probe::Inconclusive),
            Err(error) => Err(error),
        }
    }
}

/// Whether the API answered, and would answer the same again.
fn is_definite(error: &Error) -> bool {
    !error.is_discovery()
        && error
            .status()
            .is_some_and(|status| status < 500 && !matches!(status, 408 | 429))
}
