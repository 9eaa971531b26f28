//! [`Provider`]: what a plugin is, and [`Registry`]: what it offers.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::action::Action;
use super::adapter::{
    ActionAdapter, AnyAction, AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource,
    DataSourceAdapter, EphemeralAdapter, ListResourceAdapter, ResourceAdapter,
};
use super::context::Context;
use super::data_source::DataSource;
use super::diag::Diagnostics;
use super::ephemeral::EphemeralResource;
use super::list_resource::ListResource;
use super::resource::Resource;
use super::schema::{Schema, Subject};

/// A provider: its configuration, and what it offers.
pub trait Provider: Send + Sync + Sized + 'static {
    /// The provider block, as a struct with a field an attribute. A practitioner may set any of
    /// them from a value that is not known yet: use [`Attr`](super::Attr).
    type Config: DeserializeOwned + Send + 'static;

    /// What resources and data sources work with: usually an API client. It must be able to say
    /// that the configuration is not known yet, as it may be while planning.
    type Client: Send + Sync + 'static;

    /// The provider's type name, such as `tfe`: the prefix of its resources' names.
    const NAME: &'static str;

    /// The provider block.
    fn schema() -> Schema;

    /// What the provider offers.
    fn registry() -> Registry<Self>;

    /// Checks the provider block beyond what the schema says. Values may be unknown.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn validate(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Makes the client. Called once per process by Terraform, and more often while debugging. It
    /// should be quick and silent: what needs the network is better done when it is needed.
    ///
    /// # Errors
    ///
    /// Why there can be no client.
    fn configure(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Client, Diagnostics>> + Send;
}

/// What a provider offers.
///
/// Schemas are rendered when they are first asked for, not here: a plugin starts several times in
/// a command.
pub struct Registry<P: Provider> {
    pub(crate) resources: Vec<Arc<dyn AnyResource<P>>>,
    pub(crate) ephemeral_resources: Vec<Arc<dyn AnyEphemeralResource<P>>>,
    pub(crate) data_sources: Vec<Arc<dyn AnyDataSource<P>>>,
    pub(crate) list_resources: Vec<Arc<dyn AnyListResource<P>>>,
    pub(crate) actions: Vec<Arc<dyn AnyAction<P>>>,
}

impl<P: Provider> Registry<P> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            resources: Vec::new(),
            ephemeral_resources: Vec::new(),
            data_sources: Vec::new(),
            list_resources: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// The name and the schema of every managed resource.
    pub fn resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.resources
            .iter()
            .map(|one| (one.name(), &one.shape().schema))
    }

    /// The name and the schema of every ephemeral resource.
    pub fn ephemeral_resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.ephemeral_resources
            .iter()
            .map(|one| (one.name(), &one.shape().schema))
    }

    /// The name and the schema of every data source.
    pub fn data_sources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.data_sources
            .iter()
            .map(|one| (one.name(), &one.shape().schema))
    }

    /// The name and the schema of every list resource.
    pub fn list_resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.list_resources
            .iter()
            .map(|one| (one.name(), &one.shape().schema))
    }

    /// The name and the schema of every action.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.actions
            .iter()
            .map(|one| (one.name(), &one.shape().schema))
    }

    /// What the objects demand of one another and is not so, a sentence each; empty for a sound
    /// provider. Terraform would only notice when somebody uses them, so a provider with problems
    /// does not start.
    pub fn problems(&self) -> Vec<String> {
        let lists = self.list_resources.iter().map(|one| one.name());
        let unusable = lists.filter_map(|name| {
            let Some(resource) = self.resources.iter().find(|one| one.name() == name) else {
                return Some(format!(
                    "the list resource {name} has no managed resource of its name"
                ));
            };
            resource
                .identity()
                .is_none()
                .then(|| format!("the managed resource {name} of a list resource has no identity"))
        });
        unusable.chain(self.offered_twice()).collect()
    }

    /// What is wrong with the schemas, each with the name of its object; empty for a sound provider.
    /// The first command that runs a debug build tells it, too.
    pub fn schema_problems(&self) -> Vec<String> {
        let provider = P::schema();
        let others = self.data_sources().chain(self.ephemeral_resources());
        let arguments = self.list_resources().chain(self.actions());
        let identities = self.resources.iter().flat_map(|one| {
            let problems = one.identity().map(|identity| identity.schema.problems());
            let problems = problems.unwrap_or_default().into_iter();
            problems.map(|problem| format!("the identity of {}: {problem}", one.name()))
        });
        std::iter::once(((P::NAME, &provider), Subject::Provider))
            .chain(self.resources().map(|one| (one, Subject::Resource)))
            .chain(others.map(|one| (one, Subject::Other)))
            .chain(arguments.map(|one| (one, Subject::Arguments)))
            .flat_map(|((name, schema), subject)| {
                let problems = schema.problems(subject).into_iter();
                problems.map(move |problem| format!("{name}: {problem}"))
            })
            .chain(identities)
            .collect()
    }

    /// Of two objects of a name, the one would have the schema and the other the calls.
    fn offered_twice(&self) -> impl Iterator<Item = String> {
        fn names<'a>(
            kind: &'static str,
            objects: impl Iterator<Item = (&'static str, &'a Schema)>,
        ) -> impl Iterator<Item = String> {
            let mut seen = HashSet::new();
            objects
                .filter(move |(name, _)| !seen.insert(*name))
                .map(move |(name, _)| format!("the {kind} {name} is offered twice"))
        }
        names("managed resource", self.resources())
            .chain(names("ephemeral resource", self.ephemeral_resources()))
            .chain(names("data source", self.data_sources()))
            .chain(names("list resource", self.list_resources()))
            .chain(names("action", self.actions()))
    }

    /// Adds a managed resource.
    #[must_use]
    pub fn resource<R: Resource<Provider = P>>(mut self) -> Self {
        self.resources.push(Arc::new(ResourceAdapter::<R>::new()));
        self
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Provider = P>>(mut self) -> Self {
        self.ephemeral_resources
            .push(Arc::new(EphemeralAdapter::<E>::new()));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSource<Provider = P>>(mut self) -> Self {
        self.data_sources
            .push(Arc::new(DataSourceAdapter::<D>::new()));
        self
    }

    /// Adds a list resource. Its managed resource must be there too, and have an identity:
    /// [`Registry::problems`].
    #[must_use]
    pub fn list_resource<L>(mut self) -> Self
    where
        L: ListResource<Resource: Resource<Provider = P>>,
    {
        self.list_resources
            .push(Arc::new(ListResourceAdapter::<L>::new()));
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn action<A: Action<Provider = P>>(mut self) -> Self {
        self.actions.push(Arc::new(ActionAdapter::<A>::new()));
        self
    }
}

impl<P: Provider> Default for Registry<P> {
    fn default() -> Self {
        Self::new()
    }
}
