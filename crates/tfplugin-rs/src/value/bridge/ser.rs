//! [`ValueSerializer`]: a [`Value`] as serde's target.
//!
//! It knows no types: a model becomes the value that it plainly is, and
//! [`conform`](super::conform) fits that to the schema.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    Serializer,
};

use super::special::value_from_variant;
use super::{ATTR, NUMBER, SENSITIVE, VALUE};
use crate::value::fault::Fault;
use crate::value::{Number, Value};

/// Makes one value.
pub(super) struct ValueSerializer;

impl Serializer for ValueSerializer {
    type Ok = Value;
    type Error = Fault;
    type SerializeSeq = Elements;
    type SerializeTuple = Elements;
    type SerializeTupleStruct = Elements;
    type SerializeTupleVariant = Impossible<Value, Fault>;
    type SerializeMap = Pairs;
    type SerializeStruct = Pairs;
    type SerializeStructVariant = Impossible<Value, Fault>;

    fn serialize_bool(self, truth: bool) -> Result<Value, Fault> {
        Ok(Value::Bool(truth))
    }

    fn serialize_i8(self, number: i8) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<Value, Fault> {
        Ok(Value::Number(number.into()))
    }

    fn serialize_i128(self, number: i128) -> Result<Value, Fault> {
        decimal(&number.to_string())
    }

    fn serialize_u8(self, number: u8) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Value, Fault> {
        self.serialize_i64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<Value, Fault> {
        Ok(Value::Number(number.into()))
    }

    fn serialize_u128(self, number: u128) -> Result<Value, Fault> {
        decimal(&number.to_string())
    }

    fn serialize_f32(self, number: f32) -> Result<Value, Fault> {
        // By its shortest text, like an f64; by way of f64 it would gain digits.
        if number.is_finite() {
            decimal(&number.to_string())
        } else {
            self.serialize_f64(number.into())
        }
    }

    fn serialize_f64(self, number: f64) -> Result<Value, Fault> {
        Number::try_from(number)
            .map(Value::Number)
            .map_err(|error| Fault::new(error.to_string()))
    }

    fn serialize_char(self, letter: char) -> Result<Value, Fault> {
        Ok(Value::String(letter.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Value, Fault> {
        Ok(Value::from(text))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Fault> {
        Err(Fault::new("bytes are no value; encode them as text"))
    }

    fn serialize_none(self) -> Result<Value, Fault> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Fault> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Fault> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Fault> {
        Ok(match (name, variant) {
            (ATTR, "Unknown") => Value::unknown(),
            (ATTR | VALUE, _) => Value::Null,
            _ => Value::from(variant),
        })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        inner: &T,
    ) -> Result<Value, Fault> {
        match name {
            SENSITIVE => inner.serialize(self).map_err(Fault::discreet),
            NUMBER => match inner.serialize(self)? {
                Value::String(text) => serde::de::Deserialize::deserialize(
                    serde::de::value::StrDeserializer::<Fault>::new(&text),
                )
                .map(Value::Number),
                value => Err(Fault::mismatch("a number's text", value.kind())),
            },
            _ => inner.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        payload: &T,
    ) -> Result<Value, Fault> {
        match name {
            ATTR => payload.serialize(self),
            VALUE => value_from_variant(variant, payload.serialize(self)?),
            _ => Err(variant_with_data()),
        }
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Elements, Fault> {
        Ok(Elements(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Elements, Fault> {
        Ok(Elements(Vec::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Elements, Fault> {
        Ok(Elements(Vec::new()))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<Value, Fault>, Fault> {
        Err(variant_with_data())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Pairs, Fault> {
        Ok(Pairs::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Pairs, Fault> {
        Ok(Pairs::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<Value, Fault>, Fault> {
        Err(variant_with_data())
    }
}

fn decimal(text: &str) -> Result<Value, Fault> {
    Number::parse(text)
        .map(Value::Number)
        .map_err(|error| Fault::new(error.to_string()))
}

pub(super) fn variant_with_data() -> Fault {
    Fault::new("an enum variant that holds data is no value")
}

/// The elements of a list, set or tuple so far.
pub(super) struct Elements(Vec<Value>);

impl Elements {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
        let position = self.0.len();
        let element = element
            .serialize(ValueSerializer)
            .map_err(|fault| fault.under_index(position))?;
        self.0.push(element);
        Ok(())
    }
}

impl SerializeSeq for Elements {
    type Ok = Value;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
        self.push(element)
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::List(self.0))
    }
}

impl SerializeTuple for Elements {
    type Ok = Value;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
        self.push(element)
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::List(self.0))
    }
}

impl SerializeTupleStruct for Elements {
    type Ok = Value;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
        self.push(element)
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::List(self.0))
    }
}

/// The elements of a map or object so far.
#[derive(Default)]
pub(super) struct Pairs {
    elements: BTreeMap<String, Value>,
    /// The key whose value comes next.
    key: String,
}

impl SerializeMap for Pairs {
    type Ok = Value;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        match key.serialize(ValueSerializer)? {
            Value::String(key) => self.key = key,
            other => return Err(Fault::mismatch("a string as key", other.kind())),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = std::mem::take(&mut self.key);
        let value = value
            .serialize(ValueSerializer)
            .map_err(|fault| fault.under_key(&key))?;
        self.elements.insert(key, value);
        Ok(())
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::Map(self.elements))
    }
}

impl SerializeStruct for Pairs {
    type Ok = Value;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        let value = value
            .serialize(ValueSerializer)
            .map_err(|fault| fault.under_attribute(name))?;
        self.elements.insert(name.to_owned(), value);
        Ok(())
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::Map(self.elements))
    }
}
