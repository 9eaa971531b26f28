//! What serde's data model has no word for, as enums: [`Attr`](crate::Attr) and
//! [`Value`].
//!
//! Both sides are serde derives, known to the bridge by their names. `Attr` has no representation of
//! its own in a value; a `Value` is passed through whole: the refinements of an unknown, the type of
//! a dynamic value, each digit of a number.

use std::collections::BTreeMap;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};

use super::de::ValueDeserializer;
use crate::value::fault::Fault;
use crate::value::{Type, Unknown, Value};

/// A value as an `Attr`.
pub(super) struct AttrAccess<'v>(pub(super) &'v Value);

impl<'de, 'v> EnumAccess<'de> for AttrAccess<'v> {
    type Error = Fault;
    type Variant = Payload<'v>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Payload<'v>), Fault> {
        let name = match self.0.bare() {
            Value::Null => "Null",
            Value::Unknown(_) => "Unknown",
            _ => "Known",
        };
        Ok((seed.deserialize(variant(name))?, Payload::Value(self.0)))
    }
}

/// A value as a `Value`.
pub(super) struct VariantOfValue<'v>(pub(super) &'v Value);

impl<'de, 'v> EnumAccess<'de> for VariantOfValue<'v> {
    type Error = Fault;
    type Variant = Payload<'v>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Payload<'v>), Fault> {
        let (name, payload) = match self.0 {
            Value::Null => ("Null", Payload::Value(self.0)),
            Value::Unknown(unknown) => ("Unknown", Payload::Unknown(unknown)),
            Value::Bool(_) => ("Bool", Payload::Value(self.0)),
            Value::Number(_) => ("Number", Payload::Value(self.0)),
            Value::String(_) => ("String", Payload::Value(self.0)),
            Value::List(_) => ("List", Payload::Value(self.0)),
            Value::Map(_) => ("Map", Payload::Value(self.0)),
            Value::Dynamic(typed) => ("Dynamic", Payload::Dynamic(&typed.0, &typed.1)),
        };
        Ok((seed.deserialize(variant(name))?, payload))
    }
}

fn variant(name: &'static str) -> StrDeserializer<'static, Fault> {
    name.into_deserializer()
}

/// What is in a variant.
pub(super) enum Payload<'v> {
    Value(&'v Value),
    Unknown(&'v Unknown),
    Dynamic(&'v Type, &'v Value),
}

impl<'de> VariantAccess<'de> for Payload<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        match self {
            Self::Value(value) => seed.deserialize(ValueDeserializer(value)),
            Self::Unknown(unknown) => {
                seed.deserialize(ValueDeserializer(&unknown_to_object(unknown)))
            }
            Self::Dynamic(ty, value) => seed.deserialize(TypedDeserializer {
                ty: Some(ty),
                value: Some(value),
            }),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(Fault::new(
            "neither an attribute nor a value has such a variant",
        ))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fault> {
        Err(Fault::new(
            "neither an attribute nor a value has such a variant",
        ))
    }
}

/// The pair in `Value::Dynamic`.
struct TypedDeserializer<'v> {
    ty: Option<&'v Type>,
    value: Option<&'v Value>,
}

impl<'de> Deserializer<'de> for TypedDeserializer<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de> SeqAccess<'de> for TypedDeserializer<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        if let Some(ty) = self.ty.take() {
            let text: serde::de::value::StringDeserializer<Fault> =
                ty.to_document().to_string().into_deserializer();
            return seed.deserialize(text).map(Some);
        }
        let Some(value) = self.value.take() else {
            return Ok(None);
        };
        seed.deserialize(ValueDeserializer(value)).map(Some)
    }
}

const REFINEMENTS: &str = "refinements";

/// The struct [`Unknown`] as serde's derive sees it.
fn unknown_to_object(unknown: &Unknown) -> Value {
    let body = unknown.refinements().map_or(Value::Null, |body| {
        Value::List(
            body.iter()
                .map(|byte| Value::from(i64::from(*byte)))
                .collect(),
        )
    });
    Value::object([(REFINEMENTS, body)])
}

/// A variant of [`Value`] from its serialized payload.
pub(super) fn value_from_variant(name: &str, payload: Value) -> Result<Value, Fault> {
    let broken = || Fault::new("the value is not what its own serialization makes");
    match (name, payload) {
        ("Unknown", Value::Map(fields)) => unknown_from_object(&fields).ok_or_else(broken),
        ("Dynamic", Value::List(pair)) => match <[Value; 2]>::try_from(pair) {
            Ok([Value::String(ty), value]) => {
                let ty = Type::from_json(ty.as_bytes()).map_err(|_| broken())?;
                Ok(Value::dynamic(ty, value))
            }
            _ => Err(broken()),
        },
        ("Unknown" | "Dynamic", _) => Err(broken()),
        (_, value) => Ok(value),
    }
}

fn unknown_from_object(fields: &BTreeMap<String, Value>) -> Option<Value> {
    match fields.get(REFINEMENTS)? {
        Value::Null => Some(Value::unknown()),
        Value::List(bytes) => bytes
            .iter()
            .map(|byte| u8::try_from(byte.as_number()?.as_i64()?).ok())
            .collect::<Option<Vec<u8>>>()
            .map(|body| Value::Unknown(Unknown::refined(&body))),
        _ => None,
    }
}
