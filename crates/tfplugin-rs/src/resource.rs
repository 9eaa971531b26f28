//! [`Resource`]: a managed resource.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diag::{Diagnostic, Diagnostics};
use super::identity::ImportBy;
use super::moves::Move;
use super::path::Path;
use super::provider::Provider;
use super::schema::{IdentitySchema, Schema};

/// A managed resource: created, read, updated and deleted by Terraform.
///
/// What a mistake could do is kept out by the shape of the methods: a failed [`delete`] cannot drop
/// a state, private data that is not touched is handed on, a write-only value cannot reach the
/// state, and an unknown value does not arrive in a field that cannot hold it.
///
/// [`delete`]: Resource::delete
pub trait Resource: Send + Sync + Sized + 'static {
    /// The provider that offers it.
    type Provider: Provider;

    /// The object as a struct with a field an attribute. [`Attr`](super::Attr) holds null and
    /// unknown; `Option` null; a plain type neither.
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What tells an object from all others of its type, as a struct with a field an attribute of
    /// [`identity_schema`](Resource::identity_schema); [`NoIdentity`](super::NoIdentity) if nothing
    /// does.
    type Identity: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The resource's full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Its attributes.
    fn schema() -> Schema;

    /// The attributes of its identity; `None` for [`NoIdentity`](super::NoIdentity).
    fn identity_schema() -> Option<IdentitySchema> {
        None
    }

    /// The resource, ready to serve one call. Cheap.
    fn new(client: &<Self::Provider as Provider>::Client) -> Self;

    /// The identity of an object, from what is known of it and of the provider; `None` where that is
    /// not enough to tell. It is asked when an object is created or imported, and for a state that
    /// has no identity yet; from then on the identity is kept as it is.
    ///
    /// No attribute that an update can change belongs into it: one that changes it is refused as a
    /// bug in the provider.
    fn identify(&self, object: &Self::Model) -> Option<Self::Identity> {
        let _ = object;
        None
    }

    /// Checks a configuration beyond what the schema says, without a client. Values may be unknown.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn validate(
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Changes the plan of a creation or an update, after the schema's defaults and plan modifiers.
    ///
    /// It must find the same whenever it is called with the same: Terraform plans again at apply.
    /// An attribute that the configuration sets must stay as configured, or as in the prior state.
    ///
    /// # Errors
    ///
    /// Why it cannot be planned.
    fn modify_plan(
        &self,
        change: &mut Change<Self::Model>,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (change, cx);
        async { Ok(()) }
    }

    /// May warn about a destruction that is planned.
    ///
    /// # Errors
    ///
    /// Why it cannot be destroyed.
    fn plan_destroy(
        &self,
        state: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (state, cx);
        async { Ok(()) }
    }

    /// Creates the object as planned and returns it with every value known.
    ///
    /// # Errors
    ///
    /// Nothing is then in the state, unless [`Context::record`] was called.
    fn create(
        &self,
        plan: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Reads the object; `None`: it is surely gone, and leaves the state.
    ///
    /// # Errors
    ///
    /// The state is then kept as it is.
    fn read(
        &self,
        state: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object from `state` to `plan` and returns it with every value known.
    ///
    /// # Errors
    ///
    /// The prior state is then kept, unless [`Context::record`] was called.
    fn update(
        &self,
        plan: Self::Model,
        state: Self::Model,
        cx: &mut Context,
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

    /// Deletes the object. After `Ok` it leaves the state; deleting what is gone already is `Ok`.
    ///
    /// # Errors
    ///
    /// The state is then kept.
    fn delete(
        &self,
        state: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// The states that it takes over where a `moved` block asks for it: of other providers, or of
    /// other types.
    fn moves() -> Vec<Move<Self::Model>> {
        Vec::new()
    }

    /// The configuration that Terraform writes for an object that was imported or listed: `config`
    /// has what the schema says can be there, and this may leave out more. What is required stays.
    fn generate_config(config: Self::Model) -> Self::Model {
        config
    }

    /// The object that an import names, by its ID or its identity. Terraform reads it right after.
    ///
    /// # Errors
    ///
    /// Why it cannot be imported.
    fn import(
        &self,
        by: ImportBy<Self::Identity>,
        cx: &mut Context,
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

/// A creation or an update that is being planned.
#[derive(Debug)]
pub struct Change<M> {
    /// What the configuration says; unknown where it is not known yet.
    pub config: M,
    /// The object before; `None` while creating.
    pub state: Option<M>,
    /// The object as it is planned.
    pub plan: M,
    replace: Vec<Path>,
}

impl<M> Change<M> {
    /// A change to be planned; for unit tests of [`Resource::modify_plan`].
    pub fn new(config: M, state: Option<M>, plan: M) -> Self {
        Self {
            config,
            state,
            plan,
            replace: Vec::new(),
        }
    }

    /// Replaces the object because of this attribute, if it changes. No effect while creating.
    pub fn requires_replace(&mut self, path: Path) {
        self.replace.push(path);
    }

    /// The plan, and the attributes that require a replacement if they change.
    pub fn into_parts(self) -> (M, Vec<Path>) {
        (self.plan, self.replace)
    }
}
