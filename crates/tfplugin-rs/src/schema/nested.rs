//! [`Nested`]: the type of an attribute whose objects have a schema of their own.
//!
//! A plain object type says names and types alone; here every attribute within has its description, says who sets
//! it, and may have defaults, validators and plan modifiers. A practitioner writes `name = { … }` or
//! `name = [{ … }]`, with an equals sign.

use std::fmt;

use super::body::{Body, Nesting};
use super::{Attribute, PlanModifier, Validator};
use crate::value::Type;

/// The type of an attribute whose objects have a schema of their own.
///
/// ```
/// # use tfplugin::{Attribute, Schema, Type};
/// # use tfplugin::schema::Nested;
/// let port = Attribute::required(Type::Number, "Where it listens.");
/// let id = Attribute::computed(Type::String, "Which one it is.").use_state_for_unknown();
/// let listeners = Nested::list().attribute("port", port).attribute("id", id);
/// let schema = Schema::new("A server.")
///     .attribute("listeners", Attribute::optional(listeners, "What it serves."));
/// ```
#[derive(Clone)]
pub struct Nested {
    nesting: Nesting,
    body: Body,
}

impl Nested {
    fn new(nesting: Nesting) -> Self {
        Self {
            nesting,
            body: Body::default(),
        }
    }

    /// One object: `name = { … }`. In a model: `Attr<T>`, `T` being a struct.
    pub fn single() -> Self {
        Self::new(Nesting::Single)
    }

    /// A list of objects: `name = [{ … }, { … }]`. In a model: `Attr<Vec<T>>`.
    pub fn list() -> Self {
        Self::new(Nesting::List)
    }

    /// A set of objects, written like a list. In a model: `Attr<Vec<T>>`.
    ///
    /// Nothing can point to an element of a set, so prefer a list, or a map whose keys mean something: a set's
    /// elements cannot be write-only or dynamic, and messages about them stand at the whole set.
    pub fn set() -> Self {
        Self::new(Nesting::Set)
    }

    /// Objects by name: `name = { a = { … }, b = { … } }`. In a model: `Attr<BTreeMap<String, T>>`.
    pub fn map() -> Self {
        Self::new(Nesting::Map)
    }

    /// Adds an attribute to each object.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Checks each configured object; see [`validator`](super::validator).
    #[must_use]
    pub fn validate_each(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
        self
    }

    /// Changes how each object is planned, before its attributes' own plan modifiers.
    #[must_use]
    pub fn plan_modifier_each(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.body.add_plan_modifier(modifier);
        self
    }

    /// How many objects there are, and how they are told apart.
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// The attributes of each object in the order of their names.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.body.attributes()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(super) fn ty(&self) -> Type {
        self.nesting.holding(&self.body)
    }
}

impl fmt::Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nested")
            .field("nesting", &self.nesting)
            .field("body", &self.body)
            .finish()
    }
}

/// What an [`Attribute`] holds: a [`Type`], or objects with a schema of their own.
#[derive(Clone, Debug)]
pub enum AttributeType {
    /// A value of a type.
    Plain(Type),
    /// Objects with a schema of their own.
    Nested(Nested),
}

impl From<Type> for AttributeType {
    fn from(ty: Type) -> Self {
        Self::Plain(ty)
    }
}

impl From<Nested> for AttributeType {
    fn from(nested: Nested) -> Self {
        Self::Nested(nested)
    }
}
