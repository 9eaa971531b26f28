//! The HCP Terraform API, as far as audit trail tokens need it.
//!
//! [`resolve`] finds host and token, [`Client`] talks to the host. Everything that may wait ends
//! when the practitioner wants to stop; a change that was sent is never abandoned.
//!
//! Deliberately not here: plugins, state, diagnostics, and any decision whether a token should be
//! generated or deleted.
//!
//! # Layout
//!
//! - [`Settings`]: `settings` from `environment`, `cli_config`, `credentials_helper`, `hostname`.
//! - [`Client`]: `transport` sends, with `tls`, `discovery`, `retry` and `service` (who the other
//!   side is); `document` reads and writes, `error` tells.
//! - One file for each part of the API: `audit_trail_tokens`, `audit_trails`, `organizations`.

mod audit_trail_tokens;
mod audit_trails;
mod cli_config;
mod credentials_helper;
mod discovery;
mod document;
mod environment;
mod error;
mod hostname;
mod organizations;
#[cfg(target_os = "linux")]
mod resolver;
mod retry;
mod secret;
mod service;
mod settings;
mod tls;
mod transport;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

pub use self::audit_trail_tokens::{
    AuditTrailToken, AuditTrailTokens, CreatedBy, Deleted, GenerateError, Generated,
};
pub use self::audit_trails::{
    AuditTrails, Event, EventAuth, EventPage, EventPages, EventQuery, EventRequest, EventResource,
    Probe, UnknownFields,
};
use self::document::{Document, Resource};
pub use self::environment::Environment;
pub(crate) use self::error::Kind;
pub use self::error::{ApiError, Error};
pub use self::hostname::{Hostname, InvalidHostname};
pub use self::organizations::{
    Entitlements, InvalidOrganization, Organization, Organizations, Pages, check_organization_name,
};
use self::retry::{Attempts, Stop};
pub use self::secret::Secret;
pub use self::settings::{
    Arguments, Settings, SettingsError, TokenSource, default_organization, resolve,
};
use self::transport::{Answer, Call, Transport};

/// One caller at one host. Clones share connection, discovery and what is known of the service.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    stop: Stop,
}

impl Client {
    /// Makes a client that has done nothing yet: no certificate is read and nothing is sent before
    /// the first call. `version` is the provider's, for the `User-Agent`.
    pub fn new(settings: Settings, version: &str) -> Client {
        Client {
            transport: Arc::new(Transport::new(settings, version)),
            stop: Stop::default(),
        }
    }

    /// The host this client talks to.
    pub fn hostname(&self) -> &Hostname {
        &self.transport.settings.hostname
    }

    /// The same client, whose waits and repetitions end with
    /// [`Error::is_stopped`] as soon as the token is cancelled. A change that was sent is waited for
    /// all the same, and looked up if its answer is not clear.
    pub fn stopping_with(&self, stop: CancellationToken) -> Client {
        Client {
            transport: Arc::clone(&self.transport),
            stop: Stop::new(stop),
        }
    }

    /// The audit trail tokens of organizations.
    pub fn audit_trail_tokens(&self) -> AuditTrailTokens<'_> {
        AuditTrailTokens { client: self }
    }

    /// The audit trail, read with a token of its own instead of the settings'.
    pub fn audit_trails(&self, secret: &Secret) -> AuditTrails<'_> {
        AuditTrails {
            client: self,
            secret: Some(secret.clone()),
        }
    }

    /// The audit trail, read with the settings' token, which must be an organization's.
    pub fn own_audit_trails(&self) -> AuditTrails<'_> {
        AuditTrails {
            client: self,
            secret: None,
        }
    }

    /// The organizations that the caller can see.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations {
            client: self,
            secret: None,
        }
    }

    async fn send(&self, call: &Call) -> Result<Answer, Error> {
        self.transport.send(call, &self.stop).await
    }

    /// Waits for a rate limit before a change may be tried again, which needs another look first.
    async fn wait(&self, call: &Call, attempts: &mut Attempts, error: Error) -> Result<(), Error> {
        self.transport.wait(call, &self.stop, attempts, error).await
    }

    /// Gives the service time to finish what it may be doing, whatever the wish to stop: a look
    /// that comes too soon finds out nothing.
    async fn settle(&self) {
        tokio::time::sleep(self.transport.settings.pace.settle).await;
    }

    fn error(&self, kind: Kind, call: &Call) -> Error {
        self.transport.error(kind, call)
    }

    fn no_data(&self, call: &Call) -> Error {
        self.error(Kind::Protocol, call)
            .with_detail("the document has no data")
    }

    fn decode<T: DeserializeOwned>(
        &self,
        call: &Call,
        answer: &Answer,
    ) -> Result<Document<T>, Error> {
        document::parse(&answer.body)
            .map_err(|why| self.error(Kind::Protocol, call).with_detail(why))
    }

    fn data<A>(&self, call: &Call, document: Document<Resource<A>>) -> Result<Resource<A>, Error> {
        document.data.ok_or_else(|| self.no_data(call))
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Client")
            .field("hostname", self.hostname())
            .finish_non_exhaustive()
    }
}
