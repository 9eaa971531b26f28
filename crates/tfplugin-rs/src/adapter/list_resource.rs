//! List resources.

use std::marker::PhantomData;

use tokio::sync::mpsc;

use super::object::{Call, LazyShape, Object, Shape};
use crate::context::Context;
use crate::list_resource::{ListRequest, ListResource, ListResult, ListResults};
use crate::resource::Resource;
use crate::value::{Value, from_value};

/// A list resource without its types: the server passes and gets [`Value`]s.
pub(crate) trait AnyListResource<C>: Object {
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn list<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        request: ListRequest,
        results: mpsc::Sender<ListResult>,
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

impl<L: ListResource> Object for ListResourceAdapter<L> {
    fn name(&self) -> &'static str {
        L::Resource::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(L::schema)
    }
}

impl<C, L: ListResource<Resource: Resource<Client = C>>> AnyListResource<C>
    for ListResourceAdapter<L>
where
    C: Send + Sync,
{
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { L::validate(from_value(config)?, cx).await })
    }

    fn list<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        request: ListRequest,
        results: mpsc::Sender<ListResult>,
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let config = from_value(config)?;
            let mut results = ListResults::new(L::Resource::new(client), request, results);
            L::new(client).list(config, &mut results, cx).await
        })
    }
}
