//! Data sources.

use std::marker::PhantomData;

use super::{Call, LazyShape, Shape};
use crate::context::Context;
use crate::data_source::DataSource;
use crate::provider::Provider;
use crate::value::{Encoded, Value, encode_model, from_value};

/// A data source, whatever its types.
pub(crate) trait AnyDataSource<P: Provider>: Send + Sync {
    fn name(&self) -> &'static str;
    fn shape(&self) -> &Shape;
    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()>;
    fn read<'a>(
        &'a self,
        client: &'a P::Client,
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

impl<P: Provider, D: DataSource<Provider = P>> AnyDataSource<P> for DataSourceAdapter<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn shape(&self) -> &Shape {
        self.shape.get(D::schema)
    }

    fn validate<'a>(&'a self, config: &'a Value, cx: &'a mut Context) -> Call<'a, ()> {
        Box::pin(async move { D::validate(from_value(config)?, cx).await })
    }

    fn read<'a>(
        &'a self,
        client: &'a P::Client,
        config: &'a Value,
        cx: &'a mut Context,
    ) -> Call<'a, Encoded> {
        Box::pin(async move {
            let model = D::new(client).read(from_value(config)?, cx).await?;
            encode_model(&model, &self.shape.get(D::schema).ty)
        })
    }
}
