//! [`Type`]: the type of a value, as a schema states it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The type of a value.
///
/// ```
/// use tfplugin::Type;
///
/// let rule = Type::object([("port", Type::Number), ("hosts", Type::set(Type::String))]);
/// let rules = Type::list(rule);
/// assert_eq!(rules.to_string(), "a list");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// Text.
    String,
    /// A number of any size.
    Number,
    /// `true` or `false`.
    Bool,
    /// Any type: the value carries its own.
    Dynamic,
    /// Elements of one type, in order.
    List(Box<Type>),
    /// Elements of one type, without order or duplicates.
    Set(Box<Type>),
    /// Elements of one type by key.
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
    /// The attributes that may be missing when Terraform converts a value to this type. In a value of the type they
    /// are present, as null.
    pub optional: BTreeSet<String>,
}

impl Type {
    /// Makes the type of a list.
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// Makes the type of a set.
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// Makes the type of a map.
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// Makes the type of a tuple.
    pub fn tuple(elements: impl IntoIterator<Item = Type>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// Makes the type of an object without optional attributes.
    pub fn object(attributes: impl IntoIterator<Item = (impl Into<String>, Type)>) -> Self {
        Self::Object(ObjectType {
            attributes: attributes
                .into_iter()
                .map(|(name, ty)| (name.into(), ty))
                .collect(),
            optional: BTreeSet::new(),
        })
    }

    /// Returns the attributes of an object type.
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
