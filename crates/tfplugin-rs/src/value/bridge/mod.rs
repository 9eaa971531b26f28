//! The bridge between a [`Value`] and an author's model: a struct with serde derives. The module above documents it
//! for authors.
//!
//! `Attr`, `Sensitive`, `Number` and `Value` are known to the bridge by their serde names, because serde's data model
//! has no form for null, unknown and sensitive values and for numbers of any size. An `Attr` drops the refinements
//! of an unknown value and the type of a null one; a `Value` keeps them.
//!
//! - [`ser`]: a model to msgpack, led by the type; [`parts`]: lists and objects in it;
//! - [`de`]: a value to a model; [`variant`]: `Attr` and `Value` in it;
//! - [`error`]: a fault as serde's error.

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
/// Every field of the model must be an attribute of the value. Attributes without a field are ignored, unless the model
/// has `#[serde(deny_unknown_fields)]`.
///
/// # Errors
///
/// Returns an error if a field cannot hold its attribute's value, such as an unknown value. The error names the
/// attribute and the kind of value, and never quotes content.
///
/// ```
/// # use serde::Deserialize;
/// # use tfplugin::{Attr, Value, value::from_value};
/// #[derive(Deserialize)]
/// struct Model {
///     name: Attr<String>,
///     id: Attr<String>,
/// }
/// let value = Value::object([("name", Value::from("example")), ("id", Value::unknown())]);
/// let model: Model = from_value(&value).unwrap();
/// assert_eq!(model.name.as_deref(), Some("example"));
/// assert_eq!(model.id, Attr::Unknown);
///
/// #[derive(Debug, Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Strict {
///     name: Attr<String>,
/// }
/// let error = from_value::<Strict>(&value).unwrap_err();
/// assert!(error.to_string().contains("the model has no field for the attribute"));
/// ```
pub fn from_value<M: DeserializeOwned>(value: &Value) -> Result<M, Diagnostics> {
    M::deserialize(ValueDeserializer(value))
        .map_err(|fault| fault.into_diagnostics(Blame::Provider))
}

/// Writes a model as a value of a type.
///
/// An attribute without a field becomes null. A set is sorted and its duplicates are dropped. Where the type is
/// dynamic, the type of the value is inferred: a list becomes a tuple, a map an object.
///
/// # Errors
///
/// Returns an error if the model does not fit the type, or has a field without an attribute. The error names the
/// attribute and the kind of value, and never quotes content.
///
/// ```
/// # use serde::Serialize;
/// # use tfplugin::{Type, Value, value::to_value};
/// #[derive(Serialize)]
/// struct Model {
///     ports: Vec<u16>,
/// }
/// let ty = Type::object([("ports", Type::set(Type::Number)), ("name", Type::String)]);
/// let value = to_value(&Model { ports: vec![443, 80, 80] }, &ty).unwrap();
/// let ports = Value::List(vec![80.into(), 443.into()]);
/// assert_eq!(value, Value::object([("ports", ports), ("name", Value::Null)]));
/// ```
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
