//! [`Context`] and the contexts of single calls: what a call offers an author's method besides its arguments.
//!
//! Every method gets a context that offers what its call can do, and nothing else:
//!
//! | method | context | offers, besides diagnostics, stop signal and host |
//! |---|---|---|
//! | `validate`, `configure`, [`DataSource::read`], `list`, action's `plan` and `invoke` | [`Context`] | |
//! | [`Resource::read`], [`import`], [`delete`], [`plan_destroy`] | [`ResourceContext`] | private data, identity |
//! | [`modify_plan`] | [`PlanContext`] | private data, that of the applied plan, identity, configuration, deferral |
//! | [`create`], [`update`] | [`ApplyContext`] | private data, identity, configuration, recorded state |
//! | [`open`], [`renew`] | [`OpenContext`] | private data, time of renewal |
//! | [`close`] | [`CloseContext`] | private data, read-only |
//!
//! Each dereferences to the one that it extends, and all of them to [`Context`]: a function that only adds diagnostics
//! takes `&mut Context`, one that also needs private data `&mut ResourceContext`.
//!
//! [`DataSource::read`]: crate::DataSource::read
//! [`Resource::read`]: crate::Resource::read
//! [`import`]: crate::Resource::import
//! [`delete`]: crate::Resource::delete
//! [`plan_destroy`]: crate::Resource::plan_destroy
//! [`modify_plan`]: crate::Resource::modify_plan
//! [`create`]: crate::Resource::create
//! [`update`]: crate::Resource::update
//! [`open`]: crate::EphemeralResource::open
//! [`renew`]: crate::EphemeralResource::renew
//! [`close`]: crate::EphemeralResource::close

use std::ops::{Deref, DerefMut};
use std::time::SystemTime;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::diag::{Diagnostic, Diagnostics};
use super::host::Host;
use super::lifecycle::{Lifecycle, WorkGuard};
use super::private::Private;
use super::value::{self, Type, Value};

/// What every call offers: diagnostics, the stop signal, the host.
#[derive(Debug)]
pub struct Context {
    pub(crate) diagnostics: Diagnostics,
    host: Host,
    lifecycle: Lifecycle,
    stop: CancellationToken,
}

impl Context {
    /// Returns a context for a unit test of an author's method: without diagnostics, and with a stop signal that is
    /// never set.
    pub fn for_test(host: Host) -> Self {
        Self::new(host, Lifecycle::new(), CancellationToken::new())
    }

