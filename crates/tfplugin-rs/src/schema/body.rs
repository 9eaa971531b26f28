//! [`Body`]: what stands between a pair of braces: attributes, and blocks within.
//!
//! A schema, a nested block and a nested attribute have one each. What a practitioner's values do in it is not here:
//! the server walks them along it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Attribute, Block, PlanModifier, Validator};
use crate::value::{Type, Value};

/// How many objects a nested block or attribute holds, and how they are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object, or null.
    Single,
    /// One object that is always there, if only with nulls. Blocks alone know it.
    Group,
    /// Objects in order.
    List,
    /// Objects without order, each once.
    Set,
    /// Objects by name.
    Map,
}

impl Nesting {
    /// The type of what holds objects of this body.
    pub(super) fn holding(self, body: &Body) -> Type {
        let object = body.ty();
        match self {
            Self::Single | Self::Group => object,
            Self::List => Type::list(object),
            Self::Set => Type::set(object),
            Self::Map => Type::map(object),
        }
    }

    /// Whether it holds one object itself, not any number of them.
    pub(crate) fn is_one(self) -> bool {
        matches!(self, Self::Single | Self::Group)
    }
}

/// Attributes, blocks, and what is said of the object as a whole.
#[derive(Clone, Default)]
pub(crate) struct Body {
    attributes: BTreeMap<&'static str, Attribute>,
    blocks: BTreeMap<&'static str, Block>,
    validators: Vec<Arc<dyn Validator>>,
    plan_modifiers: Vec<Arc<dyn PlanModifier>>,
}

impl Body {
    pub(super) fn add_attribute(&mut self, name: &'static str, attribute: Attribute) {
        assert!(!self.has(name), "{name:?} is declared twice");
        self.attributes.insert(name, attribute);
    }

    pub(super) fn add_block(&mut self, name: &'static str, block: Block) {
        assert!(!self.has(name), "{name:?} is declared twice");
        self.blocks.insert(name, block);
    }

    pub(super) fn add_validator(&mut self, validator: impl Validator + 'static) {
        self.validators.push(Arc::new(validator));
    }

    pub(super) fn add_plan_modifier(&mut self, modifier: impl PlanModifier + 'static) {
        self.plan_modifiers.push(Arc::new(modifier));
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name) || self.blocks.contains_key(name)
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'static str, &Attribute)> {
        self.attributes.iter().map(|(name, one)| (*name, one))
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&'static str, &Block)> {
        self.blocks.iter().map(|(name, one)| (*name, one))
    }

    /// Attributes, then blocks.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&'static str, Part<'_>)> {
        let attributes = self
            .attributes()
            .map(|(name, one)| (name, Part::Attribute(one)));
        let blocks = self.blocks().map(|(name, one)| (name, Part::Block(one)));
        attributes.chain(blocks)
    }

    pub(crate) fn validators(&self) -> &[Arc<dyn Validator>] {
        &self.validators
    }

    pub(crate) fn plan_modifiers(&self) -> &[Arc<dyn PlanModifier>] {
        &self.plan_modifiers
    }

    /// An object with every attribute and block.
    pub(crate) fn ty(&self) -> Type {
        Type::object(self.parts().map(|(name, part)| (name, part.ty())))
    }
}

/// An attribute or a block of a [`Body`].
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    Attribute(&'a Attribute),
    Block(&'a Block),
}

impl<'a> Part<'a> {
    pub(crate) fn ty(self) -> Type {
        match self {
            Self::Attribute(attribute) => attribute.ty().clone(),
            Self::Block(block) => block.ty(),
        }
    }

    /// The objects that it holds, where a schema says what is in them.
    pub(crate) fn objects(self) -> Option<(Nesting, &'a Body)> {
        match self {
            Self::Attribute(attribute) => attribute.nested().map(|one| (one.nesting(), one.body())),
            Self::Block(block) => Some((block.nesting(), block.body())),
        }
    }

    pub(crate) fn is_computed(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.is_computed())
    }

    pub(crate) fn is_write_only(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.is_write_only())
    }

    pub(crate) fn default(self) -> Option<&'a Value> {
        match self {
            Self::Attribute(attribute) => attribute.default(),
            Self::Block(_) => None,
        }
    }

    pub(crate) fn validators(self) -> &'a [Arc<dyn Validator>] {
        match self {
            Self::Attribute(attribute) => attribute.validators(),
            Self::Block(block) => block.validators(),
        }
    }

    pub(crate) fn plan_modifiers(self) -> &'a [Arc<dyn PlanModifier>] {
        match self {
            Self::Attribute(attribute) => attribute.plan_modifiers(),
            Self::Block(block) => block.plan_modifiers(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(&self.attributes)
            .entries(&self.blocks)
            .finish()
    }
}
