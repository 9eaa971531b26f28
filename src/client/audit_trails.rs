//! The audit trail itself, which only an audit trail token or an organization token can read.

mod cursor;
mod event;
mod pages;
mod recent_ids;
mod refusal;

use reqwest::Method;

pub use self::event::{Event, EventAuth, EventRequest, EventResource, UnknownFields};
pub use self::pages::{EventPage, EventPages, EventQuery};

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

impl<'a> AuditTrails<'a> {
    /// Returns the events of the trail, page by page, the newest first.
    ///
    /// # Errors
    ///
    /// [`EventPages::next`] fails with [`is_unauthorized`](Error::is_unauthorized) if the token is
    /// dead, [`is_wrong_token`](Error::is_wrong_token) if it is not an organization's or an audit
    /// trail token, [`is_no_entitlement`](Error::is_no_entitlement) if the organization has no
    /// audit logging; with [`is_not_found`](Error::is_not_found) alone if it is one of the last
    /// two. An empty page is no proof that the token may read the trail.
    ///
    /// ```no_run
    /// # use terraform_provider_tfe::client::{Client, Error, EventQuery};
    /// # async fn read(client: &Client) -> Result<(), Error> {
    /// let mut pages = client.own_audit_trails().events(EventQuery::default());
    /// while let Some(page) = pages.next().await? {
    ///     for event in &page.events {
    ///         println!("{} {:?}", event.id, event.resource.action);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(self, query: EventQuery) -> EventPages<'a> {
        EventPages::new(self, query)
    }

    /// Tries the token on the smallest page of the trail.
    ///
    /// # Errors
    ///
    /// There was no answer, or none that lasts: no connection, a broken one, the wish to stop, a
    /// 408, 429 or 5xx that repetitions did not overcome, or somebody else's page. Asked again
    /// later, the service may say something else.
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
