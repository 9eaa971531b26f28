//! List resources.

use std::marker::PhantomData;

use tokio::sync::mpsc;

use super::{Call, LazyShape, Shape};
use crate::context::Context;
use crate::list_resource::{Discovery, Found, ListResource, Search};
use crate::provider::Provider;
use crate::resource::Resource;
use crate::value::{Value, from_value};

/// A list resource, whatever its types.
pub(crate) trait AnyListResource<P: Provider>: Send + Sync {
    /// The managed resource's name.
    fn name(&self) -> &'static str;
    fn shape(&self) -> &Shape;
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn list<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        search: Search,
        discoveries: mpsc::Sender<Discovery>,
        cx: &'a mut Context,
    ) -> Call<'a, ()>;
}

/// [`AnyListResource`] for an author's list resource.
pub(crate) struct ListResourceAdapter<L> {
    shape: LazyShape,
    list_resource: PhantomData<fn() -> L>,
}

impl<L> ListResourceAdapter<L> {
    pub(crate) fn new() -> Self {
        Self {
            shape: LazyShape::default(),
            list_resource: PhantomData,
        }
    }
}

impl<P, L> AnyListResource<P> for ListResourceAdapter<L>
where
    P: Provider,
    L: ListResource<Resource: Resource<Provider = P>>,
{
    fn name(&self) -> &'static str {
        L::Resource::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(L::schema)
    }

    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { L::validate(from_value(config)?, cx).await })
    }

    fn list<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        search: Search,
        discoveries: mpsc::Sender<Discovery>,
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let config = from_value(config)?;
            let mut found = Found::new(L::Resource::new(client), search, discoveries);
            L::new(client).list(config, &mut found, cx).await
        })
    }
}
