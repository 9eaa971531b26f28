//! The bridge between a [`Value`] and an author's model: a struct with serde derives.
//!
//! One field per attribute, named like it:
//!
//! | field | null | unknown | known |
//! |---|---|---|---|
//! | `Attr<T>` | yes | yes | `T` |
//! | `Option<T>` | yes | no | `T` |
//! | `T` | no | no | `T` |
//! | [`Value`] | yes | yes | anything |
//!
//! `T` is a bool, an integer, a float, [`Number`](super::Number), `String`, a vector or set, a map
//! with string keys, a nested model, an enum of unit variants (a string), or a
//! [`Sensitive`](crate::Sensitive) of those. `Attr`, `Sensitive`, `Number` and `Value` are
//! known by name to the bridge and keep what serde's data model has no word for. An `Attr` forgets
//! what Terraform knows already of an unknown value, and the type of a null one; a `Value` does not.
//!
//! Not here: `#[serde(flatten)]`, `alias` and untagged enums. They guess; a schema leaves nothing to
//! guess. `#[serde(default)]` has no effect when reading: every attribute is present, if only as
//! null.

mod conform;
mod de;
mod encode;
mod error;
mod ser;
mod special;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::de::ValueDeserializer;
use self::encode::ModelSerializer;
use self::ser::ValueSerializer;
use super::fault::Voice;
use super::msgpack::{Encoded, Encoder};
use super::{MAX_DEPTH, Type, Value};
use crate::Diagnostics;

/// The serde name of [`Attr`](crate::Attr).
const ATTR: &str = "$tfplugin::Attr";
/// The serde name of [`Sensitive`](crate::Sensitive).
const SENSITIVE: &str = "$tfplugin::Sensitive";
/// The serde name of [`Number`](super::Number).
pub(super) const NUMBER: &str = "$tfplugin::Number";
/// The serde name of [`Value`].
const VALUE: &str = "$tfplugin::Value";

/// Reads a model from a value.
///
/// Every field of the model must be an attribute of the value; attributes without a field are
/// ignored. The error names the attribute and what was found where the model had no place for it,
/// such as an unknown value in a field that cannot hold one; it never quotes content.
///
/// ```
/// # use serde::Deserialize;
/// # use tfplugin::{Attr, Value, value::from_value};
/// #[derive(Deserialize)]
/// struct Model {
///     name: String,
///     id: Attr<String>,
/// }
/// let value = Value::object([("name", Value::from("example")), ("id", Value::unknown())]);
/// let model: Model = from_value(&value).unwrap();
/// assert_eq!(model.name, "example");
/// assert_eq!(model.id, Attr::Unknown);
/// ```
pub fn from_value<M: DeserializeOwned>(value: &Value) -> Result<M, Diagnostics> {
    M::deserialize(ValueDeserializer(value))
        .map_err(|fault| fault.into_diagnostics(Voice::Conversion))
}

/// Writes a model as a value of a type.
///
/// An attribute without a field is null; a field without an attribute is an error. The elements of
/// a set are sorted and duplicates dropped. Where the type is dynamic, a value gets the type that it
/// plainly has.
pub fn to_value<M: Serialize>(model: &M, ty: &Type) -> Result<Value, Diagnostics> {
    model
        .serialize(ValueSerializer)
        .and_then(|value| conform::conform(value, ty, 0))
        .map_err(|fault| fault.into_diagnostics(Voice::Conversion))
}

/// Writes a model as msgpack of a type: what [`to_value`] and [`encode_msgpack`](super::encode_msgpack)
/// make of it, with no value in between.
pub(crate) fn encode_model<M: Serialize>(model: &M, ty: &Type) -> Result<Encoded, Diagnostics> {
    let mut encoder = Encoder::default();
    let target = ModelSerializer {
        encoder: &mut encoder,
        ty,
        depth: 0,
    };
    match model.serialize(target) {
        Ok(()) => Ok(encoder.finish()),
        Err(fault) => Err(fault.into_diagnostics(Voice::Conversion)),
    }
}
