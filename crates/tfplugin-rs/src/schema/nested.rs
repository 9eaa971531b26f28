//! [`Nested`]: its constructors, options and getters.

use super::body::{Attribute, AttributeType, Body, Nested, Nesting};
use super::plan_modifier::PlanModifier;
use super::validator::Validator;
use crate::value::Type;

impl Nested {
    fn new(nesting: Nesting) -> Self {
        Self {
            nesting,
            body: Body::default(),
        }
    }

    /// Makes a single object: `name = { … }`. The field of a model is `Attr<T>` with a struct `T`.
    pub fn single() -> Self {
        Self::new(Nesting::Single)
    }

    /// Makes a list of objects: `name = [{ … }, { … }]`. The field of a model is `Attr<Vec<Attr<T>>>`.
    ///
    /// With `Attr<Vec<T>>`, a configuration with an element that is null or unknown as a whole, such as
    /// `name = [other.example.output]`, is refused as a bug in the provider. It is enough for an attribute that only the
    /// provider sets.
    pub fn list() -> Self {
        Self::new(Nesting::List)
    }

    /// Makes a set of objects, written like a list. The field of a model is `Attr<Vec<Attr<T>>>`, as for a
    /// [`list`](Self::list).
    ///
    /// Prefer a list, or a map with meaningful keys: an element of a set has no path. So its attributes cannot be
    /// write-only or dynamic, and diagnostics about them have the path of the whole set.
    ///
    /// While an element has unknown values, the number of elements is unknown, because two elements may become equal.
    /// Do not plan a value that depends on it.
    pub fn set() -> Self {
        Self::new(Nesting::Set)
    }

    /// Makes a map of objects: `name = { a = { … }, b = { … } }`. The field of a model is
    /// `Attr<BTreeMap<String, Attr<T>>>`, for the reason that [`list`](Self::list) gives.
    pub fn map() -> Self {
        Self::new(Nesting::Map)
    }

    /// Adds an attribute to each object.
    ///
    /// # Panics
    ///
    /// Panics if the name is declared already.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Adds a validator of each configured object; see [`validator`](super::validator).
    #[must_use]
    pub fn validate_each(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
        self
    }

    /// Adds a plan modifier of each object. It runs before those of the object's attributes.
    #[must_use]
    pub fn plan_modifier_each(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.body.add_plan_modifier(modifier);
        self
    }

    /// Returns the nesting: how many objects there are, and what identifies each.
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// Returns the attributes of each object, sorted by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.body.attributes()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }
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
