//! [`Variant`]: an enum for values that serde's data model cannot express.
//!
//! The bridge recognises the enums [`Attr`](crate::Attr) and [`Value`](crate::value::Value) by their names. A `Value`
//! keeps everything: the refinements of an unknown value, the type of a dynamic one, each digit of a number.

use serde::de::value::{SeqAccessDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};

use crate::value::fault::Fault;

/// A variant of an enum: its name, and what is in it.
pub(super) struct Variant<D> {
    pub(super) name: &'static str,
    pub(super) payload: D,
}

impl<'de, D: Deserializer<'de, Error = Fault>> EnumAccess<'de> for Variant<D> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de, D: Deserializer<'de, Error = Fault>> VariantAccess<'de> for Variant<D> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.payload)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(no_such_variant())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fault> {
        Err(no_such_variant())
    }
}

fn no_such_variant() -> Fault {
    Fault::new("neither an attribute nor a value has such a variant")
}

/// A tuple of two.
pub(super) struct Pair<A, B> {
    first: Option<A>,
    second: Option<B>,
}

impl<A, B> Pair<A, B> {
    pub(super) fn new(first: A, second: B) -> SeqAccessDeserializer<Self> {
        SeqAccessDeserializer::new(Self {
            first: Some(first),
            second: Some(second),
        })
    }
}

impl<'de, A, B> SeqAccess<'de> for Pair<A, B>
where
    A: Deserializer<'de, Error = Fault>,
    B: Deserializer<'de, Error = Fault>,
{
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        match (self.first.take(), self.second.take()) {
            (Some(first), second) => {
                self.second = second;
                seed.deserialize(first).map(Some)
            }
            (None, Some(second)) => seed.deserialize(second).map(Some),
            (None, None) => Ok(None),
        }
    }
}