    pub(crate) fn new(host: Host, lifecycle: Lifecycle, stop: CancellationToken) -> Self {
        Self {
            diagnostics: Diagnostics::new(),
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
    /// An error may be added as well: the operation then counts as failed, even if the method returns `Ok`.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds a warning: a summary in Title Case and a detail in sentences.
    pub fn warn(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.add(Diagnostic::warning(summary, detail));
    }

    /// Returns the diagnostics that were added so far.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// Returns the host: the program that runs the plugin, Terraform or OpenTofu.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Returns the signal that is set when the practitioner interrupts the run, or when the host gives up the call.
    ///
    /// End waits and retries then. Do not abort a request that changes something: wait for its answer.
    pub fn stop_signal(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Registers work that must not be cut off: the process waits with its exit until the guard is dropped.
    ///
    /// If the process has to exit earlier, it logs `description`, a phrase such as "creating the bucket my-bucket".
    #[must_use]
    pub fn work(&self, description: impl Into<String>) -> WorkGuard {
        self.lifecycle.work(description)
    }

    /// Leaves work for the exit of the process: see [`Lifecycle::at_exit`].
    pub fn at_exit(
        &self,
        description: impl Into<String>,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        self.lifecycle.at_exit(description, work);
    }

    /// Cancels work that was left for the exit: see [`Lifecycle::cancel_at_exit`].
    pub fn cancel_at_exit(&self, description: &str) {
        self.lifecycle.cancel_at_exit(description);
    }
}

/// Declares a context that extends another one, to which it dereferences.
macro_rules! context {
    ($(#[$about:meta])* $name:ident: $base:ident { $($field:ident: $ty:ty = $initial:expr,)* }) => {
        $(#[$about])*
        #[derive(Debug)]
        pub struct $name {
            base: $base,
            $(pub(crate) $field: $ty,)*
        }

        impl $name {
            /// Returns a context for a unit test, as [`Context::for_test`] does, with empty data.
            pub fn for_test(host: Host) -> Self {
                Context::for_test(host).into()
            }
        }

        impl From<Context> for $name {
            fn from(base: Context) -> Self {
                Self { base: base.into(), $($field: $initial,)* }
            }
        }

        impl From<$name> for Context {
            fn from(cx: $name) -> Self {
                cx.base.into()
            }
        }

        impl Deref for $name {
            type Target = $base;

            fn deref(&self) -> &$base {
                &self.base
            }
        }

        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut $base {
                &mut self.base
            }
        }
    };
}

context! {
    /// What a call offers that reads, imports or deletes a managed resource, or plans to delete it: private data, the
    /// identity.
    ResourceContext: Context {
        private: Private = Private::default(),
        identity: Option<Value> = None,
    }
}

context! {
    /// What a call offers that plans to create or update a managed resource: private data, that of the plan that is applied,
    /// the configuration, deferral.
    PlanContext: ResourceContext {
        config: Value = Value::Null,
        deferral: Deferral = Deferral::Impossible,
        is_private_returned: bool = false,
        planned_private: Option<Private> = None,
    }
}

context! {
    /// What a call offers that creates or updates a managed resource: private data, the configuration, a record of the
    /// state.
    ApplyContext: ResourceContext {
        config: Value = Value::Null,
        ty: Type = Type::Dynamic,
        recorded: Option<Value> = None,
    }
}

context! {
    /// What a call offers that opens or renews an ephemeral resource: private data, the time of the next renewal.
    OpenContext: ResourceContext {
        renew_at: Option<SystemTime> = None,
    }
}

context! {
    /// What a call offers that closes an ephemeral resource: private data, read-only.
    CloseContext: Context {
        private: Private = Private::default(),
    }
}

impl ResourceContext {
    /// Returns the data that the provider keeps beside the object. Data that is not changed is stored again.
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// Returns the data that the provider keeps beside the object, to change it.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }

    /// Returns the identity of the object in the prior state.
    ///
    /// It is `None` if the state has none: for a new object, in a state that an older host or another provider wrote, and
    /// for resources without identity. While an object is replaced, its creation gets the identity of the old one, or
    /// none.
    ///
    /// # Errors
    ///
    /// Returns an error if `I` cannot hold the identity.
    pub fn identity<I: DeserializeOwned>(&self) -> Result<Option<I>, Diagnostics> {
        self.identity.as_ref().map(value::from_value).transpose()
    }
}

/// Declares the configuration of contexts whose calls have one besides the plan.
macro_rules! configuration {
    ($($name:ident),*) => {$(
        impl $name {
            /// Returns the configuration. Only the configuration has the values of write-only arguments.
            ///
            /// # Errors
            ///
            /// Returns an error if the model cannot hold a configured value.
            pub fn config<M: DeserializeOwned>(&self) -> Result<M, Diagnostics> {
                value::from_value(&self.config)
            }
        }
    )*};
}

configuration!(PlanContext, ApplyContext);

impl CloseContext {
    /// Returns the data that was stored when the ephemeral resource was opened, or renewed last.
    pub fn private(&self) -> &Private {
        &self.private
    }
}

impl ApplyContext {
    /// Records the object for the state before a step that may fail.
    ///
    /// If `create` or `update` returns an error afterwards, the state holds the recorded object. Terraform marks an
    /// object whose *creation* failed as tainted, and replaces it at the next apply. If nothing was recorded, a failed
    /// creation leaves no object in the state, and a failed update the prior one.
    ///
    /// # Errors
    ///
    /// Returns an error if the model does not fit the schema, which is a bug in the provider.
    pub fn record<M: Serialize>(&mut self, model: &M) -> Result<(), Diagnostics> {
        self.recorded = Some(value::to_value(model, &self.ty)?);
        Ok(())
    }
}

impl PlanContext {
    /// Returns the private data of the plan that is being applied. Terraform plans again while applying, and its changes to
    /// private data are what the apply gets: copy from here what has to stay as it was planned.
    ///
    /// Returns `None` while planning, and on hosts that do not hand it on: all before Terraform 1.16.
    pub fn planned_private(&self) -> Option<&Private> {
        self.planned_private.as_ref()
    }

    /// Returns whether the host hands this plan's private data on to the plan that it makes while applying, as Terraform does
    /// from 1.16 on ([`planned_private`](Self::planned_private)).
    pub fn is_private_returned(&self) -> bool {
        self.is_private_returned
    }

    /// Defers the change until more is known: `return Err(cx.defer("The region is not known yet."))`.
    ///
    /// `reason` is a sentence. Terraform's experimental `-allow-deferral` plans the change again in the next
    /// round. Otherwise, or if no configured value is unknown, the practitioner sees an error with the reason.
    #[must_use = "return the error to end the call"]
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
}

impl OpenContext {
    /// Asks Terraform to renew the ephemeral resource at this time.
    pub fn renew_at(&mut self, time: SystemTime) {
        self.renew_at = Some(time);
    }
}

/// Whether a change may be deferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deferral {
    /// The host does not accept a deferral.
    Impossible,
    /// The host accepts a deferral.
    Possible,
    /// The author deferred the change.
    Deferred,
}
