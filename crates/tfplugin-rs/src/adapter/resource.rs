//! Managed resources.

use std::marker::PhantomData;
use std::sync::OnceLock;

use super::object::{Call, IdentityShape, LazyShape, Object, Shape};
use crate::context::{ApplyContext, Context, PlanContext, ResourceContext};
use crate::diag::Diagnostics;
use crate::identity::ImportBy;
use crate::moves::{self, MoveSource};
use crate::path::Path;
use crate::resource::{Change, Resource};
use crate::value::{Value, from_value, to_value};

/// A creation or an update that the author may change the plan of.
pub(crate) struct Planning {
    pub(crate) config: Value,
    pub(crate) prior: Option<Value>,
    pub(crate) planned: Value,
}

/// What the author planned.
pub(crate) struct Planned {
    pub(crate) planned: Value,
    pub(crate) requires_replace: Vec<Path>,
}

/// A managed resource without its types: the server passes and gets [`Value`]s.
pub(crate) trait AnyResource<C>: Object {
    /// Returns the shape of its identity, if it has one.
    fn identity(&self) -> Option<&IdentityShape>;
    /// Returns the identity that the author derives from an object. Parts of it may be unknown or null.
    fn identify(&self, client: &C, object: &Value) -> Result<Option<Value>, Diagnostics>;
    /// Returns the identity that the author gives to an object that had the identity `prior`, if it is another one.
    fn changed_identity(
        &self,
        client: &C,
        object: &Value,
        prior: &Value,
    ) -> Result<Option<Value>, Diagnostics>;
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn modify_plan<'a>(
        &'a self,
        client: &'a C,
        planning: Planning,
        cx: &'a mut PlanContext,
    ) -> Call<'a, Planned>;
    fn plan_destroy<'a>(
        &'a self,
        client: &'a C,
        prior: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, ()>;
    fn create<'a>(
        &'a self,
        client: &'a C,
        planned: &'a Value,
        cx: &'a mut ApplyContext,
    ) -> Call<'a, Value>;
    fn read<'a>(
        &'a self,
        client: &'a C,
        state: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, Option<Value>>;
    fn update<'a>(
        &'a self,
        client: &'a C,
        planned: &'a Value,
        prior: &'a Value,
        cx: &'a mut ApplyContext,
    ) -> Call<'a, Value>;
    fn delete<'a>(
        &'a self,
        client: &'a C,
        prior: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, ()>;
    fn import<'a>(
        &'a self,
        client: &'a C,
        by: ImportBy<Value>,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, Value>;
    /// Converts the state of another provider or type.
    fn take_over(&self, source: &MoveSource<'_>) -> Result<Value, Diagnostics>;
    /// Returns the generated configuration without the values that the author leaves out.
    fn generate_config(&self, config: &Value) -> Result<Value, Diagnostics>;
}

/// [`AnyResource`] for an author's resource.
pub(crate) struct ResourceAdapter<R> {
    shape: LazyShape,
    identity: OnceLock<Option<IdentityShape>>,
    resource: PhantomData<fn() -> R>,
}

impl<R> ResourceAdapter<R> {
    pub(crate) fn new() -> Self {
        Self {
            shape: LazyShape::default(),
            identity: OnceLock::new(),
            resource: PhantomData,
        }
    }
}

impl<R: Resource> Object for ResourceAdapter<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(R::schema)
    }
}

