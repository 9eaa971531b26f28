//! [`decode_json`]: reads a [`Value`] from JSON, led by the type.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::Diagnostics;
use crate::value::fault::{Blame, Fault};
use crate::value::ty::ObjectType;
use crate::value::value::canonical_set;
use crate::value::{MAX_DEPTH, Number, Type, Value};

/// How strictly JSON must fit a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leniency {
    /// For values on the wire: exactly the attributes of the type, without conversion.
    Strict,
    /// For a state that another version of the provider may have written. A missing attribute is null, and an
    /// attribute that the type does not have is dropped. Strings, numbers and bools are converted into each other if
    /// nothing is lost.
    State,
}

/// Reads one value of a type from JSON.
///
/// JSON has no unknown values.
///
/// # Errors
///
/// Returns an error if the text is not JSON, or does not fit the type. The error names the attribute, what was expected
/// and what was found, and never quotes content.
pub fn decode_json(text: &[u8], ty: &Type, leniency: Leniency) -> Result<Value, Diagnostics> {
    let blame = match leniency {
        Leniency::Strict => Blame::Terraform,
        Leniency::State => Blame::State,
    };
    str::from_utf8(text)
        .map_err(|_| Fault::new("the JSON text is not valid UTF-8"))
        .and_then(|text| serde_json::from_str(text).map_err(|error| syntax(&error)))
        .and_then(|raw| value(raw, ty, leniency, 0))
        .map_err(|fault| fault.into_diagnostics(blame))
}

