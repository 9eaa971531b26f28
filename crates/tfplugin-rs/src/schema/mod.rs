//! [`Schema`]: the shape of a provider's configuration, a resource or a data source.
//!
//! A schema is also the documentation: every attribute has a description in Markdown, from which
//! the Registry's pages are rendered. Terraform's own rules about schemas, which the types here do
//! not make inexpressible, are checked by [`Schema::problems`], in a test.
//!
//! - [`Attribute`]: one argument or result, of a plain [`Type`] or of objects with a schema of their own, [`Nested`];
//! - [`Block`]: a nested block;
//! - [`validator`], [`PlanModifier`]: rules about configured values, and how they are planned.
//!
//! Not here: how a configuration is checked and planned along a schema, which is the server's work.

mod attribute;
mod block;
pub(crate) mod body;
mod identity;
mod nested;
mod plan_modifier;
mod problems;
pub mod validator;

pub use attribute::{Attribute, Mode};
pub use block::Block;
pub use body::Nesting;
pub use identity::{IdentityAttribute, IdentitySchema};
pub use nested::{AttributeType, Nested};
pub use plan_modifier::{AttributeChange, PlanModifier};
pub use problems::Subject;
pub use validator::Validator;

use self::body::Body;
use super::value::Type;

/// The attributes and blocks of one object, with what Terraform and a reader need to know of them.
#[derive(Clone, Debug)]
pub struct Schema {
    description: &'static str,
    version: i64,
    deprecation: Option<&'static str>,
    body: Body,
}

impl Schema {
    /// A schema without attributes, of version 0. The description is Markdown.
    pub fn new(description: &'static str) -> Self {
        Self {
            description,
            version: 0,
            deprecation: None,
            body: Body::default(),
        }
    }

    /// Adds an attribute.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Adds a nested block.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn block(mut self, name: &'static str, block: Block) -> Self {
        self.body.add_block(name, block);
        self
    }

    /// Checks the configured object as a whole, such as which of its arguments go together.
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
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
        self.body.attributes()
    }

    /// The nested blocks in the order of their names.
    pub fn blocks(&self) -> impl Iterator<Item = (&'static str, &Block)> {
        self.body.blocks()
    }

    /// One attribute by its name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.body.attribute(name)
    }

    /// The type of a value of this schema: an object with every attribute and block.
    pub fn ty(&self) -> Type {
        self.body.ty()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }
}