impl<C, R: Resource<Client = C>> AnyResource<C> for ResourceAdapter<R>
where
    C: Send + Sync,
{
    fn identity(&self) -> Option<&IdentityShape> {
        self.identity
            .get_or_init(|| R::identity_schema().map(IdentityShape::of))
            .as_ref()
    }

    fn identify(&self, client: &C, object: &Value) -> Result<Option<Value>, Diagnostics> {
        let Some(shape) = self.identity() else {
            return Ok(None);
        };
        R::new(client)
            .identify(&from_value(object)?)
            .map(|identity| to_value(&identity, &shape.ty))
            .transpose()
    }

    fn changed_identity(
        &self,
        client: &C,
        object: &Value,
        prior: &Value,
    ) -> Result<Option<Value>, Diagnostics> {
        let Some(shape) = self.identity() else {
            return Ok(None);
        };
        R::new(client)
            .changed_identity(&from_value(object)?, &from_value(prior)?)
            .map(|identity| to_value(&identity, &shape.ty))
            .transpose()
    }

    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { R::validate(from_value(config)?, cx).await })
    }

    fn modify_plan<'a>(
        &'a self,
        client: &'a C,
        planning: Planning,
        cx: &'a mut PlanContext,
    ) -> Call<'a, Planned> {
        Box::pin(async move {
            let prior = planning.prior.as_ref().map(from_value).transpose()?;
            let mut change = Change::new(
                from_value(&planning.config)?,
                prior,
                from_value(&planning.planned)?,
            );
            R::new(client).modify_plan(&mut change, cx).await?;
            let (plan, requires_replace) = change.into_parts();
            Ok(Planned {
                planned: to_value(&plan, &self.shape.get(R::schema).ty)?,
                requires_replace,
            })
        })
    }

    fn plan_destroy<'a>(
        &'a self,
        client: &'a C,
        prior: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, ()> {
        Box::pin(async move { R::new(client).plan_destroy(from_value(prior)?, cx).await })
    }

    fn create<'a>(
        &'a self,
        client: &'a C,
        planned: &'a Value,
        cx: &'a mut ApplyContext,
    ) -> Call<'a, Value> {
        Box::pin(async move {
            let model = R::new(client).create(from_value(planned)?, cx).await?;
            to_value(&model, &self.shape.get(R::schema).ty)
        })
    }

    fn read<'a>(
        &'a self,
        client: &'a C,
        state: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, Option<Value>> {
        Box::pin(async move {
            let model = R::new(client).read(from_value(state)?, cx).await?;
            model
                .map(|model| to_value(&model, &self.shape.get(R::schema).ty))
                .transpose()
        })
    }

    fn update<'a>(
        &'a self,
        client: &'a C,
        planned: &'a Value,
        prior: &'a Value,
        cx: &'a mut ApplyContext,
    ) -> Call<'a, Value> {
        Box::pin(async move {
            let (plan, state) = (from_value(planned)?, from_value(prior)?);
            let model = R::new(client).update(plan, state, cx).await?;
            to_value(&model, &self.shape.get(R::schema).ty)
        })
    }

    fn delete<'a>(
        &'a self,
        client: &'a C,
        prior: &'a Value,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, ()> {
        Box::pin(async move { R::new(client).delete(from_value(prior)?, cx).await })
    }

    fn import<'a>(
        &'a self,
        client: &'a C,
        by: ImportBy<Value>,
        cx: &'a mut ResourceContext,
    ) -> Call<'a, Value> {
        Box::pin(async move {
            let by = match by {
                ImportBy::Id(id) => ImportBy::Id(id),
                ImportBy::Identity(identity) => ImportBy::Identity(from_value(&identity)?),
            };
            let model = R::new(client).import(by, cx).await?;
            to_value(&model, &self.shape.get(R::schema).ty)
        })
    }

    fn take_over(&self, source: &MoveSource<'_>) -> Result<Value, Diagnostics> {
        let known = R::moves();
        let Some(one) = known.iter().find(|one| one.is_from(source)) else {
            return Err(moves::refused(R::NAME, source, &known));
        };
        to_value(&one.take_over(source)?, &self.shape.get(R::schema).ty)
    }

    fn generate_config(&self, config: &Value) -> Result<Value, Diagnostics> {
        let model = R::generate_config(from_value(config)?);
        to_value(&model, &self.shape.get(R::schema).ty)
    }
}