/// A JSON value. The elements of containers are still raw.
enum Token<'t> {
    Null,
    Bool(bool),
    /// The number's text.
    Number(&'t str),
    String(String),
    Array(Vec<&'t RawValue>),
    Object(Members<'t>),
}

impl<'t> Token<'t> {
    fn read(raw: &'t RawValue) -> Result<Self, Fault> {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'n') => Ok(Self::Null),
            Some(b't') => Ok(Self::Bool(true)),
            Some(b'f') => Ok(Self::Bool(false)),
            Some(b'"') => serde_json::from_str(text)
                .map(Self::String)
                .map_err(|error| syntax(&error)),
            Some(b'[') => serde_json::from_str(text)
                .map(Self::Array)
                .map_err(|error| syntax(&error)),
            Some(b'{') => serde_json::from_str(text)
                .map(Self::Object)
                .map_err(|error| syntax(&error)),
            _ => Ok(Self::Number(text)),
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// The members of a JSON object in their order, duplicates included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Members(pairs))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

fn value(raw: &RawValue, ty: &Type, leniency: Leniency, depth: usize) -> Result<Value, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::too_deep());
    }
    let below = |raw: &RawValue, ty: &Type| value(raw, ty, leniency, depth + 1);
    match (Token::read(raw)?, ty) {
        (Token::Null, _) => Ok(Value::Null),
        (Token::Bool(truth), Type::Bool) => Ok(Value::Bool(truth)),
        (Token::Number(text), Type::Number) => number(text).map(Value::Number),
        (Token::String(text), Type::String) => Ok(Value::String(text)),
        (Token::Bool(truth), Type::String) if leniency == Leniency::State => {
            Ok(Value::String(truth.to_string()))
        }
        (Token::Number(text), Type::String) if leniency == Leniency::State => {
            Ok(Value::String(text.to_owned()))
        }
        (Token::Number(text), Type::Bool) if leniency == Leniency::State => stored_bool(text)
            .map(Value::Bool)
            .ok_or_else(|| Fault::mismatch(ty, "a number other than 0 and 1")),
        (Token::String(text), Type::Bool) if leniency == Leniency::State => stored_bool(&text)
            .map(Value::Bool)
            .ok_or_else(|| Fault::mismatch(ty, "a string that is no bool")),
        (Token::String(text), Type::Number) if leniency == Leniency::State => number(&text)
            .map(Value::Number)
            .map_err(|_| Fault::mismatch(ty, "a string that is no number")),
        (Token::Array(elements), Type::List(ty)) => elements
            .into_iter()
            .enumerate()
            .map(|(index, raw)| below(raw, ty).map_err(|fault| fault.under_index(index)))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Token::Array(elements), Type::Set(ty)) => elements
            .into_iter()
            .map(|raw| below(raw, ty).map_err(Fault::under_set))
            .collect::<Result<_, _>>()
            .map(|elements| Value::List(canonical_set(elements))),
        (Token::Array(elements), Type::Tuple(types)) => {
            Fault::check_tuple(elements.len(), types.len())?;
            elements
                .into_iter()
                .zip(types)
                .enumerate()
                .map(|(index, (raw, ty))| below(raw, ty).map_err(|fault| fault.under_index(index)))
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        (Token::Object(Members(pairs)), Type::Map(ty)) => {
            let mut elements = BTreeMap::new();
            for (key, raw) in pairs {
                let element = below(raw, ty).map_err(|fault| fault.under_key(&key))?;
                if elements.contains_key(&key) {
                    return Err(Fault::new("the key is there twice").under_key(&key));
                }
                elements.insert(key, element);
            }
            Ok(Value::Map(elements))
        }
        (Token::Object(Members(pairs)), Type::Object(object)) => {
            attributes(pairs, object, leniency, below).map(Value::Map)
        }
        (Token::Object(Members(pairs)), Type::Dynamic) => typed(pairs, below),
        (token, ty) => Err(Fault::mismatch(ty, token.kind())),
    }
}

fn attributes(
    pairs: Vec<(String, &RawValue)>,
    ty: &ObjectType,
    leniency: Leniency,
    below: impl Fn(&RawValue, &Type) -> Result<Value, Fault>,
) -> Result<BTreeMap<String, Value>, Fault> {
    let mut attributes = BTreeMap::new();
    for (name, raw) in pairs {
        let Some(ty) = ty.attributes.get(&name) else {
            match leniency {
                Leniency::State => continue,
                Leniency::Strict => return Err(Fault::extra(&name)),
            }
        };
        let attribute = below(raw, ty).map_err(|fault| fault.under_attribute(&name))?;
        if attributes.contains_key(&name) {
            return Err(Fault::twice(&name));
        }
        attributes.insert(name, attribute);
    }
    for name in ty
        .attributes
        .keys()
        .filter(|name| !attributes.contains_key(*name))
        .collect::<Vec<_>>()
    {
        match leniency {
            Leniency::State => attributes.insert(name.clone(), Value::Null),
            Leniency::Strict => return Err(Fault::missing(name)),
        };
    }
    Ok(attributes)
}

/// Reads a value of dynamic type: `{"type": T, "value": V}`, in either order (cty `json/unmarshal.go`).
fn typed(
    pairs: Vec<(String, &RawValue)>,
    below: impl Fn(&RawValue, &Type) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    let find = |wanted| {
        pairs
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, raw)| *raw)
    };
    let (2, Some(ty), Some(raw)) = (pairs.len(), find("type"), find("value")) else {
        return Err(Fault::mismatch(Type::Dynamic, "an object of another shape"));
    };
    let ty = Type::from_json(ty.get().as_bytes()).map_err(|error| Fault::new(error.to_string()))?;
    let value = below(raw, &ty)?;
    Ok(Value::dynamic(ty, value))
}

fn number(text: &str) -> Result<Number, Fault> {
    Number::parse(text).map_err(|error| Fault::new(error.to_string()))
}

/// Reads a bool that was stored as text or as a number (terraform-plugin-go: `tftypes/value_json.go`).
fn stored_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Makes a fault with line and column only, because the parser's own message may quote content.
fn syntax(error: &serde_json::Error) -> Fault {
    Fault::new(format!(
        "the text is not valid JSON (line {}, column {})",
        error.line(),
        error.column()
    ))
}
