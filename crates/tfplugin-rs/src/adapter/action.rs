//! Actions.

use std::marker::PhantomData;

use super::object::{Call, LazyShape, Object, Shape};
use crate::action::{Action, Progress};
use crate::context::Context;
use crate::value::{Value, from_value};

/// An action without its types: the server passes and gets [`Value`]s.
pub(crate) trait AnyAction<C>: Object {
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn plan<'a>(&'a self, client: &'a C, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn invoke<'a>(
        &'a self,
        client: &'a C,
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

impl<A: Action> Object for ActionAdapter<A> {
    fn name(&self) -> &'static str {
        A::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(A::schema)
    }
}

impl<C, A: Action<Client = C>> AnyAction<C> for ActionAdapter<A>
where
    C: Send + Sync,
{
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { A::validate(from_value(config)?, cx).await })
    }

    fn plan<'a>(&'a self, client: &'a C, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { A::new(client).plan(from_value(config)?, cx).await })
    }

    fn invoke<'a>(
        &'a self,
        client: &'a C,
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
