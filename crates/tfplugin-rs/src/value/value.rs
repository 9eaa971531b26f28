//! [`Value`]: a value of Terraform's type system.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeTupleVariant;
use serde::{Deserialize, Serialize, Serializer};

use super::{Number, Type, Unknown};

/// The serde name by which the bridge knows a value.
pub(super) const SERDE_NAME: &str = "$tfplugin::Value";

/// A value of Terraform's type system.
///
/// `Debug` prints the shape only, because any string may be a secret. Equality and order are structural; numbers
/// compare by value. The serde implementations let a model hold a value; for wire and state use the functions of
/// [`value`](crate::value).
///
/// ```
/// use tfplugin::{Path, Value};
///
/// let value = Value::object([("name", Value::from("example")), ("id", Value::unknown())]);
/// assert_eq!(value.attribute("name").and_then(Value::as_str), Some("example"));
/// assert!(!value.is_wholly_known());
/// assert_eq!(format!("{value:?}"), r#"{"id": Unknown, "name": String(…)}"#);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename = "$tfplugin::Value")] // SERDE_NAME
pub enum Value {
    /// No value.
    Null,
    /// Known only after apply.
    Unknown(Unknown),
    /// `true` or `false`.
    Bool(bool),
    /// A number of any size.
    Number(Number),
    /// Text.
    String(String),
    /// A list, a set or a tuple. Build a set with [`set_of`](Value::set_of), which sorts it and drops duplicates.
    List(Vec<Value>),
    /// A map or an object.
    Map(BTreeMap<String, Value>),
    /// A value with its type, where the schema's type is [`Type::Dynamic`]. A null or unknown value of unknown type
    /// is [`Null`](Self::Null) or [`Unknown`](Self::Unknown) itself.
    Dynamic(Box<(Type, Value)>),
}

impl Value {
    /// Makes an unknown value without refinements.
    pub fn unknown() -> Self {
        Self::Unknown(Unknown::plain())
    }

    /// Makes a set: sorts the elements and drops duplicates.
    ///
    /// Equal elements with unknown parts are all kept, because they may become different at apply.
    pub fn set_of(elements: impl IntoIterator<Item = Value>) -> Self {
        Self::List(canonical_set(elements.into_iter().collect()))
    }

    /// Makes an object or map.
    pub fn object(attributes: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Self {
        Self::Map(
            attributes
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }

    /// Makes a value of dynamic type from a type and a value of that type.
    pub fn dynamic(ty: Type, value: Value) -> Self {
        Self::Dynamic(Box::new((ty, value)))
    }

    /// Makes an object whose attributes are all null. If the type is not an object, returns null.
    pub fn null_object(ty: &Type) -> Self {
        match ty {
            Type::Object(object) => {
                Self::object(object.attributes.keys().map(|name| (name, Self::Null)))
            }
            _ => Self::Null,
        }
    }

    /// Returns whether the value is null, with or without a type.
    pub fn is_null(&self) -> bool {
        matches!(self.bare(), Self::Null)
    }

    /// Returns whether the value is unknown as a whole, with or without a type.
    pub fn is_unknown(&self) -> bool {
        matches!(self.bare(), Self::Unknown(_))
    }

    /// Returns whether nothing in it is unknown, at any depth.
    pub fn is_wholly_known(&self) -> bool {
        match self.bare() {
            Self::Unknown(_) => false,
            Self::List(elements) => elements.iter().all(Self::is_wholly_known),
            Self::Map(elements) => elements.values().all(Self::is_wholly_known),
            _ => true,
        }
    }

    /// Returns whether the value is null, or an object whose attributes are all fully null. An empty list is not null.
    pub fn is_fully_null(&self) -> bool {
        match self.bare() {
            Self::Null => true,
            Self::Map(elements) => elements.values().all(Self::is_fully_null),
            _ => false,
        }
    }

    /// Returns the text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self.bare() {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a known bool.
    pub fn as_bool(&self) -> Option<bool> {
        match self.bare() {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Returns a known number.
    pub fn as_number(&self) -> Option<&Number> {
        match self.bare() {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the elements of a known list, set or tuple.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self.bare() {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the elements of a known map, or the attributes of a known object.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self.bare() {
            Self::Map(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the value itself, without the types around it.
    pub(super) fn bare(&self) -> &Value {
        let mut value = self;
        while let Self::Dynamic(typed) = value {
            value = &typed.1;
        }
        value
    }

    /// Returns the kind of value, for an error. Never its content.
    pub(super) fn kind(&self) -> &'static str {
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

/// Serializes as serde's derive would, except for [`Value::Dynamic`]: its type and value are two fields, so that the
/// bridge gets the type first.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit_variant(SERDE_NAME, 0, "Null"),
            Self::Unknown(unknown) => {
                serializer.serialize_newtype_variant(SERDE_NAME, 1, "Unknown", unknown)
            }
            Self::Bool(truth) => serializer.serialize_newtype_variant(SERDE_NAME, 2, "Bool", truth),
            Self::Number(number) => {
                serializer.serialize_newtype_variant(SERDE_NAME, 3, "Number", number)
            }
            Self::String(text) => {
                serializer.serialize_newtype_variant(SERDE_NAME, 4, "String", text)
            }
            Self::List(elements) => {
                serializer.serialize_newtype_variant(SERDE_NAME, 5, "List", elements)
            }
            Self::Map(elements) => {
                serializer.serialize_newtype_variant(SERDE_NAME, 6, "Map", elements)
            }
            Self::Dynamic(typed) => {
                let mut pair = serializer.serialize_tuple_variant(SERDE_NAME, 7, "Dynamic", 2)?;
                pair.serialize_field(&typed.0)?;
                pair.serialize_field(&typed.1)?;
                pair.end()
            }
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

/// Sorts the elements of a set and drops duplicates. Equal elements with unknown parts are all kept, because they may
/// become different at apply (cty keeps them too).
pub(super) fn canonical_set(mut elements: Vec<Value>) -> Vec<Value> {
    elements.sort_unstable();
    elements.dedup_by(|one, other| one == other && one.is_wholly_known());
    elements
}
