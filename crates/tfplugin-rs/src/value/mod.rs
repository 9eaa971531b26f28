//! [`Value`] and [`Type`]: what Terraform and a provider exchange.
//!
//! A value is read and written with its type at hand: the wire forms do not tell a list from a set
//! or a map from an object, and a number may come as text.
//!
//! - [`decode_msgpack`], [`encode_msgpack`]: the form on the wire.
//! - [`decode_json`], [`encode_json`]: the form in a state file.
//! - [`from_value`], [`to_value`]: the bridge to an author's model, a struct with serde derives.
//!
//! Not here: what a schema says beyond types (computed, sensitive, nesting of blocks), and
//! Terraform's own functions on values (conversion, unification, refinement of unknowns).

mod access;
mod bridge;
mod fault;
mod json;
mod msgpack;
mod number;
mod set;
#[cfg(test)]
mod strategies;
mod ty;
mod type_json;
mod unknown;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub(crate) use bridge::encode_model;
pub use bridge::{from_value, to_value};
pub use json::{Leniency, decode_json, encode_json};
pub(crate) use msgpack::Encoded;
pub use msgpack::{decode_msgpack, encode_msgpack};
pub use number::{Number, NumberError};
pub use ty::{ObjectType, Type};
pub use type_json::TypeError;
pub use unknown::Unknown;

/// How deep values and types may nest. Terraform's own stay far below.
const MAX_DEPTH: usize = 128;

/// A value of Terraform's type system.
///
/// `Debug` prints the shape alone, for any string may be a secret. Equality and order are
/// structural; numbers compare by value, however they were written. The serde implementations let a
/// model hold a value; for wire and state there are the functions of this module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename = "$tfplugin::Value")] // the name by which the bridge knows it: bridge::VALUE
pub enum Value {
    /// Absent.
    Null,
    /// Known only after apply.
    Unknown(Unknown),
    /// `true` or `false`.
    Bool(bool),
    /// A number of any size.
    Number(Number),
    /// Text.
    String(String),
    /// A list, a set or a tuple. A set is as [`set_of`](Value::set_of) makes it: in one order,
    /// without duplicates.
    List(Vec<Value>),
    /// A map or an object.
    Map(BTreeMap<String, Value>),
    /// A value that carries its type, where the schema says [`Type::Dynamic`]. Null and unknown
    /// stand there bare where their type is not known either.
    Dynamic(Box<(Type, Value)>),
}

impl Value {
    /// A value about which nothing is known.
    pub fn unknown() -> Self {
        Self::Unknown(Unknown::plain())
    }

    /// A set: sorted, equal elements once. Elements that are not wholly known stay apart, for they
    /// may turn out different.
    pub fn set_of(elements: impl IntoIterator<Item = Value>) -> Self {
        Self::List(set::canonical(elements.into_iter().collect()))
    }

    /// An object or map.
    pub fn object(attributes: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Self {
        Self::Map(
            attributes
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }

    /// A value that carries its type.
    pub fn dynamic(ty: Type, value: Value) -> Self {
        Self::Dynamic(Box::new((ty, value)))
    }

    /// An object of this type with every attribute null; null itself if the type is no object.
    pub fn null_object(ty: &Type) -> Self {
        match ty {
            Type::Object(object) => {
                Self::object(object.attributes.keys().map(|name| (name, Self::Null)))
            }
            _ => Self::Null,
        }
    }

    /// Whether it is null, with or without a type.
    pub fn is_null(&self) -> bool {
        matches!(self.bare(), Self::Null)
    }

    /// Whether it is unknown as a whole, with or without a type.
    pub fn is_unknown(&self) -> bool {
        matches!(self.bare(), Self::Unknown(_))
    }

    /// Whether nothing in it is unknown, however deep.
    pub fn is_wholly_known(&self) -> bool {
        match self.bare() {
            Self::Unknown(_) => false,
            Self::List(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Map(elements) => elements.values().all(Self::is_wholly_known),
            _ => true,
        }
    }

    /// Whether nothing in it is set: null, or an object of such. An empty list is something.
    pub fn is_fully_null(&self) -> bool {
        match self.bare() {
            Self::Null => true,
            Self::Map(elements) => elements.values().all(Self::is_fully_null),
            _ => false,
        }
    }

    /// The text, if it is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self.bare() {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is a known one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.bare() {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The number, if it is a known one.
    pub fn as_number(&self) -> Option<&Number> {
        match self.bare() {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The elements, if it is a known list, set or tuple.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self.bare() {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements, if it is a known map or object.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self.bare() {
            Self::Map(elements) => Some(elements),
            _ => None,
        }
    }

    /// The value without the types it carries.
    fn bare(&self) -> &Value {
        let mut value = self;
        while let Self::Dynamic(typed) = value {
            value = &typed.1;
        }
        value
    }

    /// What it is, in words that fit an error: never its content.
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "an object or map",
            Self::Dynamic(_) => "a value with its type",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Unknown(unknown) => unknown.fmt(f),
            Self::Bool(_) => f.write_str("Bool(…)"),
            Self::Number(_) => f.write_str("Number(…)"),
            Self::String(_) => f.write_str("String(…)"),
            Self::List(elements) => f.debug_list().entries(elements).finish(),
            Self::Map(elements) => f.debug_map().entries(elements).finish(),
            Self::Dynamic(typed) => f
                .debug_tuple("Dynamic")
                .field(&typed.0)
                .field(&typed.1)
                .finish(),
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}
