//! [`Hosts`]: which hosts have answered, and which cannot be reached.
//!
//! A host that does not answer must cost its time once, not once for each object of a configuration. A host
//! is known here by the URL of its API, or of its discovery document: where the document is there and the
//! API is not, the API's silence counts from its own first request.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use crate::client::error::Error;

/// What is known of the hosts to which requests were sent, by URL.
#[derive(Default)]
pub(super) struct Hosts(Mutex<HashMap<Url, Host>>);

enum Host {
    /// It has sent a whole answer, of any status.
    Answered,
    /// It has sent no answer to requests that began then.
    Silent { since: Instant },
    /// Requests that begin until then get this error.
    Unreachable { error: Error, until: Instant },
}

impl Hosts {
    /// Remembers that the host of this URL has answered.
    pub(super) fn note_answer(&self, url: &Url) {
        self.lock().insert(url.clone(), Host::Answered);
    }

    /// Remembers that the host of this URL, which has never answered, cannot be reached. Requests get this
    /// error for as long as a request waits for its first answer: Terraform reads ten objects at a time,
    /// and the next ten would wait as long again.
    pub(super) fn note_failure(&self, url: &Url, error: &Error, first_answer: Duration) {
        let host = Host::Unreachable {
            error: error.clone(),
            until: Instant::now() + first_answer,
        };
        let mut hosts = self.lock();
        if !matches!(hosts.get(url), Some(Host::Answered)) {
            hosts.insert(url.clone(), host);
        }
    }

    /// Whether the host of this URL has answered.
    pub(super) fn has_answered(&self, url: &Url) -> bool {
        matches!(self.lock().get(url), Some(Host::Answered))
    }

    /// Returns the time by which the host of this URL must have answered, which is the same for all
    /// requests that wait for it.
    ///
    /// # Errors
    ///
    /// Another request has found out that the host cannot be reached.
    pub(super) fn begin(&self, url: &Url, first_answer: Duration) -> Result<Instant, Error> {
        let now = Instant::now();
        let mut hosts = self.lock();
        let host = hosts
            .entry(url.clone())
            .or_insert(Host::Silent { since: now });
        match host {
            Host::Unreachable { error, until } if now <= *until => Err(error.clone()),
            // Those who waited were stopped, or have given up.
            Host::Silent { since } if now < *since + first_answer => Ok(*since + first_answer),
            Host::Answered => Ok(now + first_answer),
            Host::Silent { .. } | Host::Unreachable { .. } => {
                *host = Host::Silent { since: now };
                Ok(now + first_answer)
            }
        }
    }

    /// Returns at the deadline if the host of this URL has not answered by then, and never if it has.
    pub(super) async fn silence(&self, url: &Url, deadline: Instant) {
        tokio::time::sleep_until(deadline).await;
        if self.has_answered(url) {
            std::future::pending::<()>().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Url, Host>> {
        // The map is complete after each change, so a panic elsewhere has not damaged it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
