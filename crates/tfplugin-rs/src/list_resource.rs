//! [`ListResource`]: finds the objects of a managed resource that exist, and [`Found`], which takes
//! them.

use std::future::Future;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::context::Context;
use super::diag::{Diagnostic, Diagnostics};
use super::provider::Provider;
use super::resource::Resource;
use super::schema::{IdentitySchema, Schema};
use super::value::{Type, Value, to_value};

/// A list resource: what `terraform query` asks for the objects of a managed resource (Terraform
/// 1.14), to show them and to generate the configuration that imports them.
///
/// It has the name of that resource, whose identity each object is told by. A resource without an
/// identity, or one that the provider does not offer, cannot be listed:
/// [`Registry::problems`](super::Registry::problems).
pub trait ListResource: Send + Sync + Sized + 'static {
    /// The managed resource whose objects it finds.
    type Resource: Resource;

    /// The arguments, as a struct with a field an attribute. All are known in
    /// [`list`](ListResource::list), but may be unknown in [`validate`](ListResource::validate): use
    /// [`Attr`](super::Attr).
    type Config: DeserializeOwned + Send + Sync + 'static;

    /// Its arguments.
    fn schema() -> Schema;

    /// The list resource, ready to serve one call. Cheap.
    fn new(client: &<<Self::Resource as Resource>::Provider as Provider>::Client) -> Self;

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

    /// Finds the objects and pushes each as it is found, until there are no more or
    /// [`Wanted::Enough`] comes back.
    ///
    /// What is told to the context goes out with the next object, or at the end.
    ///
    /// # Errors
    ///
    /// Terraform then shows nothing of what was found. What merely makes the list incomplete is
    /// better told as a warning.
    fn list(
        &self,
        config: Self::Config,
        found: &mut Found<Self::Resource>,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;
}

/// Whether the search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a search that goes on for nobody costs requests"]
pub enum Wanted {
    /// Yes: look for more.
    More,
    /// No: the limit is reached, or the host has given the call up.
    Enough,
}

/// Takes the objects that a list resource finds.
///
/// An object is on its way when [`push`](Found::push) returns; one that the host has not taken yet
/// makes it wait, so no more than a few are held.
pub struct Found<R: Resource> {
    resource: R,
    ty: Type,
    identity: Option<(IdentitySchema, Type)>,
    request: Search,
    count: u64,
    discoveries: mpsc::Sender<Discovery>,
}

/// What the host asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    /// `None`: all there are.
    pub(crate) limit: Option<u64>,
    pub(crate) includes_objects: bool,
}

/// What the host is told: an object, or only a diagnostic.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    pub(crate) identity: Option<Value>,
    pub(crate) display_name: String,
    pub(crate) object: Option<Value>,
    pub(crate) told: Diagnostics,
}

impl<R: Resource> Found<R> {
    pub(crate) fn new(resource: R, request: Search, discoveries: mpsc::Sender<Discovery>) -> Self {
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
            discoveries,
        }
    }

    /// Whether the host asks for the objects themselves. Where it does not, of the object that is
    /// pushed only what its identity is made of counts: no request for the rest is needed.
    pub fn includes_objects(&self) -> bool {
        self.request.includes_objects
    }

    /// Whether the search goes on: to be asked before a request that may find nothing to push.
    pub fn wanted(&self) -> Wanted {
        let is_full = self.request.limit.is_some_and(|limit| self.count >= limit);
        if is_full || self.discoveries.is_closed() {
            Wanted::Enough
        } else {
            Wanted::More
        }
    }

    /// Gives an object to the host. Its identity is the one that the managed resource
    /// [gives it](Resource::identify); `display_name` is what a reader knows it by.
    ///
    /// # Errors
    ///
    /// An object without a complete identity, or with an unknown value, is a bug in the provider.
    pub async fn push(
        &mut self,
        display_name: impl Into<String> + Send,
        object: &R::Model,
        cx: &mut Context,
    ) -> Result<Wanted, Diagnostics> {
        if self.wanted() == Wanted::Enough {
            return Ok(Wanted::Enough);
        }
        let discovery = Discovery {
            identity: Some(self.identity(object)?),
            display_name: display_name.into(),
            object: self.object(object)?,
            told: std::mem::take(&mut cx.diagnostics),
        };
        self.count += 1;
        // Fails where the host has given the call up.
        let _ = self.discoveries.send(discovery).await;
        Ok(self.wanted())
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
