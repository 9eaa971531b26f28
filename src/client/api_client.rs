//! [`Client`]: sends the requests of each part of the API, with one token to one host.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::document::{self, Document, Resource};
use super::error::{Error, Kind};
use super::hostname::Hostname;
use super::product::ObservedProduct;
use super::retry::Attempts;
use super::settings::Settings;
use super::timing::Timing;
use super::transport::{Answer, Call, OnStop, Transport};

/// A client for one host with one token. Clones share the connection.
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    stop: CancellationToken,
}

impl Client {
    /// Makes a client. It reads no certificate and sends nothing before the first request. `version`
    /// is the provider's, for the `User-Agent`.
    pub fn new(settings: Settings, timing: Timing, version: &str) -> Client {
        Client {
            transport: Arc::new(Transport::new(settings, timing, version)),
            stop: CancellationToken::new(),
        }
    }

    /// Returns the host.
    pub fn hostname(&self) -> &Hostname {
        &self.transport.settings.hostname
    }

    /// Returns the URL of the API, if it has been discovered.
    pub(super) fn known_api_address(&self) -> Option<String> {
        self.transport.known_api_url().map(ToString::to_string)
    }

    /// Whether the host has answered any request. One that has not is waited for for a shorter time.
    pub(crate) fn has_answered(&self) -> bool {
        self.transport.has_answered()
    }

    /// Returns the URL of the API. Discovers it if no request has been sent.
    ///
    /// # Errors
    ///
    /// It cannot be discovered.
    pub(super) async fn api_address(&self) -> Result<String, Error> {
        let url = self.transport.api_url(&self.stop).await?;
        Ok(url.to_string())
    }

    /// Returns the same client, whose waits and retries end with [`Error::is_stopped`] as soon as
    /// `stop` is cancelled.
    ///
    /// A change that was sent is finished first. If its answer is not clear, the client reads what it
    /// has done.
    pub fn stopping_with(&self, stop: CancellationToken) -> Client {
        Client {
            transport: Arc::clone(&self.transport),
            stop,
        }
    }

    /// Returns the same client, whose waits and retries do not end with a stop request.
    pub fn without_stop(&self) -> Client {
        self.stopping_with(CancellationToken::new())
    }

    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        self.transport.send(call, &self.stop).await
    }

    /// Sends a GET once, also after a stop request.
    pub(super) async fn send_once(&self, call: &Call) -> Result<Answer, Error> {
        let call = Call {
            on_stop: OnStop::SendOnce,
            ..call.clone()
        };
        self.transport.send_once(&call, &self.stop).await
    }

    /// Waits until a change that met a rate limit may be sent again. The caller first reads whether
    /// another caller has made a change in the meantime.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not sent again; or a stop was requested.
    pub(super) async fn wait_before_retry(
        &self,
        call: &Call,
        attempts: &mut Attempts,
        error: Error,
    ) -> Result<(), Error> {
        self.transport
            .wait_before_retry(call, &self.stop, attempts, error)
            .await
    }

    /// Waits until the service has finished a pending change, even if a stop was requested. Reading
    /// earlier would return what was there before.
    pub(super) async fn wait_for_consistency(&self) {
        tokio::time::sleep(self.transport.timing.consistency_wait).await;
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Whether no answer so far has named the product.
    pub(super) fn is_service_unknown(&self) -> bool {
        self.transport.product.is_unknown()
    }

    /// Returns which product the service is, as far as known.
    pub(super) fn product(&self) -> &ObservedProduct {
        &self.transport.product
    }

    /// Checks that the service is HCP Terraform. The error says why it is not.
    pub(super) fn check_is_hcp_terraform(&self) -> Result<(), String> {
        let assumed = self.transport.settings.assume_audit_trails;
        self.transport.product.check_is_hcp_terraform(assumed)
    }

    pub(super) fn error(&self, kind: Kind, call: &Call) -> Error {
        self.transport.error(kind, call)
    }

    pub(super) fn no_data(&self, call: &Call, answer: &Answer) -> Error {
        self.error(Kind::Protocol, call)
            .with_detail("the document has no data")
            .with_named_service(answer.is_named)
    }

    pub(super) fn decode<T: DeserializeOwned>(
        &self,
        call: &Call,
        answer: &Answer,
    ) -> Result<Document<T>, Error> {
        document::parse(&answer.body).map_err(|why| {
            let error = self.error(Kind::Protocol, call).with_detail(why);
            error.with_named_service(answer.is_named)
        })
    }

    /// Decodes a document with one resource.
    pub(super) fn decode_resource<A: DeserializeOwned>(
        &self,
        call: &Call,
        answer: &Answer,
    ) -> Result<Resource<A>, Error> {
        let document: Document<Resource<A>> = self.decode(call, answer)?;
        document.data.ok_or_else(|| self.no_data(call, answer))
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
