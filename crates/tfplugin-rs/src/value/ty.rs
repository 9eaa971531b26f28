//! [`Type`]: the type of a value, as a schema states it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Text.
    String,
    /// A number of any size.
    Number,
    /// `true` or `false`.
    Bool,
    /// Any type; the value carries it.
    Dynamic,
    /// Elements of one type, in order.
    List(Box<Type>),
    /// Elements of one type, each once, without order.
    Set(Box<Type>),
    /// Elements of one type by name.
    Map(Box<Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
    /// Attributes, each of its own type.
    Object(ObjectType),
}

/// The attributes of an object type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectType {
    /// The type of every attribute, by its name.
    pub attributes: BTreeMap<String, Type>,
    /// The attributes that a practitioner may leave out where a value is converted to this type.
    /// In a value they are present, like the others.
    pub optional: BTreeSet<String>,
}

impl Type {
    /// A list of one type.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of one type.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of one type.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// A tuple.
    pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// An object, none of whose attributes may be left out.
    pub fn object(attributes: impl IntoIterator<Item = (impl Into<String>, Type)>) -> Self {
        Self::Object(ObjectType {
            attributes: attributes
                .into_iter()
                .map(|(name, ty)| (name.into(), ty))
                .collect(),
            optional: BTreeSet::new(),
        })
    }

    /// The attributes, if it is an object type.
    pub fn attributes(&self) -> Option<&BTreeMap<String, Type>> {
        match self {
            Self::Object(object) => Some(&object.attributes),
            _ => None,
        }
    }
}

/// The type in words, with its article: `a list`, `an object`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a bool",
            Self::Dynamic => "a value with its type",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Tuple(_) => "a tuple",
            Self::Object(_) => "an object",
        })
    }
}
