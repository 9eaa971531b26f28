//! [`Context`]: what a call may know and report besides its arguments and its result.

use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::diag::{Diagnostic, Diagnostics};
use super::host::Host;
use super::lifecycle::{Lifecycle, WorkGuard};
use super::private::Private;
use super::value::{self, Type, Value};

/// Whether a call may be put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deferral {
    /// The host does not take it.
    Impossible,
    /// It may be.
    Possible,
    /// It was.
    Deferred,
}

/// What a call may know and report besides its arguments and its result.
#[derive(Debug)]
pub struct Context {
    pub(crate) diagnostics: Diagnostics,
    pub(crate) private: Private,
    pub(crate) config: Value,
    pub(crate) recorded: Option<Value>,
    pub(crate) renew_at: Option<SystemTime>,
    pub(crate) deferral: Deferral,
    pub(crate) ty: Type,
    host: Host,
    lifecycle: Lifecycle,
    stop: watch::Receiver<bool>,
}

impl Context {
    /// A context for a unit test of an author's method: nothing stored, nothing configured, on this host.
    pub fn for_test(host: Host) -> Self {
        let (_, stop) = watch::channel(false);
        Self::new(host, Lifecycle::new(), stop)
    }

    /// What has been reported so far.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    pub(crate) fn new(host: Host, lifecycle: Lifecycle, stop: watch::Receiver<bool>) -> Self {
        Self {
            diagnostics: Diagnostics::new(),
            private: Private::default(),
            config: Value::Null,
            recorded: None,
            renew_at: None,
            deferral: Deferral::Impossible,
            ty: Type::Dynamic,
            host,
            lifecycle,
            stop,
        }
    }

    pub(crate) fn set_host(&mut self, host: Host) {
        self.host = host;
    }

    /// Adds a diagnostic that does not end the call.
    ///
    /// An error may be added as well: the operation then counts as failed, whatever the method returns.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a warning: a summary in Title Case and a detail in sentences.
    pub fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.add(Diagnostic::warning(summary, detail));
    }

    /// Records the object as it is now, for the state, before a step that may fail.
    ///
    /// Should `create` or `update` return an error afterwards, this is what the state holds. (An
    /// object whose *creation* ends in an error is tainted: Terraform destroys it at the next
    /// apply.) Without it a failed creation leaves nothing in the state, a failed update the prior
    /// state.
    ///
    /// # Errors
    ///
    /// A model that does not fit the schema is a bug in the provider.
    pub fn record<M: Serialize>(&mut self, model: &M) -> Result<(), Diagnostics> {
        self.recorded = Some(value::to_value(model, &self.ty)?);
        Ok(())
    }

    /// The configuration; the only place where write-only arguments have their values.
    ///
    /// # Errors
    ///
    /// A configuration that the model cannot hold.
    pub fn config<M: DeserializeOwned>(&self) -> Result<M, Diagnostics> {
        value::from_value(&self.config)
    }

    /// What the provider keeps beside the state. What is not changed is handed on as it is.
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// The same, to be changed.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// Puts a change off until more is known: `return Err(cx.defer("The region is not known yet."))`
    /// in [`modify_plan`](super::Resource::modify_plan). `reason` is a sentence.
    ///
    /// A host that plans in rounds then takes up the change in the next one. Hosts that do not, which
    /// is all of them but Terraform's experimental `-allow-deferral`, are told an error with the
    /// reason; so is every host whose configuration has nothing unknown in it, as at apply.
    #[must_use = "the error that it makes ends the call"]
    pub fn defer(&mut self, reason: impl AsRef<str>) -> Diagnostics {
        if self.deferral != Deferral::Impossible {
            self.deferral = Deferral::Deferred;
        }
        Diagnostic::error(
            "Value Not Known Yet",
            format!(
                "{} The change cannot be planned before that, and this run cannot put it off. First \
                 apply what the value comes from, with the option `-target`.",
                reason.as_ref()
            ),
        )
        .into()
    }

    /// The program that runs the plugin.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Becomes true when the practitioner interrupts the run. Waits and retries should end then;
    /// what has been sent must be finished.
    pub fn stop_signal(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Work that must not be cut off begins: the process does not end before the guard is dropped,
    /// as far as that lies with us, and logs the description, a phrase, where it has to.
    #[must_use]
    pub fn work(&self, description: impl Into<String>) -> WorkGuard {
        self.lifecycle.work(description)
    }

    /// When an ephemeral resource that was opened, or renewed, wants to be renewed.
    pub fn renew_at(&mut self, time: SystemTime) {
        self.renew_at = Some(time);
    }
}
