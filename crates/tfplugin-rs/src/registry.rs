//! [`Registry`]: the objects that a provider offers.

use std::collections::HashSet;

use super::action::Action;
use super::adapter::{
    ActionAdapter, AnyAction, AnyDataSource, AnyEphemeralResource, AnyListResource, AnyResource,
    DataSourceAdapter, EphemeralAdapter, ListResourceAdapter, Object, ResourceAdapter,
};
use super::data_source::DataSource;
use super::diag::{Diagnostic, Diagnostics};
use super::ephemeral::EphemeralResource;
use super::list_resource::ListResource;
use super::resource::Resource;
use super::schema::{ObjectKind, Schema};

/// The objects that a provider offers, for a provider whose client is `C`.
///
/// Each schema is built at its first use, because Terraform starts a plugin several times in a command.
pub struct Registry<C> {
    pub(crate) resources: Objects<dyn AnyResource<C>>,
    pub(crate) ephemeral_resources: Objects<dyn AnyEphemeralResource<C>>,
    pub(crate) data_sources: Objects<dyn AnyDataSource<C>>,
    pub(crate) list_resources: Objects<dyn AnyListResource<C>>,
    pub(crate) actions: Objects<dyn AnyAction<C>>,
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// Returns an empty registry.
    pub fn new() -> Self {
        Self {
            resources: Objects::of(ObjectKind::Resource),
            ephemeral_resources: Objects::of(ObjectKind::EphemeralResource),
            data_sources: Objects::of(ObjectKind::DataSource),
            list_resources: Objects::of(ObjectKind::ListResource),
            actions: Objects::of(ObjectKind::Action),
        }
    }

    /// Adds a managed resource.
    #[must_use]
    pub fn resource<R: Resource<Client = C>>(mut self) -> Self {
        self.resources.add(Box::new(ResourceAdapter::<R>::new()));
        self
    }

    /// Adds an ephemeral resource.
    #[must_use]
    pub fn ephemeral_resource<E: EphemeralResource<Client = C>>(mut self) -> Self {
        self.ephemeral_resources
            .add(Box::new(EphemeralAdapter::<E>::new()));
        self
    }

    /// Adds a data source.
    #[must_use]
    pub fn data_source<D: DataSource<Client = C>>(mut self) -> Self {
        self.data_sources
            .add(Box::new(DataSourceAdapter::<D>::new()));
        self
    }

    /// Adds a list resource. Its managed resource must be in the registry too, and have an identity:
    /// [`Registry::problems`].
    #[must_use]
    pub fn list_resource<L>(mut self) -> Self
    where
        L: ListResource<Resource: Resource<Client = C>>,
    {
        self.list_resources
            .add(Box::new(ListResourceAdapter::<L>::new()));
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn action<A: Action<Client = C>>(mut self) -> Self {
        self.actions.add(Box::new(ActionAdapter::<A>::new()));
        self
    }

    /// Returns the name and the schema of each managed resource.
    pub fn resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.resources.schemas()
    }

    /// Returns the name and the schema of each ephemeral resource.
    pub fn ephemeral_resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.ephemeral_resources.schemas()
    }

    /// Returns the name and the schema of each data source.
    pub fn data_sources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.data_sources.schemas()
    }

    /// Returns the name and the schema of each list resource.
    pub fn list_resources(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.list_resources.schemas()
    }

    /// Returns the name and the schema of each action.
    pub fn actions(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.actions.schemas()
    }

    /// Returns what is wrong with the objects taken together, one sentence each; empty for a sound provider.
    ///
    /// Terraform would report it only when a practitioner uses the object, so a provider with problems does not start.
    pub fn problems(&self) -> Vec<String> {
        let unusable = self.list_resources.names().filter_map(|name| {
            let Ok(resource) = self.resources.find(name) else {
                return Some(format!(
                    "the list resource {name} has no managed resource of its name"
                ));
            };
            resource
                .identity()
                .is_none()
                .then(|| format!("the managed resource {name} of a list resource has no identity"))
        });
        unusable
            .chain(self.resources.doubled())
            .chain(self.ephemeral_resources.doubled())
            .chain(self.data_sources.doubled())
            .chain(self.list_resources.doubled())
            .chain(self.actions.doubled())
            .collect()
    }

    /// Returns what is wrong with the schemas, each with the name of its object; empty for a sound provider.
    pub(crate) fn schema_problems(&self) -> Vec<String> {
        let identities = self.resources.iter().flat_map(|one| {
            let problems = one.identity().map(|identity| identity.schema.problems());
            let problems = problems.unwrap_or_default().into_iter();
            problems.map(|problem| format!("the identity of {}: {problem}", one.name()))
        });
        self.resources
            .schema_problems()
            .chain(self.data_sources.schema_problems())
            .chain(self.ephemeral_resources.schema_problems())
            .chain(self.list_resources.schema_problems())
            .chain(self.actions.schema_problems())
            .chain(identities)
            .collect()
    }
}

impl<C: Send + Sync + 'static> Default for Registry<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The objects of one kind, in the order in which they were added.
pub(crate) struct Objects<O: ?Sized> {
    kind: ObjectKind,
    objects: Vec<Box<O>>,
}

impl<O: Object + ?Sized> Objects<O> {
    fn of(kind: ObjectKind) -> Self {
        Self {
            kind,
            objects: Vec::new(),
        }
    }

    fn add(&mut self, object: Box<O>) {
        self.objects.push(object);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &O> {
        self.objects.iter().map(AsRef::as_ref)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.iter().map(Object::name)
    }

    pub(crate) fn schemas(&self) -> impl Iterator<Item = (&'static str, &Schema)> {
        self.iter().map(|one| (one.name(), &one.shape().schema))
    }

    /// Returns the object of this name, or an error if the provider does not have it.
    pub(crate) fn find(&self, name: &str) -> Result<&O, Diagnostics> {
        self.iter().find(|one| one.name() == name).ok_or_else(|| {
            let kind = self.kind;
            Diagnostic::error(
                "Not Offered By This Provider",
                format!("The provider has no {kind} named {name:?}."),
            )
            .into()
        })
    }

    fn schema_problems(&self) -> impl Iterator<Item = String> {
        self.schemas().flat_map(|(name, schema)| {
            let problems = schema.problems(self.kind).into_iter();
            problems.map(move |problem| format!("{name}: {problem}"))
        })
    }

    /// Returns a sentence for each name that was added twice. The host would get the schema of the last such object and
    /// call the first.
    fn doubled(&self) -> impl Iterator<Item = String> {
        let mut seen = HashSet::new();
        let doubled = self.names().filter(move |name| !seen.insert(*name));
        doubled.map(|name| format!("the {} {name} is offered twice", self.kind))
    }
}
