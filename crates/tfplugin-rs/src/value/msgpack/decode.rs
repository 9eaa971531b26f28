//! [`decode_msgpack`]: reads a [`Value`] from msgpack, led by the type.

use std::collections::BTreeMap;

use super::reader::{Reader, Token};
use crate::Diagnostics;
use crate::value::fault::{Blame, Fault};
use crate::value::ty::ObjectType;
use crate::value::unknown::{MAX_REFINEMENTS, REFINED};
use crate::value::value::canonical_set;
use crate::value::{MAX_DEPTH, Number, Type, Unknown, Value};

/// Reads one value of a type from msgpack.
///
/// Null and unknown values are allowed at every level. An object has exactly the attributes of its type, in any
/// order.
///
/// # Errors
///
/// Returns an error if the bytes are not one value of the type. The error names the attribute, what was expected and
/// what was found, and never quotes content.
pub fn decode_msgpack(bytes: &[u8], ty: &Type) -> Result<Value, Diagnostics> {
    decode(bytes, ty).map_err(|fault| fault.into_diagnostics(Blame::Terraform))
}

/// Reads one value, for a caller that decides itself whose mistake a fault is.
pub(in crate::value) fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Fault> {
    let mut decoder = Decoder {
        reader: Reader::new(bytes),
    };
    let value = decoder.value(ty, 0)?;
    if decoder.reader.is_at_end() {
        Ok(value)
    } else {
        Err(Fault::new("the data goes on after the value"))
    }
}

struct Decoder<'b> {
    reader: Reader<'b>,
}

impl<'b> Decoder<'b> {
    fn value(&mut self, ty: &Type, depth: usize) -> Result<Value, Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::too_deep());
        }
        match (self.reader.next()?, ty) {
            (Token::Nil, _) => Ok(Value::Null),
            (Token::Ext(code, body), _) => unknown(code, body).map(Value::Unknown),
            (Token::Bool(truth), Type::Bool) => Ok(Value::Bool(truth)),
            (Token::Str(bytes), Type::String) => text(bytes).map(Value::from),
            (Token::Int(number), Type::Number) => Ok(Value::Number(number.into())),
            (Token::Uint(number), Type::Number) => Ok(Value::Number(number.into())),
            (Token::Float(number), Type::Number) => Number::from_wire(number)
                .map(Value::Number)
                .map_err(|error| Fault::new(error.to_string())),
            (Token::Str(bytes), Type::Number) => Number::parse(text(bytes)?)
                .map(Value::Number)
                .map_err(|_| Fault::mismatch(ty, "a string that is no number")),
            (Token::Array(length), Type::List(element)) => (0..length)
                .map(|index| self.element(element, depth, index))
                .collect::<Result<_, _>>()
                .map(Value::List),
            (Token::Array(length), Type::Set(element)) => (0..length)
                .map(|_| self.value(element, depth + 1).map_err(Fault::under_set))
                .collect::<Result<_, _>>()
                .map(|elements| Value::List(canonical_set(elements))),
            (Token::Array(length), Type::Tuple(types)) => {
                Fault::check_tuple(length, types.len())?;
                let elements = types.iter().enumerate();
                elements
                    .map(|(index, ty)| self.element(ty, depth, index))
                    .collect::<Result<_, _>>()
                    .map(Value::List)
            }
            (Token::Array(2), Type::Dynamic) => self.typed(depth),
            (Token::Map(length), Type::Map(element)) => self.map(length, element, depth),
            (Token::Map(length), Type::Object(object)) => self.object(length, object, depth),
            (token, ty) => Err(Fault::mismatch(ty, token.kind())),
        }
    }

    fn element(&mut self, ty: &Type, depth: usize, index: usize) -> Result<Value, Fault> {
        self.value(ty, depth + 1)
            .map_err(|fault| fault.under_index(index))
    }

    fn map(&mut self, length: usize, ty: &Type, depth: usize) -> Result<Value, Fault> {
        let mut elements = BTreeMap::new();
        for _ in 0..length {
            let key = self.key()?;
            let element = self
                .value(ty, depth + 1)
                .map_err(|fault| fault.under_key(key))?;
            if elements.insert(key.to_owned(), element).is_some() {
                return Err(Fault::new("the key is there twice").under_key(key));
            }
        }
        Ok(Value::Map(elements))
    }

    fn object(&mut self, length: usize, ty: &ObjectType, depth: usize) -> Result<Value, Fault> {
        let mut attributes = BTreeMap::new();
        for _ in 0..length {
            let key = self.key()?;
            let Some((name, ty)) = ty.attributes.get_key_value(key) else {
                return Err(Fault::extra(key));
            };
            let attribute = self
                .value(ty, depth + 1)
                .map_err(|fault| fault.under_attribute(name))?;
            if attributes.insert(name.clone(), attribute).is_some() {
                return Err(Fault::twice(name));
            }
        }
        match ty
            .attributes
            .keys()
            .find(|name| !attributes.contains_key(*name))
        {
            Some(missing) => Err(Fault::missing(missing)),
            None => Ok(Value::Map(attributes)),
        }
    }

    /// Reads the rest of `[type, value]`.
    fn typed(&mut self, depth: usize) -> Result<Value, Fault> {
        let ty = match self.reader.next()? {
            Token::Bin(text) | Token::Str(text) => {
                Type::from_json(text).map_err(|error| Fault::new(error.to_string()))?
            }
            token => return Err(Fault::mismatch("the type of a value", token.kind())),
        };
        let value = self.value(&ty, depth + 1)?;
        Ok(Value::dynamic(ty, value))
    }

    fn key(&mut self) -> Result<&'b str, Fault> {
        match self.reader.next()? {
            Token::Str(bytes) => text(bytes),
            token => Err(Fault::mismatch("a string as key", token.kind())),
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    str::from_utf8(bytes).map_err(|_| Fault::new("the string is not valid UTF-8"))
}

/// Reads an unknown value as cty does (`msgpack/unknown.go`): a body of at most one byte is a plain unknown value, of
/// any extension type; a longer one must be refinements.
fn unknown(code: i8, body: &[u8]) -> Result<Unknown, Fault> {
    match (code, body.len()) {
        (_, 0 | 1) => Ok(Unknown::plain()),
        (REFINED, ..=MAX_REFINEMENTS) => Ok(Unknown::refined(body)),
        (REFINED, _) => Err(Fault::new("an unknown value comes with too much about it")),
        _ => Err(Fault::new(format!(
            "the data holds an extension of type {code}, which has no meaning here"
        ))),
    }
}
