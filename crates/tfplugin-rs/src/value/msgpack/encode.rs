//! [`encode_msgpack`]: writes a [`Value`] as msgpack, checked against the type.

use std::ops::Range;

use rmp::encode as write;

use crate::Diagnostics;
use crate::value::fault::{Blame, Fault};
use crate::value::number::Wire;
use crate::value::unknown::REFINED;
use crate::value::{MAX_DEPTH, Number, Type, Unknown, Value};

/// Writes one value of a type as msgpack.
///
/// # Errors
///
/// Returns an error if the value does not fit the type: an object must have exactly the attributes of its type, a tuple
/// its length, and a value of dynamic type must carry its own. The error names the attribute, what was expected and
/// what was found, and never quotes content.
pub fn encode_msgpack(value: &Value, ty: &Type) -> Result<Vec<u8>, Diagnostics> {
    let mut encoder = Encoder::default();
    encoder
        .value(value, ty, 0)
        .map_err(|fault| fault.into_diagnostics(Blame::Provider))?;
    Ok(encoder.finish().msgpack)
}

/// A value as msgpack.
pub(crate) struct Encoded {
    pub(crate) msgpack: Vec<u8>,
    /// Whether nothing in it is unknown, at any depth.
    pub(crate) is_wholly_known: bool,
}

/// Writes msgpack into memory.
#[derive(Default)]
pub(in crate::value) struct Encoder {
    out: Vec<u8>,
    has_unknown: bool,
}

/// Why no write can fail.
const INFALLIBLE: &str = "a vector takes every byte";

impl Encoder {
    pub(in crate::value) fn finish(self) -> Encoded {
        Encoded {
            msgpack: self.out,
            is_wholly_known: !self.has_unknown,
        }
    }

    pub(in crate::value) fn written(&self) -> &[u8] {
        &self.out
    }

    pub(in crate::value) fn len(&self) -> usize {
        self.out.len()
    }

    /// Replaces the bytes of a range by what `write` writes. The bytes after it are kept.
    pub(in crate::value) fn rewrite(
        &mut self,
        range: Range<usize>,
        write: impl FnOnce(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let rest = self.out.split_off(range.end);
        self.out.truncate(range.start);
        write(self)?;
        self.out.extend(rest);
        Ok(())
    }

    /// Writes one value, checked against the type.
    pub(in crate::value) fn value(
        &mut self,
        value: &Value,
        ty: &Type,
        depth: usize,
    ) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::too_deep());
        }
        match (value, ty) {
            (Value::Null, _) => self.null(),
            (Value::Unknown(unknown), _) => self.unknown(unknown)?,
            (Value::Bool(truth), Type::Bool) => self.bool(*truth),
            (Value::Number(number), Type::Number) => self.number(number)?,
            (Value::String(text), Type::String) => self.text(text)?,
            (Value::List(elements), Type::List(ty)) => {
                self.array(elements.len())?;
                for (index, element) in elements.iter().enumerate() {
                    self.value(element, ty, depth + 1)
                        .map_err(|fault| fault.under_index(index))?;
                }
            }
            (Value::List(elements), Type::Set(ty)) => {
                self.array(elements.len())?;
                for element in elements {
                    self.value(element, ty, depth + 1)
                        .map_err(Fault::under_set)?;
                }
            }
            (Value::List(elements), Type::Tuple(types)) => {
                Fault::check_tuple(elements.len(), types.len())?;
                self.array(elements.len())?;
                for (index, (element, ty)) in elements.iter().zip(types).enumerate() {
                    self.value(element, ty, depth + 1)
                        .map_err(|fault| fault.under_index(index))?;
                }
            }
            (Value::Map(elements), Type::Map(ty)) => {
                self.map(elements.len())?;
                for (key, element) in elements {
                    self.text(key)?;
                    self.value(element, ty, depth + 1)
                        .map_err(|fault| fault.under_key(key))?;
                }
            }
            (Value::Map(attributes), Type::Object(object)) => {
                Fault::check_attributes(attributes, object)?;
                self.map(attributes.len())?;
                for ((name, attribute), ty) in attributes.iter().zip(object.attributes.values()) {
                    self.text(name)?;
                    self.value(attribute, ty, depth + 1)
                        .map_err(|fault| fault.under_attribute(name))?;
                }
            }
            (Value::Dynamic(typed), Type::Dynamic) => {
                let (ty, value) = &**typed;
                self.head_of_dynamic(ty)?;
                self.value(value, ty, depth + 1)?;
            }
            (value, ty) => return Err(Fault::mismatch(ty, value.kind())),
        }
        Ok(())
    }

    pub(in crate::value) fn null(&mut self) {
        write::write_nil(&mut self.out).expect(INFALLIBLE);
    }

    pub(in crate::value) fn bool(&mut self, truth: bool) {
        write::write_bool(&mut self.out, truth).expect(INFALLIBLE);
    }

    pub(in crate::value) fn number(&mut self, number: &Number) -> Result<(), Fault> {
        match number.to_wire() {
            Wire::Int(int) => {
                write::write_sint(&mut self.out, int).expect(INFALLIBLE);
            }
            Wire::Float(float) => write::write_f64(&mut self.out, float).expect(INFALLIBLE),
            Wire::Text(text) => self.text(&text)?,
        }
        Ok(())
    }

    /// Writes what precedes a value of dynamic type: the head of a pair, and the type.
    pub(in crate::value) fn head_of_dynamic(&mut self, ty: &Type) -> Result<(), Fault> {
        self.array(2)?;
        let json = ty.to_json();
        write::write_bin_len(&mut self.out, length(json.len())?).expect(INFALLIBLE);
        self.out.extend(json);
        Ok(())
    }

    /// Writes an unknown value. Without refinements it has the form that Terraform writes: extension type 0, one byte.
    pub(in crate::value) fn unknown(&mut self, unknown: &Unknown) -> Result<(), Fault> {
        self.has_unknown = true;
        let (code, body) = match unknown.refinements() {
            Some(body) => (REFINED, body),
            None => (0, [0].as_slice()),
        };
        write::write_ext_meta(&mut self.out, length(body.len())?, code).expect(INFALLIBLE);
        self.out.extend(body);
        Ok(())
    }

    pub(in crate::value) fn text(&mut self, text: &str) -> Result<(), Fault> {
        self.out.reserve(text.len() + 5);
        match u8::try_from(text.len()) {
            // Nearly every text is a name or short, and this is twice as fast.
            Ok(length @ ..32) => self.out.push(0xa0 | length),
            _ => {
                write::write_str_len(&mut self.out, length(text.len())?).expect(INFALLIBLE);
            }
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    pub(in crate::value) fn array(&mut self, elements: usize) -> Result<(), Fault> {
        write::write_array_len(&mut self.out, length(elements)?).expect(INFALLIBLE);
        Ok(())
    }

    pub(in crate::value) fn map(&mut self, pairs: usize) -> Result<(), Fault> {
        write::write_map_len(&mut self.out, length(pairs)?).expect(INFALLIBLE);
        Ok(())
    }
}

fn length(length: usize) -> Result<u32, Fault> {
    u32::try_from(length).map_err(|_| Fault::new("the value is longer than the protocol can carry"))
}
