//! [`Action`]: something that is done, and leaves nothing in state or plan.

use std::future::Future;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::context::Context;
use super::diag::Diagnostics;
use super::provider::Provider;
use super::schema::Schema;

/// An action: invoked by `terraform apply -invoke`, or by an `action_trigger` of a resource
/// (Terraform 1.14).
///
/// It has a configuration and nothing else: no result, no state, no private data. So it should be
/// such that invoking it again, after a run that failed half-way, does no harm.
pub trait Action: Send + Sync + Sized + 'static {
    /// The provider that offers it.
    type Provider: Provider;

    /// The arguments as a struct with a field an attribute. All are known in
    /// [`invoke`](Action::invoke), but may be unknown in [`validate`](Action::validate) and
    /// [`plan`](Action::plan): use [`Attr`](super::Attr).
    type Config: DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_revoke_audit_trail_token`.
    const NAME: &'static str;

    /// Its arguments.
    fn schema() -> Schema;

    /// The action, ready to serve one call. Cheap.
    fn new(client: &<Self::Provider as Provider>::Client) -> Self;

    /// Checks a configuration beyond what the schema says, without a client. Values may be unknown.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn validate(
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// May warn of what invoking it will do. Nothing is to be changed yet, and values may be
    /// unknown.
    ///
    /// # Errors
    ///
    /// Why it cannot be invoked.
    fn plan(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Does it. Terraform is told of the end exactly once, whether this returns, fails or panics.
    ///
    /// # Errors
    ///
    /// What was not done. The run then fails; what it had done before stays done.
    fn invoke(
        &self,
        config: Self::Config,
        progress: &Progress,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Tells a practitioner who watches how an action gets on.
///
/// It cannot be kept beyond the invocation, so nothing can follow the end.
#[derive(Debug)]
pub struct Progress {
    steps: mpsc::Sender<Step>,
}

/// What Terraform is told of an action that runs.
#[derive(Debug)]
pub(crate) enum Step {
    /// It has got so far.
    Progress(String),
    /// It has ended, with this to be told.
    Completed(Diagnostics),
}

impl Progress {
    pub(crate) fn new(steps: mpsc::Sender<Step>) -> Self {
        Self { steps }
    }

    /// Reports a sentence, such as "Revoking the audit trail token at-1.". Where nobody listens any
    /// more, it is forgotten: the action goes on. After an interrupt nobody does, so what a
    /// practitioner has to know then is told to the [`Context`].
    pub async fn report(&self, message: impl Into<String> + Send) {
        let message = message.into();
        tracing::debug!(progress = message, "reported progress");
        let _ = self.steps.send(Step::Progress(message)).await;
    }
}
