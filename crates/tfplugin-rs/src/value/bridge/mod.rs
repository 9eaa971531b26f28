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

mod de;
mod error;
mod parts;
mod ser;
#[cfg(test)]
mod tests;
mod variant;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::de::ValueDeserializer;
use self::ser::Writer;
use super::fault::{Blame, Fault};
use super::msgpack::{Encoded, decode};
use super::{Type, Value};
use crate::Diagnostics;

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
        .map_err(|fault| fault.into_diagnostics(Blame::Provider))
}

/// Writes a model as a value of a type.
///
/// An attribute without a field is null; a field without an attribute is an error. The elements of
/// a set are sorted and duplicates dropped. Where the type is dynamic, a value gets the type that it
/// plainly has.
pub fn to_value<M: Serialize>(model: &M, ty: &Type) -> Result<Value, Diagnostics> {
    encode(model, ty)
        .and_then(|encoded| decode(&encoded.msgpack, ty))
        .map_err(|fault| fault.into_diagnostics(Blame::Provider))
}

/// Writes a model as msgpack of a type.
pub(crate) fn encode_model<M: Serialize>(model: &M, ty: &Type) -> Result<Encoded, Diagnostics> {
    encode(model, ty).map_err(|fault| fault.into_diagnostics(Blame::Provider))
}

fn encode<M: Serialize>(model: &M, ty: &Type) -> Result<Encoded, Fault> {
    let mut writer = Writer::default();
    writer.write(model, Some(ty), 0)?;
    Ok(writer.encoder.finish())
}
