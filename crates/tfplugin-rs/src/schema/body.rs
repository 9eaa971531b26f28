//! What a schema is made of: [`Attribute`], [`Nested`] and [`Block`], and the [`Body`] that contains them.
//!
//! The types contain each other, so they are defined together. Their methods are in a file each.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::plan_modifier::PlanModifier;
use super::validator::Validator;
use crate::value::{Type, Value};

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The practitioner must set it.
    Required,
    /// The practitioner may set it; null otherwise.
    Optional,
    /// The practitioner may set it; otherwise the provider does.
    OptionalComputed,
    /// The provider sets it.
    Computed,
}

/// How many objects a nested block or attribute holds, and what identifies each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object, or null.
    Single,
    /// One object that is never null, at least one with null attributes. For blocks only.
    Group,
    /// Objects in order, by index.
    List,
    /// Objects without order or duplicates.
    Set,
    /// Objects by key.
    Map,
}

impl Nesting {
    /// Returns the type of a nested block or attribute whose objects have this body.
    pub(super) fn holding(self, body: &Body) -> Type {
        let object = body.ty();
        match self {
            Self::Single | Self::Group => object,
            Self::List => Type::list(object),
            Self::Set => Type::set(object),
            Self::Map => Type::map(object),
        }
    }
}

/// An attribute of a [`Schema`](super::Schema): its type, who sets it, and its description.
///
/// A practitioner writes it with an equals sign: `name = …`.
///
/// ```
/// use tfplugin::{Attribute, Type};
///
/// let name = Attribute::required(Type::String, "Name of the server.").requires_replace();
/// let id = Attribute::computed(Type::String, "ID of the server.").use_state_for_unknown();
/// let region = Attribute::optional_computed(Type::String, "Region. Defaults to `eu`.")
///     .default_value("eu".into());
/// let key = Attribute::optional(Type::String, "Access key.").sensitive().write_only();
/// ```
#[derive(Clone)]
pub struct Attribute {
    pub(super) ty: Type,
    pub(super) nested: Option<Arc<Nested>>,
    pub(super) mode: Mode,
    pub(super) description: &'static str,
    pub(super) sensitive: bool,
    pub(super) write_only: bool,
    pub(super) deprecation: Option<&'static str>,
    pub(super) default: Option<Value>,
    pub(super) validators: Vec<Arc<dyn Validator>>,
    pub(super) plan_modifiers: Vec<Arc<dyn PlanModifier>>,
}

/// The type of a nested attribute, whose objects have a schema of their own.
///
/// A plain object type ([`Type::object`]) has only names and types. In a nested attribute, every attribute of an object
/// has a description and a [`Mode`], and may have a default, validators and plan modifiers. A practitioner writes `name
/// = { … }` or `name = [{ … }]`, with an equals sign.
///
/// ```
/// use tfplugin::schema::Nested;
/// use tfplugin::{Attribute, Schema, Type};
///
/// let port = Attribute::required(Type::Number, "Port on which it listens.");
/// let id = Attribute::computed(Type::String, "ID of the listener.").use_state_for_unknown();
/// let listeners = Nested::list().attribute("port", port).attribute("id", id);
/// let schema = Schema::new("A server.")
///     .attribute("listeners", Attribute::optional(listeners, "Addresses that it serves."));
/// ```
#[derive(Clone)]
pub struct Nested {
    pub(super) nesting: Nesting,
    pub(super) body: Body,
}

/// What an [`Attribute`] holds: a [`Type`], or objects with a schema of their own.
///
/// Both convert into it, so that `Attribute::required` takes either.
#[derive(Clone, Debug)]
pub enum AttributeType {
    /// A value of a type.
    Plain(Type),
    /// Objects with a schema of their own.
    Nested(Nested),
}

/// A nested block of a [`Schema`](super::Schema), or of another block.
///
/// A practitioner writes `name { … }`, without an equals sign. Prefer nested attributes ([`Nested`]) in new
/// schemas: they can be null, computed, and built by expressions. Blocks are for what practitioners know as
/// blocks, such as `timeouts { … }`.
///
/// A `dynamic` block whose `for_each` is not known yet makes the whole collection unknown. So the field of a model
/// is `Attr<Vec<T>>` for a list or set of blocks, `Attr<BTreeMap<String, T>>` for a map and `Attr<T>` for a single
/// block or a group. Without blocks, a list, set or map is empty, never null.
///
/// ```
/// use tfplugin::schema::Block;
/// use tfplugin::{Attribute, Schema, Type};
///
/// let port = Attribute::required(Type::Number, "Port on which it listens.");
/// let listener = Block::list("An address that it serves.").attribute("port", port).max_items(8);
/// let schema = Schema::new("A server.").block("listener", listener);
/// ```
#[derive(Clone)]
pub struct Block {
    pub(super) nesting: Nesting,
    pub(super) description: &'static str,
    pub(super) deprecation: Option<&'static str>,
    pub(super) min_items: u32,
    pub(super) max_items: u32,
    pub(super) body: Body,
    pub(super) validators: Vec<Arc<dyn Validator>>,
    pub(super) plan_modifiers: Vec<Arc<dyn PlanModifier>>,
}

/// The attributes and blocks of one object, with the validators and plan modifiers of the object as a whole. A
/// schema, a nested block and a nested attribute have one each.
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

    /// Returns the attributes, then the blocks.
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

    /// Returns the type of an object with every attribute and block.
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
            Self::Attribute(attribute) => attribute.ty.clone(),
            Self::Block(block) => block.nesting.holding(&block.body),
        }
    }

    /// Returns the nesting and the body of its objects, if it holds objects with a schema of their own.
    pub(crate) fn objects(self) -> Option<(Nesting, &'a Body)> {
        match self {
            Self::Attribute(attribute) => {
                let nested = attribute.nested.as_deref()?;
                Some((nested.nesting, &nested.body))
            }
            Self::Block(block) => Some((block.nesting, &block.body)),
        }
    }

    pub(crate) fn is_computed(self) -> bool {
        let mode = match self {
            Self::Attribute(attribute) => attribute.mode,
            Self::Block(_) => return false,
        };
        matches!(mode, Mode::Computed | Mode::OptionalComputed)
    }

    pub(crate) fn is_write_only(self) -> bool {
        matches!(self, Self::Attribute(attribute) if attribute.write_only)
    }

    pub(crate) fn default(self) -> Option<&'a Value> {
        match self {
            Self::Attribute(attribute) => attribute.default.as_ref(),
            Self::Block(_) => None,
        }
    }

    pub(crate) fn validators(self) -> &'a [Arc<dyn Validator>] {
        match self {
            Self::Attribute(attribute) => &attribute.validators,
            Self::Block(block) => &block.validators,
        }
    }

    pub(crate) fn plan_modifiers(self) -> &'a [Arc<dyn PlanModifier>] {
        match self {
            Self::Attribute(attribute) => &attribute.plan_modifiers,
            Self::Block(block) => &block.plan_modifiers,
        }
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribute")
            .field("ty", &self.ty)
            .field("mode", &self.mode)
            .field("sensitive", &self.sensitive)
            .field("write_only", &self.write_only)
            .finish_non_exhaustive()
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

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(&self.attributes)
            .entries(&self.blocks)
            .finish()
    }
}
