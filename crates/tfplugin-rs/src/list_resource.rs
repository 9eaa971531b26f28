//! [`ListResource`]: lists the existing objects of a managed resource, and [`ListResults`], which it pushes them to.

use std::future::Future;
use std::ops::ControlFlow;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::context::Context;
use super::diag::{Diagnostic, Diagnostics};
use super::resource::Resource;
use super::schema::{IdentitySchema, Schema};
use super::value::{Type, Value, to_value};

/// A list resource (Terraform 1.14): lists the existing objects of a managed resource for `terraform query`, which
/// shows them and generates configuration that imports them.
///
/// It has the name of its managed resource, which must have an identity and be offered by the same provider:
/// [`Registry::problems`](crate::Registry::problems).
pub trait ListResource: Send + Sync + Sized + 'static {
    /// The managed resource whose objects are listed.
    type Resource: Resource;

    /// The arguments, as a struct with one field for each attribute.
    ///
    /// They are known in [`list`](ListResource::list), but may be unknown in [`validate`](ListResource::validate): use
    /// [`Attr`](crate::Attr).
    type Config: DeserializeOwned + Send + Sync + 'static;

    /// Returns the schema of the arguments.
    fn schema() -> Schema;

    /// Returns the list resource for one call. Should be cheap.
    fn new(client: &<Self::Resource as Resource>::Client) -> Self;

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

    /// Lists the objects: pushes each to `results` as soon as it is found, until there are no more, or until
    /// [`push`](ListResults::push) returns [`ControlFlow::Break`].
    ///
    /// Diagnostics that are added to the context reach the host with the next object, or at the end.
    ///
    /// # Errors
    ///
    /// Returns why the objects cannot be listed. Terraform then shows none of them, so add a warning instead if the
    /// list is merely incomplete.
    fn list(
        &self,
        config: Self::Config,
        results: &mut ListResults<Self::Resource>,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Sends the objects of a list to the host.
///
/// [`push`](ListResults::push) waits until the host has taken earlier objects, so only a few are in memory at a time.
pub struct ListResults<R: Resource> {
    resource: R,
    ty: Type,
    identity: Option<(IdentitySchema, Type)>,
    request: ListRequest,
    count: u64,
    results: mpsc::Sender<ListResult>,
}

/// What the host asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListRequest {
    /// The highest number of objects; `None` for no limit.
    pub(crate) limit: Option<u64>,
    pub(crate) includes_objects: bool,
}

/// One event of the list: an object with its diagnostics, or diagnostics alone.
#[derive(Debug, Default)]
pub(crate) struct ListResult {
    pub(crate) identity: Option<Value>,
    pub(crate) display_name: String,
    pub(crate) object: Option<Value>,
    pub(crate) diagnostics: Diagnostics,
}

impl<R: Resource> ListResults<R> {
    pub(crate) fn new(
        resource: R,
        request: ListRequest,
        results: mpsc::Sender<ListResult>,
    ) -> Self {
        let identity = R::identity_schema().map(|schema| {
            let ty = schema.ty();
            (schema, ty)
        });
        Self {
            resource,
            ty: R::schema().ty(),
            identity,
            request,
            count: 0,
            results,
        }
    }

    /// Returns whether the host asks for whole objects. If not, only the identity of a pushed object is used: leave out
    /// requests for other attributes.
    pub fn includes_objects(&self) -> bool {
        self.request.includes_objects
    }

    /// Returns whether no more objects are wanted: the limit is reached, or the host has given up the call.
    ///
    /// [`push`](ListResults::push) reports it too. Check it before a request that may find nothing to push.
    pub fn is_full(&self) -> bool {
        let limit_is_reached = self.request.limit.is_some_and(|limit| self.count >= limit);
        limit_is_reached || self.results.is_closed()
    }

    /// Sends an object to the host. `display_name` is the name by which a practitioner knows it.
    ///
    /// Its identity comes from [`identify`](Resource::identify) of the managed resource.
    ///
    /// Returns [`ControlFlow::Break`] if no more objects are wanted.
    ///
    /// # Errors
    ///
    /// Returns an error if the object's identity is incomplete or a value is unknown, which is a bug in the provider.
    pub async fn push(
        &mut self,
        display_name: impl Into<String> + Send,
        object: &R::Model,
        cx: &mut Context,
    ) -> Result<ControlFlow<()>, Diagnostics> {
        if self.is_full() {
            return Ok(ControlFlow::Break(()));
        }
        let result = ListResult {
            identity: Some(self.identity(object)?),
            display_name: display_name.into(),
            object: self.object(object)?,
            diagnostics: std::mem::take(&mut cx.diagnostics),
        };
        self.count += 1;
        // Fails if the host has given up the call.
        let _ = self.results.send(result).await;
        Ok(if self.is_full() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn identity(&self, object: &R::Model) -> Result<Value, Diagnostics> {
        let identity = self.identity.as_ref().and_then(|(schema, ty)| {
            let identity = self.resource.identify(object)?;
            Some((schema, to_value(&identity, ty)))
        });
        let Some((schema, identity)) = identity else {
            return Err(bug::<R>("no identity"));
        };
        let identity = identity?;
        let is_missing = |name| {
            identity
                .attribute(name)
                .is_none_or(|value| value.is_null() || !value.is_wholly_known())
        };
        if schema.attributes().any(|(name, _)| is_missing(name)) {
            return Err(bug::<R>("an identity that is not complete"));
        }
        Ok(identity)
    }

    fn object(&self, object: &R::Model) -> Result<Option<Value>, Diagnostics> {
        if !self.includes_objects() {
            return Ok(None);
        }
        let object = to_value(object, &self.ty)?;
        if !object.is_wholly_known() {
            return Err(bug::<R>("a value that is still unknown"));
        }
        Ok(Some(object))
    }
}

fn bug<R: Resource>(what: &str) -> Diagnostics {
    let name = R::NAME;
    Diagnostic::bug(format!("The list of {name} found an object with {what}.")).into()
}
