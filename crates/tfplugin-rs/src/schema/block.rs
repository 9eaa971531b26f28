//! [`Block`]: a nested block.
//!
//! A practitioner writes `name { … }`, without an equals sign. New schemas are better served by nested attributes
//! ([`Nested`](super::Nested)), which can be null, computed and built by expressions; blocks are for what
//! practitioners know as blocks, `timeouts { … }` above all.

use std::fmt;
use std::sync::Arc;

use super::body::{Body, Nesting};
use super::{Attribute, PlanModifier, Validator};
use crate::value::Type;

/// A nested block of a [`Schema`](super::Schema), or of another block.
///
/// A `dynamic` block whose `for_each` is not known yet makes the whole collection unknown, so a model holds
/// `Attr<Vec<T>>` for a list or set of blocks, `Attr<BTreeMap<String, T>>` for a map and `Attr<T>` for one. Without
/// blocks a list, set or map is empty, never null.
///
/// ```
/// # use tfplugin::{Attribute, Schema, Type};
/// # use tfplugin::schema::Block;
/// let port = Attribute::required(Type::Number, "Where it listens.");
/// let listener = Block::list("One address that it serves.").attribute("port", port).max_items(8);
/// let schema = Schema::new("A server.").block("listener", listener);
/// ```
#[derive(Clone)]
pub struct Block {
    nesting: Nesting,
    description: &'static str,
    deprecation: Option<&'static str>,
    min_items: u32,
    max_items: u32,
    body: Body,
    validators: Vec<Arc<dyn Validator>>,
    plan_modifiers: Vec<Arc<dyn PlanModifier>>,
}

impl Block {
    fn new(nesting: Nesting, description: &'static str) -> Self {
        Self {
            nesting,
            description,
            deprecation: None,
            min_items: 0,
            max_items: 0,
            body: Body::default(),
            validators: Vec::new(),
            plan_modifiers: Vec::new(),
        }
    }

    /// One block, or none: null. The description is Markdown.
    pub fn single(description: &'static str) -> Self {
        Self::new(Nesting::Single, description)
    }

    /// One block that counts as there even where it is not written: with every attribute null. The description is
    /// Markdown.
    pub fn group(description: &'static str) -> Self {
        Self::new(Nesting::Group, description)
    }

    /// Any number of blocks, in order. The description is Markdown.
    pub fn list(description: &'static str) -> Self {
        Self::new(Nesting::List, description)
    }

    /// Any number of blocks without order. The description is Markdown.
    pub fn set(description: &'static str) -> Self {
        Self::new(Nesting::Set, description)
    }

    /// Blocks with a label each: `name "label" { … }`. The description is Markdown.
    pub fn map(description: &'static str) -> Self {
        Self::new(Nesting::Map, description)
    }

    /// Adds an attribute to each block.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Adds a block within each block.
    ///
    /// # Panics
    ///
    /// When the name is there already: a mistake that the first test of the schema shows.
    #[must_use]
    pub fn block(mut self, name: &'static str, block: Block) -> Self {
        self.body.add_block(name, block);
        self
    }

    /// There must be at least so many of a list or set; a [`single`](Self::single) one must be there if it is 1.
    #[must_use]
    pub fn min_items(mut self, items: u32) -> Self {
        self.min_items = items;
        self
    }

    /// There may be at most so many of a list or set.
    #[must_use]
    pub fn max_items(mut self, items: u32) -> Self {
        self.max_items = items;
        self
    }

    /// Marks it as deprecated; the message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// Checks what is configured as a whole: the list, set, map or single object.
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Checks each configured block.
    #[must_use]
    pub fn validate_each(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
        self
    }

    /// Changes how all of them are planned, as a whole.
    #[must_use]
    pub fn plan_modifier(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.plan_modifiers.push(Arc::new(modifier));
        self
    }

    /// Changes how each block is planned, before its attributes' own plan modifiers.
    #[must_use]
    pub fn plan_modifier_each(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.body.add_plan_modifier(modifier);
        self
    }

    /// How many blocks there are, and how they are told apart.
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// What it is, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// What to use instead, if it is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// How many there must be at least.
    pub fn fewest(&self) -> u32 {
        self.min_items
    }

    /// How many there may be at most; `None`: any number.
    pub fn most(&self) -> Option<u32> {
        Some(self.max_items).filter(|most| *most > 0)
    }

    /// The attributes of each block in the order of their names.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.body.attributes()
    }

    /// The blocks within each block in the order of their names.
    pub fn blocks(&self) -> impl Iterator<Item = (&'static str, &Block)> {
        self.body.blocks()
    }

    /// The type of what is configured as a whole.
    pub(crate) fn ty(&self) -> Type {
        self.nesting.holding(&self.body)
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn validators(&self) -> &[Arc<dyn Validator>] {
        &self.validators
    }

    pub(crate) fn plan_modifiers(&self) -> &[Arc<dyn PlanModifier>] {
        &self.plan_modifiers
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("nesting", &self.nesting)
            .field("min_items", &self.min_items)
            .field("max_items", &self.max_items)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
