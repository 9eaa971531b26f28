//! The typed adapters: between [`Value`]s, which the server works with, and the models of an
//! author's resources.
//!
//! Each `Any…` trait is what the server sees of one kind of object; each adapter implements it for
//! every author's type. A schema is built when it is first asked for, and kept.

mod action;
mod data_source;
mod ephemeral;
mod list_resource;
mod resource;

use std::pin::Pin;
use std::sync::OnceLock;

pub(crate) use action::{ActionAdapter, AnyAction};
pub(crate) use data_source::{AnyDataSource, DataSourceAdapter};
pub(crate) use ephemeral::{AnyEphemeralResource, EphemeralAdapter};
pub(crate) use list_resource::{AnyListResource, ListResourceAdapter};
pub(crate) use resource::{AnyResource, Planning, ResourceAdapter};

use crate::diag::Diagnostics;
use crate::schema::{IdentitySchema, Schema};
use crate::value::Type;

/// An author's method, called.
pub(crate) type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, Diagnostics>> + Send + 'a>>;

/// A schema and the type of its values.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
}

impl Shape {
    pub(crate) fn of(schema: Schema) -> Self {
        let ty = schema.ty();
        Self { schema, ty }
    }
}

/// An identity's schema and the type of its values.
#[derive(Debug)]
pub(crate) struct IdentityShape {
    pub(crate) schema: IdentitySchema,
    pub(crate) ty: Type,
}

impl IdentityShape {
    fn of(schema: IdentitySchema) -> Self {
        let ty = schema.ty();
        Self { schema, ty }
    }
}

/// A shape that is built when it is first asked for.
#[derive(Debug, Default)]
struct LazyShape(OnceLock<Shape>);

impl LazyShape {
    fn get(&self, schema: impl FnOnce() -> Schema) -> &Shape {
        self.0.get_or_init(|| Shape::of(schema()))
    }
}
