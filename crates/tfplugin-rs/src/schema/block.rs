//! [`Block`]: its constructors, options and getters.

use std::sync::Arc;

use super::body::{Attribute, Block, Body, Nesting};
use super::plan_modifier::PlanModifier;
use super::validator::Validator;

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

    /// Makes a block that may be written once. Without it, the value is null. The description is Markdown.
    pub fn single(description: &'static str) -> Self {
        Self::new(Nesting::Single, description)
    }

    /// Makes a block that may be written once. Without it, the value is an object whose attributes are null. The
    /// description is Markdown.
    pub fn group(description: &'static str) -> Self {
        Self::new(Nesting::Group, description)
    }

    /// Makes a list of blocks. The description is Markdown.
    pub fn list(description: &'static str) -> Self {
        Self::new(Nesting::List, description)
    }

    /// Makes a set of blocks. The description is Markdown.
    pub fn set(description: &'static str) -> Self {
        Self::new(Nesting::Set, description)
    }

    /// Makes a map of blocks, each with its key as a label: `name "key" { … }`. The description is Markdown.
    pub fn map(description: &'static str) -> Self {
        Self::new(Nesting::Map, description)
    }

    /// Adds an attribute to each block.
    ///
    /// # Panics
    ///
    /// Panics if the name is declared already.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, attribute: Attribute) -> Self {
        self.body.add_attribute(name, attribute);
        self
    }

    /// Adds a block within each block.
    ///
    /// # Panics
    ///
    /// Panics if the name is declared already.
    #[must_use]
    pub fn block(mut self, name: &'static str, block: Block) -> Self {
        self.body.add_block(name, block);
        self
    }

    /// Sets the minimum number of blocks of a list or set. 1 makes a [`single`](Self::single) block required.
    #[must_use]
    pub fn min_items(mut self, items: u32) -> Self {
        self.min_items = items;
        self
    }

    /// Sets the maximum number of blocks of a list or set. 0, the default, is no limit.
    #[must_use]
    pub fn max_items(mut self, items: u32) -> Self {
        self.max_items = items;
        self
    }

    /// Marks it as deprecated. The message says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, message: &'static str) -> Self {
        self.deprecation = Some(message);
        self
    }

    /// Adds a validator of the whole value: the list, set, map or single object.
    #[must_use]
    pub fn validate(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// Adds a validator of each configured block.
    #[must_use]
    pub fn validate_each(mut self, validator: impl Validator + 'static) -> Self {
        self.body.add_validator(validator);
        self
    }

    /// Adds a plan modifier of the whole value: the list, set, map or single object.
    #[must_use]
    pub fn plan_modifier(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.plan_modifiers.push(Arc::new(modifier));
        self
    }

    /// Adds a plan modifier of each block. It runs before those of the block's attributes.
    #[must_use]
    pub fn plan_modifier_each(mut self, modifier: impl PlanModifier + 'static) -> Self {
        self.body.add_plan_modifier(modifier);
        self
    }

    /// Returns the nesting: how many blocks there are, and what identifies each.
    pub fn nesting(&self) -> Nesting {
        self.nesting
    }

    /// Returns the description, in Markdown.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Returns the deprecation message, if it is deprecated.
    pub fn deprecation(&self) -> Option<&'static str> {
        self.deprecation
    }

    /// Returns the minimum number of blocks; see [`min_items`](Self::min_items).
    pub fn minimum_items(&self) -> u32 {
        self.min_items
    }

    /// Returns the maximum number of blocks; see [`max_items`](Self::max_items). `None` for no limit.
    pub fn maximum_items(&self) -> Option<u32> {
        Some(self.max_items).filter(|max| *max > 0)
    }

    /// Returns the attributes of each block, sorted by name.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.body.attributes()
    }

    /// Returns the blocks within each block, sorted by name.
    pub fn blocks(&self) -> impl Iterator<Item = (&'static str, &Block)> {
        self.body.blocks()
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }
}
