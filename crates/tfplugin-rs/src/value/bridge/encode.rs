//! [`ModelSerializer`]: msgpack as serde's target, by the type.
//!
//! A data source may answer with ten thousand objects. As values they would be a hundred times as
//! many allocations, made, fitted to the type, written and dropped; here the structs, lists and
//! texts of a model are written as they come. Whatever is rarer goes by way of a value, so that
//! there is one place that knows the rules for it.
//!
//! Attributes are written in the order of the model's fields, which the host does not mind (cty:
//! `msgpack/unmarshal.go`).

mod parts;

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use self::parts::{ByValue, List, Object};
use super::ser::{Elements, Pairs, ValueSerializer, variant_with_data};
use super::{ATTR, SENSITIVE, VALUE, conform};
use crate::value::fault::Fault;
use crate::value::msgpack::Encoder;
use crate::value::{Type, Unknown, Value};

/// Writes one value of a type.
pub(super) struct ModelSerializer<'e, 't> {
    pub(super) encoder: &'e mut Encoder,
    pub(super) ty: &'t Type,
    pub(super) depth: usize,
}

impl<'e, 't> ModelSerializer<'e, 't> {
    fn gather<P>(self, parts: P) -> ByValue<'e, 't, P> {
        ByValue::new(self, parts)
    }

    fn value(self, value: Value) -> Result<(), Fault> {
        let value = conform::conform(value, self.ty, self.depth)?;
        self.encoder.value(&value, self.ty, self.depth)
    }

    fn by_value<T: Serialize + ?Sized>(self, part: &T) -> Result<(), Fault> {
        let value = part.serialize(ValueSerializer)?;
        self.value(value)
    }
}

/// Scalars that are as rare as they are small.
macro_rules! by_value {
    ($($method:ident: $scalar:ty),+ $(,)?) => {
        $(fn $method(self, scalar: $scalar) -> Result<(), Fault> {
            self.by_value(&scalar)
        })+
    };
}

impl<'e, 't> Serializer for ModelSerializer<'e, 't> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = List<'e, 't>;
    type SerializeTuple = ByValue<'e, 't, Elements>;
    type SerializeTupleStruct = ByValue<'e, 't, Elements>;
    type SerializeTupleVariant = Impossible<(), Fault>;
    type SerializeMap = ByValue<'e, 't, Pairs>;
    type SerializeStruct = Object<'e, 't>;
    type SerializeStructVariant = Impossible<(), Fault>;

    by_value! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_char: char,
    }

    fn serialize_str(self, text: &str) -> Result<(), Fault> {
        match self.ty {
            Type::String => self.encoder.text(text),
            _ => self.value(Value::from(text)),
        }
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), Fault> {
        let value = ValueSerializer.serialize_bytes(bytes)?;
        self.value(value)
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.encoder.null();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        self.serialize_none()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Fault> {
        match (name, variant) {
            (ATTR, "Unknown") => self.encoder.unknown(&Unknown::plain()),
            (ATTR | VALUE, _) => self.serialize_none(),
            _ => self.serialize_str(variant),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        inner: &T,
    ) -> Result<(), Fault> {
        if name == SENSITIVE {
            return inner.serialize(self).map_err(Fault::discreet);
        }
        let value = ValueSerializer.serialize_newtype_struct(name, inner)?;
        self.value(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        payload: &T,
    ) -> Result<(), Fault> {
        if name == ATTR {
            return payload.serialize(self);
        }
        let value = ValueSerializer.serialize_newtype_variant(name, index, variant, payload)?;
        self.value(value)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'e, 't>, Fault> {
        let (Type::List(ty), Some(length)) = (self.ty, length) else {
            let parts = ValueSerializer.serialize_seq(length)?;
            return Ok(List::ByValue(self.gather(parts)));
        };
        self.encoder.array(length)?;
        Ok(List::Written {
            encoder: self.encoder,
            ty,
            depth: self.depth + 1,
            position: 0,
            length,
        })
    }

    fn serialize_tuple(self, length: usize) -> Result<ByValue<'e, 't, Elements>, Fault> {
        let parts = ValueSerializer.serialize_tuple(length)?;
        Ok(self.gather(parts))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<ByValue<'e, 't, Elements>, Fault> {
        let parts = ValueSerializer.serialize_tuple_struct(name, length)?;
        Ok(self.gather(parts))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Fault>, Fault> {
        Err(variant_with_data())
    }

    fn serialize_map(self, length: Option<usize>) -> Result<ByValue<'e, 't, Pairs>, Fault> {
        let parts = ValueSerializer.serialize_map(length)?;
        Ok(self.gather(parts))
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Object<'e, 't>, Fault> {
        match self.ty {
            // Only then are there no attributes without a field, which are null.
            Type::Object(ty) if ty.attributes.len() == length => {
                self.encoder.map(length)?;
                Ok(Object::Written {
                    encoder: self.encoder,
                    ty,
                    depth: self.depth + 1,
                    count: 0,
                })
            }
            _ => {
                let parts = ValueSerializer.serialize_struct(name, length)?;
                Ok(Object::ByValue(self.gather(parts)))
            }
        }
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Fault>, Fault> {
        Err(variant_with_data())
    }
}
