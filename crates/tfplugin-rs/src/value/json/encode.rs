//! [`encode_json`]: writes a [`Value`] as JSON, checked against the type.

use crate::Diagnostics;
use crate::value::fault::{Blame, Fault};
use crate::value::{MAX_DEPTH, Type, Value};

/// Writes one value of a type as JSON, without spaces, attributes sorted by name.
///
/// # Errors
///
/// Returns an error if the value does not fit the type, is not wholly known, or contains an infinite number: JSON has
/// no form for these.
pub fn encode_json(value: &Value, ty: &Type) -> Result<Vec<u8>, Diagnostics> {
    let mut out = Vec::new();
    write(&mut out, value, ty, 0).map_err(|fault| fault.into_diagnostics(Blame::Provider))?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, value: &Value, ty: &Type, depth: usize) -> Result<(), Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::too_deep());
    }
    match (value, ty) {
        (Value::Null, _) => out.extend(b"null"),
        (Value::Unknown(_), _) => return Err(Fault::mismatch(ty, value.kind())),
        (Value::Bool(truth), Type::Bool) => out.extend(truth.to_string().bytes()),
        (Value::Number(number), Type::Number) if number.is_finite() => {
            out.extend(number.to_string().bytes());
        }
        (Value::Number(_), Type::Number) => return Err(Fault::mismatch(ty, "an infinite number")),
        (Value::String(text), Type::String) => string(out, text),
        (Value::List(elements), Type::List(ty)) => {
            separated(
                out,
                b"[]",
                elements.iter().enumerate(),
                |out, (index, element)| {
                    write(out, element, ty, depth + 1).map_err(|fault| fault.under_index(index))
                },
            )?;
        }
        (Value::List(elements), Type::Set(ty)) => {
            separated(out, b"[]", elements, |out, element| {
                write(out, element, ty, depth + 1).map_err(Fault::under_set)
            })?;
        }
        (Value::List(elements), Type::Tuple(types)) => {
            Fault::check_tuple(elements.len(), types.len())?;
            let elements = elements.iter().zip(types).enumerate();
            separated(out, b"[]", elements, |out, (index, (element, ty))| {
                write(out, element, ty, depth + 1).map_err(|fault| fault.under_index(index))
            })?;
        }
        (Value::Map(elements), Type::Map(ty)) => {
            separated(out, b"{}", elements, |out, (key, element)| {
                string(out, key);
                out.push(b':');
                write(out, element, ty, depth + 1).map_err(|fault| fault.under_key(key))
            })?;
        }
        (Value::Map(attributes), Type::Object(object)) => {
            Fault::check_attributes(attributes, object)?;
            let attributes = attributes.iter().zip(object.attributes.values());
            separated(out, b"{}", attributes, |out, ((name, attribute), ty)| {
                string(out, name);
                out.push(b':');
                write(out, attribute, ty, depth + 1).map_err(|fault| fault.under_attribute(name))
            })?;
        }
        (Value::Dynamic(typed), Type::Dynamic) => {
            let (ty, value) = &**typed;
            out.extend(br#"{"type":"#);
            out.extend(ty.to_json());
            out.extend(br#","value":"#);
            write(out, value, ty, depth + 1)?;
            out.push(b'}');
        }
        (value, ty) => return Err(Fault::mismatch(ty, value.kind())),
    }
    Ok(())
}

/// Writes items between brackets, separated by commas.
fn separated<I: IntoIterator>(
    out: &mut Vec<u8>,
    brackets: &[u8; 2],
    items: I,
    write: impl Fn(&mut Vec<u8>, I::Item) -> Result<(), Fault>,
) -> Result<(), Fault> {
    out.push(brackets[0]);
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(out, item)?;
    }
    out.push(brackets[1]);
    Ok(())
}

fn string(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("a vector takes every byte");
}
