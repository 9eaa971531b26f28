//! [`Object`]: what all kinds of objects have, a name and a schema.

use std::pin::Pin;
use std::sync::OnceLock;

use crate::diag::Diagnostics;
use crate::schema::{IdentitySchema, Schema};
use crate::value::{Type, Value};

/// A call of an author's method.
pub(crate) type Call<'a, T> = Pin<Box<dyn Future<Output = Result<T, Diagnostics>> + Send + 'a>>;

/// An object that a provider offers, of any kind.
pub(crate) trait Object: Send + Sync {
    /// Returns its full type name.
    fn name(&self) -> &'static str;
    /// Returns its schema and type, which are built at the first call and kept.
    fn shape(&self) -> &Shape;
}

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

/// A shape that is built at its first use.
#[derive(Debug, Default)]
pub(super) struct LazyShape(OnceLock<Shape>);

impl LazyShape {
    pub(super) fn get(&self, schema: impl FnOnce() -> Schema) -> &Shape {
        self.0.get_or_init(|| Shape::of(schema()))
    }
}

/// An identity's schema and the type of its values.
#[derive(Debug)]
pub(crate) struct IdentityShape {
    pub(crate) schema: IdentitySchema,
    pub(crate) ty: Type,
}

impl IdentityShape {
    pub(super) fn of(schema: IdentitySchema) -> Self {
        let ty = schema.ty();
        Self { schema, ty }
    }

    /// Whether an identity is wholly known and has every required attribute.
    pub(crate) fn is_complete(&self, identity: &Value) -> bool {
        identity.is_wholly_known()
            && self.schema.attributes().all(|(name, one)| {
                let value = identity.attribute(name).unwrap_or(&Value::Null);
                !one.is_required() || !value.is_null()
            })
    }
}
