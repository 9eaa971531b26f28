//! [`Schema`]: the shape of a provider's configuration, a resource or a data source.
//!
//! A schema is also the documentation: every attribute has a description in Markdown, from which
//! the Registry's pages are rendered. Terraform's own rules about schemas, which the types here do
//! not make inexpressible, are checked by [`Schema::problems`], in a test.
//!
//! Not here yet: nested blocks and nested attributes. Their place is beside [`Attribute`], as
//! further parts of [`Schema::ty`].

mod attribute;
mod identity;
mod plan_modifier;
mod problems;
pub mod validator;

use std::collections::BTreeMap;

pub use attribute::{Attribute, Mode};
pub use identity::{IdentityAttribute, IdentitySchema};
pub use plan_modifier::{AttributeChange, PlanModifier};
pub use problems::Subject;
pub use validator::Validator;

use super::value::Type;

/// The attributes of one object, with what Terraform and a reader need to know of them.
#[derive(Clone, Debug)]
pub struct Schema {
    description: &'static str,
    version: i64,
    deprecation: Option<&'static str>,
    attributes: BTreeMap<&'static str, Attribute>,
}

impl Schema {
    /// A schema without attributes, of version 0. The description is Markdown.
    pub fn new(description: &'static str) -> Self {
        Self {
            description,
            version: 0,
            deprecation: None,
            attributes: BTreeMap::new(),
        }
    }

    /// Adds an attribute.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        let before = self.attributes.insert(name, attribute);
        assert!(before.is_none(), "attribute {name:?} is declared twice");
        self
    }

    /// The version of the state that this schema describes; 0 where it is not set.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Marks the whole object as deprecated; the message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// What the object is, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// The version of the state.
    pub fn state_version(&self) -> i64 {
        self.version
    }

    /// What to use instead, if the object is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// The attributes in the order of their names.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.attributes.iter().map(|(name, one)| (*name, one))
    }

    /// One attribute by its name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    /// The type of a value of this schema: an object with every attribute.
    pub fn ty(&self) -> Type {
        Type::object(
            self.attributes()
                .map(|(name, one)| (name, one.ty().clone())),
        )
    }
}
