//! Ephemeral resources.

use std::marker::PhantomData;

use super::object::{Call, LazyShape, Object, Shape};
use crate::context::{CloseContext, Context, OpenContext};
use crate::ephemeral::EphemeralResource;
use crate::value::{Value, from_value, to_value};

/// An ephemeral resource without its types: the server passes and gets [`Value`]s.
pub(crate) trait AnyEphemeralResource<C>: Object {
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn open<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        cx: &'a mut OpenContext,
    ) -> Call<'a, Value>;
    fn renew<'a>(&'a self, client: &'a C, cx: &'a mut OpenContext) -> Call<'a, ()>;
    fn close<'a>(&'a self, client: &'a C, cx: &'a mut CloseContext) -> Call<'a, ()>;
}

/// [`AnyEphemeralResource`] for an author's ephemeral resource.
pub(crate) struct EphemeralAdapter<E> {
    shape: LazyShape,
    ephemeral_resource: PhantomData<fn() -> E>,
}

impl<E> EphemeralAdapter<E> {
    pub(crate) fn new() -> Self {
        Self {
            shape: LazyShape::default(),
            ephemeral_resource: PhantomData,
        }
    }
}

impl<E: EphemeralResource> Object for EphemeralAdapter<E> {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(E::schema)
    }
}

impl<C, E: EphemeralResource<Client = C>> AnyEphemeralResource<C> for EphemeralAdapter<E>
where
    C: Send + Sync,
{
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { E::validate(from_value(config)?, cx).await })
    }

    fn open<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        cx: &'a mut OpenContext,
    ) -> Call<'a, Value> {
        Box::pin(async move {
            let model = E::new(client).open(from_value(config)?, cx).await?;
            to_value(&model, &self.shape.get(E::schema).ty)
        })
    }

    fn renew<'a>(&'a self, client: &'a C, cx: &'a mut OpenContext) -> Call<'a, ()> {
        Box::pin(async move { E::new(client).renew(cx).await })
    }

    fn close<'a>(&'a self, client: &'a C, cx: &'a mut CloseContext) -> Call<'a, ()> {
        Box::pin(async move { E::new(client).close(cx).await })
    }
}
