//! [`Action`]: an operation that leaves nothing in state or plan.

use std::future::Future;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::context::Context;
use super::diag::Diagnostics;
use super::schema::Schema;

/// An action (Terraform 1.14): invoked by `terraform apply -invoke`, or by an `action_trigger` of a resource.
///
/// It has a configuration, but no result, no state and no private data. A practitioner invokes it again after a run
/// that failed half-way, so it should be idempotent.
pub trait Action: Send + Sync + Sized + 'static {
    /// What the action works with, usually an API client: the [`Provider::Client`](crate::Provider::Client) of the
    /// provider that offers it.
    type Client: Send + Sync + 'static;

    /// The arguments, as a struct with one field for each attribute.
    ///
    /// They are known in [`invoke`](Action::invoke), but may be unknown in [`validate`](Action::validate) and
    /// [`plan`](Action::plan): use [`Attr`](crate::Attr).
    type Config: DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_revoke_audit_trail_token`.
    const NAME: &'static str;

    /// Returns the schema of the arguments.
    fn schema() -> Schema;

    /// Returns the action for one call. Should be cheap.
    fn new(client: &Self::Client) -> Self;

    /// Checks a configuration beyond its schema. Values may be unknown. There is no client yet.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the configuration. By default nothing is.
    fn validate(
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Checks a planned invocation, and may warn of its effects. By default it does nothing.
    ///
    /// It must change nothing. Values may be unknown.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be invoked. By default nothing prevents it.
    fn plan(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Invokes the action. Terraform is notified of its end, also after an error or a panic.
    ///
    /// # Errors
    ///
    /// Returns what could not be done. The run then fails; what was done before stays done.
    fn invoke(
        &self,
        config: Self::Config,
        progress: &Progress,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Reports the progress of an action to the practitioner.
///
/// It is borrowed for the invocation, so nothing can be reported after its end.
#[derive(Debug)]
pub struct Progress {
    events: mpsc::Sender<ActionEvent>,
}

/// An event of a running action, as Terraform receives it.
#[derive(Debug)]
pub(crate) enum ActionEvent {
    /// A message about its progress.
    Progress(String),
    /// Its end, with its diagnostics.
    Completed(Diagnostics),
}

impl Progress {
    pub(crate) fn new(events: mpsc::Sender<ActionEvent>) -> Self {
        Self { events }
    }

    /// Reports a sentence, such as "Revoking the audit trail token at-1.".
    ///
    /// Terraform does not show it after an interrupt: add what a practitioner has to know then to the [`Context`].
    pub async fn report(&self, message: impl Into<String> + Send) {
        let message = message.into();
        tracing::debug!(progress = message, "reported progress");
        // Fails if the host has given up the call; the action goes on.
        let _ = self.events.send(ActionEvent::Progress(message)).await;
    }
}
