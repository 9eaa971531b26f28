//! [`Context`] and the contexts of single calls: what a call offers an author's method besides its arguments.
//!
//! Every method gets a context that offers what its call can do, and nothing else:
//!
//! | method | context | offers, besides diagnostics, stop signal and host |
//! |---|---|---|
//! | `validate`, `configure`, [`DataSource::read`], `list`, action's `plan` and `invoke` | [`Context`] | |
//! | [`Resource::read`], [`import`], [`delete`], [`plan_destroy`] | [`ResourceContext`] | private data |
//! | [`modify_plan`] | [`PlanContext`] | private data, configuration, deferral |
//! | [`create`], [`update`] | [`ApplyContext`] | private data, configuration, recorded state |
//! | [`open`], [`renew`] | [`OpenContext`] | private data, time of renewal |
//! | [`close`] | [`CloseContext`] | private data, to read |
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
    /// Returns a context for a unit test of an author's method: no diagnostics yet, and a stop signal that never comes.
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
    /// An error may be added as well: the operation then counts as failed, whatever the method returns.
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

    /// Returns the program that runs the plugin.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Returns the signal that the practitioner interrupted the run, or that the host gave the call up.
    ///
    /// Waits and retries should end then. A request that changes something, once sent, should be waited for.
    pub fn stop_signal(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Marks work that must not be cut off: the process does not exit before the guard is dropped, unless it is forced to.
    /// Then it logs `description`, a phrase such as "creating the bucket my-bucket".
    #[must_use]
    pub fn work(&self, description: impl Into<String>) -> WorkGuard {
        self.lifecycle.work(description)
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
            /// Returns a context for a unit test, as [`Context::for_test`] does: nothing is stored and nothing configured.
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
    /// What reading, importing, deleting, and planning to delete a managed resource offer: private data.
    ResourceContext: Context {
        private: Private = Private::default(),
    }
}

context! {
    /// What planning a creation or an update of a managed resource offers: private data, the configuration, deferral.
    PlanContext: ResourceContext {
        config: Value = Value::Null,
        deferral: Deferral = Deferral::Impossible,
    }
}

context! {
    /// What creating and updating a managed resource offer: private data, the configuration, a record of the state.
    ApplyContext: ResourceContext {
        config: Value = Value::Null,
        ty: Type = Type::Dynamic,
        recorded: Option<Value> = None,
    }
}

context! {
    /// What opening and renewing an ephemeral resource offer: private data, the time of the next renewal.
    OpenContext: ResourceContext {
        renew_at: Option<SystemTime> = None,
    }
}

context! {
    /// What closing an ephemeral resource offers: private data, to read.
    CloseContext: Context {
        private: Private = Private::default(),
    }
}

impl ResourceContext {
    /// Returns the data that the provider keeps beside the object. It is stored again unless it is changed.
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// Returns the data that the provider keeps beside the object, to change it.
    pub fn private_mut(&mut self) -> &mut Private {
        &mut self.private
    }
}

/// Declares the configuration of contexts whose calls have one besides the plan.
macro_rules! configuration {
    ($($name:ident),*) => {$(
        impl $name {
            /// Returns the configuration. It alone holds the values of write-only arguments.
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
    /// If `create` or `update` returns an error afterwards, the state holds the recorded object. Terraform marks an object
    /// whose *creation* failed as tainted, and replaces it at the next apply. If nothing was recorded, a failed creation
    /// leaves no object in the state, and a failed update the prior one.
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
    /// Defers the change until more is known: `return Err(cx.defer("The region is not known yet."))`.
    ///
    /// `reason` is a sentence. A host that plans in rounds plans the change again in the next round. All other hosts
    /// (today all but Terraform's experimental `-allow-deferral`) report an error with the reason, as does every host if the
    /// configuration holds no unknown value.
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
