//! [`ValueDeserializer`]: a [`Value`] as serde's source.

use std::collections::btree_map;

use serde::de::value::{StrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::variant::{Pair, Variant};
use crate::value::fault::Fault;
use crate::value::{Value, number, value};
use crate::{attr, sensitive};

/// One value.
#[derive(Clone, Copy)]
pub(super) struct ValueDeserializer<'v>(pub(super) &'v Value);

impl ValueDeserializer<'_> {
    /// Passes the value on unchanged, as a variant of [`Value`].
    fn deserialize_value<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let name = match self.0 {
            Value::Unknown(unknown) => {
                let payload: StringDeserializer<Fault> = unknown.to_text().into_deserializer();
                return visitor.visit_enum(Variant {
                    name: "Unknown",
                    payload,
                });
            }
            Value::Dynamic(typed) => {
                let ty: StringDeserializer<Fault> =
                    typed.0.to_document().to_string().into_deserializer();
                return visitor.visit_enum(Variant {
                    name: "Dynamic",
                    payload: Pair::new(ty, ValueDeserializer(&typed.1)),
                });
            }
            Value::Null => "Null",
            Value::Bool(_) => "Bool",
            Value::Number(_) => "Number",
            Value::String(_) => "String",
            Value::List(_) => "List",
            Value::Map(_) => "Map",
        };
        visitor.visit_enum(Variant {
            name,
            payload: self,
        })
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.bare() {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => visitor.visit_i64(int),
                (None, Some(int)) => visitor.visit_u64(int),
                (None, None) => visitor.visit_f64(number.as_f64()),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::List(elements) => sequence(elements, visitor),
            Value::Map(elements) => visitor.visit_map(PairAccess {
                rest: elements.iter(),
                next: None,
                of: PairOf::Map,
            }),
            value @ (Value::Unknown(_) | Value::Dynamic(_)) => Err(Fault::new(format!(
                "found {} where the model has no place for it",
                value.kind()
            ))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match (name, self.0.bare()) {
            (number::SERDE_NAME, Value::Number(number)) => {
                visitor.visit_newtype_struct(number.to_string().into_deserializer())
            }
            (number::SERDE_NAME, other) => Err(Fault::mismatch("a number", other.kind())),
            (sensitive::SERDE_NAME, _) => {
                visitor.visit_newtype_struct(self).map_err(Fault::discreet)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Value::Map(attributes) = self.0.bare() else {
            return self.deserialize_any(visitor);
        };
        // serde itself would read a missing attribute as null.
        if let Some(missing) = fields
            .iter()
            .find(|field| !attributes.contains_key(**field))
        {
            return Err(serde::de::Error::missing_field(missing));
        }
        visitor.visit_map(PairAccess {
            rest: attributes.iter(),
            next: None,
            of: PairOf::Object,
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match (name, self.0.bare()) {
            (attr::SERDE_NAME, known) => {
                let name = match known {
                    Value::Null => "Null",
                    Value::Unknown(_) => "Unknown",
                    _ => "Known",
                };
                visitor.visit_enum(Variant {
                    name,
                    payload: self,
                })
            }
            (value::SERDE_NAME, _) => self.deserialize_value(visitor),
            (_, Value::String(text)) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier
    }
}

fn sequence<'de, V: Visitor<'de>>(elements: &[Value], visitor: V) -> Result<V::Value, Fault> {
    let mut access = ElementAccess {
        rest: elements.iter(),
        position: 0,
    };
    let sequence = visitor.visit_seq(&mut access)?;
    Fault::check_tuple(elements.len(), access.position)?;
    Ok(sequence)
}

struct ElementAccess<'v> {
    rest: std::slice::Iter<'v, Value>,
    position: usize,
}

impl<'de> SeqAccess<'de> for ElementAccess<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some(element) = self.rest.next() else {
            return Ok(None);
        };
        let position = self.position;
        self.position += 1;
        seed.deserialize(ValueDeserializer(element))
            .map(Some)
            .map_err(|fault| fault.under_index(position))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// Whether the model reads pairs as attributes of an object or as elements of a map.
#[derive(Clone, Copy)]
enum PairOf {
    Object,
    Map,
}

struct PairAccess<'v> {
    rest: btree_map::Iter<'v, String, Value>,
    next: Option<(&'v String, &'v Value)>,
    of: PairOf,
}

impl PairAccess<'_> {
    fn under(&self, fault: Fault, name: &str) -> Fault {
        match self.of {
            PairOf::Object => fault.under_attribute(name),
            PairOf::Map => fault.under_key(name),
        }
    }
}

impl<'de> MapAccess<'de> for PairAccess<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.next = self.rest.next();
        let Some((name, _)) = self.next else {
            return Ok(None);
        };
        let name: StrDeserializer<'_, Fault> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (name, value) = self.next.expect("serde asks for a key before its value");
        seed.deserialize(ValueDeserializer(value))
            .map_err(|fault| self.under(fault, name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
