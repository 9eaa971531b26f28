//! [`Schema`]: the attributes and blocks of a provider's configuration, a resource, a data source or another object.
//!
//! A schema is also the documentation: every attribute has a description in Markdown, from which the
//! Registry's pages are rendered. [`Schema::problems`] checks Terraform's own rules about schemas; call it
//! in a test.
//!
//! | a practitioner writes | schema | field of a model |
//! |---|---|---|
//! | `name = "example"` | [`Attribute`] of a plain [`Type`] | see [`value`](crate::value) |
//! | `rule = { … }` | [`Attribute`] of [`Nested::single`] | `Attr<Rule>` |
//! | `rules = [{ … }]` | [`Attribute`] of [`Nested::list`] or [`Nested::set`] | `Attr<Vec<Attr<Rule>>>` |
//! | `rules = { a = { … } }` | [`Attribute`] of [`Nested::map`] | `Attr<BTreeMap<String, Attr<Rule>>>` |
//! | `rule { … }`, once | [`Block::single`] or [`Block::group`] | `Attr<Rule>` |
//! | `rule { … }`, any number | [`Block::list`] or [`Block::set`] | `Attr<Vec<Rule>>` |
//! | `rule "a" { … }` | [`Block::map`] | `Attr<BTreeMap<String, Rule>>` |
//!
//! An element of a list, set or map may be null or unknown as a whole, as in `rules = [other.example.output]`. With
//! `Attr<Vec<Rule>>`, such a configuration is refused as a bug in the provider. Blocks are never null, and never unknown
//! one by one.
//!
//! A [`validator`] checks a configured value. A [`PlanModifier`] changes how it is planned.
//!
//! This resource has a set of nested objects, each with an attribute that the provider computes:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tfplugin::schema::{Nested, ObjectKind, validator};
//! use tfplugin::value::{self, Number};
//! use tfplugin::{Attr, Attribute, Schema, Type, Value};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Model {
//!     name: Attr<String>,
//!     rules: Attr<Vec<Attr<Rule>>>,
//! }
//!
//! #[derive(Serialize, Deserialize)]
//! struct Rule {
//!     port: Attr<Number>,
//!     id: Attr<String>,
//! }
//!
//! let port = Attribute::required(Type::Number, "Port.").validate(validator::range(1..=65535));
//! let id = Attribute::computed(Type::String, "ID of the rule.").use_state_for_unknown();
//! let rules = Nested::set().attribute("port", port).attribute("id", id);
//! let schema = Schema::new("A firewall.")
//!     .attribute("name", Attribute::required(Type::String, "Name.").requires_replace())
//!     .attribute("rules", Attribute::optional(rules, "Open ports."));
//!
//! assert!(schema.problems(ObjectKind::Resource).is_empty());
//! let rule = Rule { port: Attr::Known(Number::from(443_i64)), id: Attr::Unknown };
//! let rules = Attr::Known(vec![Attr::Known(rule)]);
//! let model = Model { name: Attr::Known("example".to_owned()), rules };
//! let value = value::to_value(&model, &schema.ty()).unwrap();
//! assert_eq!(value.attribute("name").and_then(Value::as_str), Some("example"));
//! ```
//!
//! Not here: how a configuration is validated and planned by a schema, which the server does.

mod attribute;
mod block;
pub(crate) mod body;
mod identity;
mod nested;
mod object_kind;
mod plan_modifier;
mod problems;
pub mod validator;

pub use body::{Attribute, AttributeType, Block, Mode, Nested, Nesting};
pub use identity::{IdentityAttribute, IdentitySchema};
pub use object_kind::ObjectKind;
pub use plan_modifier::{AttributeChange, PlanModifier};
pub use validator::Validator;

use self::body::Body;
use super::value::Type;

/// The attributes and blocks of a provider's configuration, a resource, a data source or another object.
#[derive(Clone, Debug)]
pub struct Schema {
    description: &'static str,
    version: i64,
    deprecation: Option<&'static str>,
    body: Body,
}

impl Schema {
    /// Makes a schema without attributes, of version 0. The description is Markdown.
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
    /// Panics if the name is declared already.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Adds a nested block.
    ///
    /// # Panics
    ///
    /// Panics if the name is declared already.
    #[must_use]
    pub fn block(mut self, name: &'static str, block: Block) -> Self {
        self.body.add_block(name, block);
        self
    }

    /// Adds a validator of the configured object as a whole, such as
    /// [`exactly_one_of`](validator::exactly_one_of).
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
        self
    }

    /// Sets the version of the state that this schema describes. The default is 0.
    ///
    /// The SDK does not upgrade states: a state of any other version is refused with "Unable To Upgrade Resource State".
    /// So do not change the version of a resource that practitioners already use. Attributes can be added and removed
    /// without a new version: an attribute that the state lacks is read as null, and one that the schema lacks is
    /// dropped.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// Marks the whole object as deprecated. The message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// Returns the description, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns the version of the state.
    pub fn state_version(&self) -> i64 {
        self.version
    }

    /// Returns the deprecation message, if the object is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// Returns the attributes, sorted by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.body.attributes()
    }

    /// Returns the nested blocks, sorted by name.
    pub fn blocks(&self) -> impl Iterator<Item = (&'static str, &Block)> {
        self.body.blocks()
    }

    /// Returns an attribute by its name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.body.attribute(name)
    }

    /// Returns the type of a value of this schema: an object with every attribute and block.
    pub fn ty(&self) -> Type {
        self.body.ty()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }
}
