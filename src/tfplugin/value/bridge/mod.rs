//! The bridge between a [`Value`] and an author's model.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Type, Value};
use crate::tfplugin::{Diagnostic, Diagnostics};

pub(super) const NUMBER: &str = "$tfplugin::Number";

/// Reads a model from a value.
pub fn from_value<M: DeserializeOwned>(_value: &Value) -> Result<M, Diagnostics> {
    Err(Diagnostic::bug("not written yet").into())
}

/// Writes a model as a value of a type.
pub fn to_value<M: Serialize>(_model: &M, _ty: &Type) -> Result<Value, Diagnostics> {
    Err(Diagnostic::bug("not written yet").into())
}
