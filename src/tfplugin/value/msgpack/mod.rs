//! The msgpack form of values.

use super::{Type, Value};
use crate::tfplugin::{Diagnostic, Diagnostics};

/// Reads msgpack of a type.
pub fn decode_msgpack(_bytes: &[u8], _ty: &Type) -> Result<Value, Diagnostics> {
    Err(Diagnostic::bug("not written yet").into())
}

/// Writes a value as msgpack.
pub fn encode_msgpack(_value: &Value, _ty: &Type) -> Result<Vec<u8>, Diagnostics> {
    Err(Diagnostic::bug("not written yet").into())
}
