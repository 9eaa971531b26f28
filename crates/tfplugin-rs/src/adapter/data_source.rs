//! Data sources.

use std::marker::PhantomData;

use super::object::{Call, LazyShape, Object, Shape};
use crate::context::Context;
use crate::data_source::DataSource;
use crate::value::{Encoded, Value, encode_model, from_value};

/// A data source without its types: the server passes and gets [`Value`]s.
pub(crate) trait AnyDataSource<C>: Object {
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn read<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        cx: &'a mut Context,
    ) -> Call<'a, Encoded>;
}

/// [`AnyDataSource`] for an author's data source.
pub(crate) struct DataSourceAdapter<D> {
    shape: LazyShape,
    data_source: PhantomData<fn() -> D>,
}

impl<D> DataSourceAdapter<D> {
    pub(crate) fn new() -> Self {
        Self {
            shape: LazyShape::default(),
            data_source: PhantomData,
        }
    }
}

impl<D: DataSource> Object for DataSourceAdapter<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(D::schema)
    }
}

impl<C, D: DataSource<Client = C>> AnyDataSource<C> for DataSourceAdapter<D>
where
    C: Send + Sync,
{
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { D::validate(from_value(config)?, cx).await })
    }

    fn read<'a>(
        &'a self,
        client: &'a C,
        config: &'a Value,
        cx: &'a mut Context,
    ) -> Call<'a, Encoded> {
        Box::pin(async move {
            let model = D::new(client).read(from_value(config)?, cx).await?;
            encode_model(&model, &self.shape.get(D::schema).ty)
        })
    }
}
