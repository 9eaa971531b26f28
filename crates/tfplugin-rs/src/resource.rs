//! [`Resource`]: a managed resource.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::{ApplyContext, Context, PlanContext, ResourceContext};
use super::diag::{Diagnostic, Diagnostics};
use super::identity::ImportBy;
use super::moves::Move;
use super::path::Path;
use super::schema::{IdentitySchema, Schema};

/// A managed resource: Terraform creates, reads, updates and deletes it.
///
/// The shape of the methods prevents several mistakes. A failed [`delete`] keeps the state. Private data that is not
/// changed is stored again. A write-only value cannot reach the state.
///
/// A method is not called with a value that a field of the model cannot hold, such as an unknown value in a `String`. The
/// practitioner gets an error instead, which says that it is a bug in the provider. So use [`Attr`](crate::Attr) for
/// every argument, also for a required one: it may refer to another object, and is then unknown while planning.
///
/// All methods run on one thread. A blocking call would delay all others, and the stop signal: run it with
/// `tokio::task::spawn_blocking`. For that the provider itself depends on `tokio`, with the feature `rt`.
///
/// [`delete`]: Resource::delete
pub trait Resource: Send + Sync + Sized + 'static {
    /// What the resource works with, usually an API client: the [`Provider::Client`](crate::Provider::Client) of the
    /// provider that offers it.
    type Client: Send + Sync + 'static;

    /// The object, as a struct with one field for each attribute: [`Attr`](crate::Attr) holds null and unknown values,
    /// `Option` null values, and a plain type neither.
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The identity of an object, as a struct with one field for each attribute of
    /// [`identity_schema`](Resource::identity_schema). Use [`NoIdentity`](crate::NoIdentity) for a resource without
    /// one.
    type Identity: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Returns the schema.
    fn schema() -> Schema;

    /// Returns the schema of the identity. By default `None`, for a resource with [`NoIdentity`](crate::NoIdentity).
    fn identity_schema() -> Option<IdentitySchema> {
        None
    }

    /// Returns the resource for one call. Should be cheap.
    fn new(client: &Self::Client) -> Self;

    /// Returns the identity of an object, or `None` if the object and the provider's configuration do not determine it
    /// yet.
    ///
    /// The SDK asks for it when an object is created or imported, and for a state without an identity. From then on the
    /// identity stays as it is, unless [`changed_identity`](Resource::changed_identity) returns another one: an update
    /// that changes it otherwise is reported as a bug in the provider.
    fn identify(&self, object: &Self::Model) -> Option<Self::Identity> {
        let _ = object;
        None
    }

    /// Returns the new identity of an object that had the identity `prior`, or `None` if it stays. By default `None`.
    ///
    /// An identity that changes is the exception, for objects that can be renamed: a practitioner who refers to one by
    /// its old identity no longer finds it. The SDK asks after every read and update, and sends the new identity with the
    /// new state; a plan still shows `prior`. All hosts accept it. (In terraform-plugin-framework such a resource sets
    /// `ResourceBehavior.MutableIdentity`.)
    fn changed_identity(
        &self,
        object: &Self::Model,
        prior: &Self::Identity,
    ) -> Option<Self::Identity> {
        let _ = (object, prior);
        None
    }

    /// Checks a configuration beyond its schema. Values may be unknown. There is no client yet.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the configuration. By default nothing is.
    fn validate(
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Changes the plan of a creation or an update. By default it changes nothing.
    ///
    /// It runs after the schema's defaults and [plan modifiers](crate::schema::PlanModifier), also if nothing changes.
    /// Computed attributes are marked unknown before, and only in a creation or if the plan differs from the prior
    /// state: if this method makes the only change, it must set the computed attributes that depend on it to unknown.
    ///
    /// It must make the same plan for the same arguments, because Terraform plans again while applying. A configured
    /// attribute must stay as configured, or as it is in the prior state.
    ///
    /// # Errors
    ///
    /// Returns why the change cannot be planned.
    fn modify_plan(
        &self,
        change: &mut Change<Self::Model>,
        cx: &mut PlanContext,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (change, cx);
        async { Ok(()) }
    }

    /// Checks a planned deletion, and may warn of its effects. By default it does nothing.
    ///
    /// # Errors
    ///
    /// Returns why the object cannot be deleted.
    fn plan_destroy(
        &self,
        state: Self::Model,
        cx: &mut ResourceContext,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (state, cx);
        async { Ok(()) }
    }

    /// Creates the object as planned, and returns it with all values known.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be created. The state then holds what [`ApplyContext::record`] recorded, or no object.
    fn create(
        &self,
        plan: Self::Model,
        cx: &mut ApplyContext,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object. If this returns `None`, Terraform removes the object from the state.
    ///
    /// Return `None` only if the object certainly does not exist any more.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be read. The state is then kept as it is.
    fn read(
        &self,
        state: Self::Model,
        cx: &mut ResourceContext,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Updates the object from `state` to `plan`, and returns it with all values known.
    ///
    /// The default is for resources whose every argument requires a replacement: it reports a bug in the provider.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be updated. The state then holds what [`ApplyContext::record`] recorded, or the prior
    /// object.
    fn update(
        &self,
        plan: Self::Model,
        state: Self::Model,
        cx: &mut ApplyContext,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        let _ = (plan, state, cx);
        async {
            Err(Diagnostic::bug(format!(
                "{} cannot be updated in place, but an update was planned.",
                Self::NAME
            ))
            .into())
        }
    }

    /// Deletes the object. If this returns `Ok`, Terraform removes the object from the state.
    ///
    /// Return `Ok` also if the object does not exist any more.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be deleted. The state is then kept.
    fn delete(
        &self,
        state: Self::Model,
        cx: &mut ResourceContext,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Returns the states of other types or providers that a `moved` block can move to this resource. By default it is
    /// empty.
    fn moves() -> Vec<Move<Self::Model>> {
        Vec::new()
    }

    /// Returns the configuration that Terraform writes for an imported or listed object. By default it is `config`.
    ///
    /// `config` is the object without what need not be configured: attributes that only the provider sets, write-only
    /// and deprecated ones, values that equal the [default](crate::Attribute::default_value) of the schema, and values
    /// that the validators of the schema refuse. Required attributes are always kept. Set more attributes to null to
    /// leave them out too.
    fn generate_config(config: Self::Model) -> Self::Model {
        config
    }

    /// Imports the object that an import ID or an identity names. Terraform reads it right afterwards.
    ///
    /// Set the attributes that [`read`](Resource::read) needs, and all others to null. An unknown value is reported as a
    /// bug in the provider.
    ///
    /// The default reports that the resource cannot be imported.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be imported.
    fn import(
        &self,
        by: ImportBy<Self::Identity>,
        cx: &mut ResourceContext,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send {
        let _ = (by, cx);
        async {
            Err(Diagnostic::error(
                "Import Not Supported",
                format!("A {} cannot be imported.", Self::NAME),
            )
            .into())
        }
    }
}

/// A planned creation or update.
#[derive(Debug)]
pub struct Change<M> {
    /// The configuration. Values may be unknown.
    pub config: M,
    /// The prior state; `None` for a creation.
    pub state: Option<M>,
    /// The planned state.
    pub plan: M,
    replace: Vec<Path>,
}

impl<M> Change<M> {
    /// Returns a change for a unit test of [`Resource::modify_plan`].
    pub fn new(config: M, state: Option<M>, plan: M) -> Self {
        Self {
            config,
            state,
            plan,
            replace: Vec::new(),
        }
    }

    /// Plans a replacement because of this attribute if the plan changes it. It has no effect on a creation.
    pub fn requires_replace(&mut self, path: Path) {
        self.replace.push(path);
    }

    /// Returns the planned state, and the attributes that require a replacement if they change.
    pub fn into_parts(self) -> (M, Vec<Path>) {
        (self.plan, self.replace)
    }
}
