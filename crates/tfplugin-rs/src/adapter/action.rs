//! Actions.

use std::marker::PhantomData;

use super::{Call, LazyShape, Shape};
use crate::action::{Action, Progress};
use crate::context::Context;
use crate::provider::Provider;
use crate::value::{Value, from_value};

/// An action, whatever its types.
pub(crate) trait AnyAction<P: Provider>: Send + Sync {
    fn name(&self) -> &'static str;
    fn shape(&self) -> &Shape;
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn plan<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        cx: &'a mut Context,
    ) -> Call<'a, ()>;
    fn invoke<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        progress: &'a Progress,
        cx: &'a mut Context,
    ) -> Call<'a, ()>;
}

/// [`AnyAction`] for an author's action.
pub(crate) struct ActionAdapter<A> {
    shape: LazyShape,
    action: PhantomData<fn() -> A>,
}

impl<A> ActionAdapter<A> {
    pub(crate) fn new() -> Self {
        Self {
            shape: LazyShape::default(),
            action: PhantomData,
        }
    }
}

impl<P: Provider, A: Action<Provider = P>> AnyAction<P> for ActionAdapter<A> {
    fn name(&self) -> &'static str {
        A::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(A::schema)
    }

    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { A::validate(from_value(config)?, cx).await })
    }

    fn plan<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move { A::new(client).plan(from_value(config)?, cx).await })
    }

    fn invoke<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        progress: &'a Progress,
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let config = from_value(config)?;
            A::new(client).invoke(config, progress, cx).await
        })
    }
}
