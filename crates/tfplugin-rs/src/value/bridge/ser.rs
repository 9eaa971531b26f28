//! [`ModelSerializer`]: msgpack as serde's target, led by the schema's type.
//!
//! A data source may return ten thousand objects, so a model is written part by part, without a
//! [`Value`] in between. Attributes stand in the order of the model's fields,
//! which the host accepts (cty: `msgpack/unmarshal.go`).

use serde::Serialize;
use serde::ser::{
    Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

use super::parts::{Elements, Pairs};
use crate::value::fault::Fault;
use crate::value::msgpack::{Encoder, decode};
use crate::value::{MAX_DEPTH, Number, Type, Unknown, Value, number, value};
use crate::{attr, sensitive};

/// What was written so far.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) encoder: Encoder,
    /// The type that was inferred for the last value, if the schema states none. `None` for null and unknown.
    inferred: Option<Type>,
}

impl Writer {
    /// Writes one value. If `ty` is `None`, its type is inferred.
    ///
    /// A value of dynamic type is preceded by the type that is inferred for it: lists are tuples,
    /// maps are objects. Null and unknown have no type.
    pub(super) fn write<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        ty: Option<&Type>,
        depth: usize,
    ) -> Result<(), Fault> {
        if depth > MAX_DEPTH {
            return Err(Fault::too_deep());
        }
        if !matches!(ty, Some(Type::Dynamic)) {
            return value.serialize(ModelSerializer {
                writer: self,
                ty,
                depth,
            });
        }
        let start = self.encoder.len();
        if let Some(ty) = self.infer(value, depth)? {
            self.encoder
                .rewrite(start..start, |encoder| encoder.head_of_dynamic(&ty))?;
        }
        Ok(())
    }

    fn note(&mut self, inferred: Option<Type>) {
        if inferred.is_some() {
            self.inferred = inferred;
        }
    }

    /// Writes one value of a type that no schema states, and returns that type.
    fn infer<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
        depth: usize,
    ) -> Result<Option<Type>, Fault> {
        self.write(value, None, depth)?;
        Ok(self.inferred.take())
    }
}

/// Writes one value of a type. If `ty` is `None`, its type is inferred.
pub(super) struct ModelSerializer<'w, 't> {
    writer: &'w mut Writer,
    ty: Option<&'t Type>,
    depth: usize,
}

impl<'w, 't> ModelSerializer<'w, 't> {
    fn null(self) -> Result<(), Fault> {
        self.writer.encoder.null();
        Ok(())
    }

    fn number(self, number: impl Into<Number>) -> Result<(), Fault> {
        match self.ty {
            Some(Type::Number) => {}
            Some(ty) => return Err(Fault::mismatch(ty, "a number")),
            None => self.writer.inferred = Some(Type::Number),
        }
        self.writer.encoder.number(&number.into())
    }

    fn decimal(self, text: &str) -> Result<(), Fault> {
        self.number(Number::parse(text).map_err(|error| Fault::new(error.to_string()))?)
    }

    fn elements(self, length: Option<usize>) -> Result<ElementsSerializer<'w, 't>, Fault> {
        Ok(ElementsSerializer {
            elements: Elements::begin(&mut self.writer.encoder, self.ty, length)?,
            writer: self.writer,
            depth: self.depth + 1,
        })
    }

    fn pairs(
        self,
        length: Option<usize>,
        under: fn(Fault, &str) -> Fault,
    ) -> Result<PairsSerializer<'w, 't>, Fault> {
        Ok(PairsSerializer {
            pairs: Pairs::begin(&mut self.writer.encoder, self.ty, length, under)?,
            writer: self.writer,
            depth: self.depth + 1,
            key: String::new(),
        })
    }
}

/// Integers that always fit into an `i64`.
macro_rules! integers {
    ($($method:ident: $integer:ty),+ $(,)?) => {
        $(fn $method(self, number: $integer) -> Result<(), Fault> {
            self.number(i64::from(number))
        })+
    };
}

impl<'w, 't> Serializer for ModelSerializer<'w, 't> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = ElementsSerializer<'w, 't>;
    type SerializeTuple = ElementsSerializer<'w, 't>;
    type SerializeTupleStruct = ElementsSerializer<'w, 't>;
    type SerializeTupleVariant = DynamicSerializer<'w, 't>;
    type SerializeMap = PairsSerializer<'w, 't>;
    type SerializeStruct = PairsSerializer<'w, 't>;
    type SerializeStructVariant = Impossible<(), Fault>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
    }

    fn serialize_bool(self, truth: bool) -> Result<(), Fault> {
        match self.ty {
            Some(Type::Bool) => {}
            Some(ty) => return Err(Fault::mismatch(ty, "a bool")),
            None => self.writer.inferred = Some(Type::Bool),
        }
        self.writer.encoder.bool(truth);
        Ok(())
    }

    fn serialize_i128(self, number: i128) -> Result<(), Fault> {
        self.decimal(&number.to_string())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Fault> {
        self.number(number)
    }

    fn serialize_u128(self, number: u128) -> Result<(), Fault> {
        self.decimal(&number.to_string())
    }

    fn serialize_f32(self, number: f32) -> Result<(), Fault> {
        // By its shortest text: 0.1_f32 converted to an f64 would be 0.10000000149011612.
        if number.is_finite() {
            self.decimal(&number.to_string())
        } else {
            self.serialize_f64(number.into())
        }
    }

    fn serialize_f64(self, number: f64) -> Result<(), Fault> {
        self.number(Number::try_from(number).map_err(|error| Fault::new(error.to_string()))?)
    }

    fn serialize_char(self, letter: char) -> Result<(), Fault> {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Fault> {
        match self.ty {
            Some(Type::String) => {}
            Some(ty) => return Err(Fault::mismatch(ty, "a string")),
            None => self.writer.inferred = Some(Type::String),
        }
        self.writer.encoder.text(text)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Fault> {
        Err(Fault::new("bytes are no value; encode them as text"))
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.null()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        self.null()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        self.null()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Fault> {
        match (name, variant) {
            (attr::SERDE_NAME, "Unknown") => self.writer.encoder.unknown(&Unknown::plain()),
            (attr::SERDE_NAME | value::SERDE_NAME, _) => self.null(),
            _ => self.serialize_str(variant),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        inner: &T,
    ) -> Result<(), Fault> {
        match name {
            sensitive::SERDE_NAME => inner.serialize(self).map_err(Fault::discreet),
            number::SERDE_NAME => {
                let number = Number::from_text(&text_of(inner)?);
                self.number(number.map_err(|error| Fault::new(error.to_string()))?)
            }
            _ => inner.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        payload: &T,
    ) -> Result<(), Fault> {
        match (name, variant) {
            (value::SERDE_NAME, "Unknown") => {
                let unknown = Unknown::from_text(&text_of(payload)?).ok_or_else(broken)?;
                self.writer.encoder.unknown(&unknown)
            }
            (attr::SERDE_NAME | value::SERDE_NAME, _) => payload.serialize(self),
            _ => Err(variant_with_data()),
        }
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ElementsSerializer<'w, 't>, Fault> {
        self.elements(length)
    }

    fn serialize_tuple(self, length: usize) -> Result<ElementsSerializer<'w, 't>, Fault> {
        self.elements(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<ElementsSerializer<'w, 't>, Fault> {
        self.elements(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<DynamicSerializer<'w, 't>, Fault> {
        match (name, variant) {
            (value::SERDE_NAME, "Dynamic") => Ok(DynamicSerializer {
                target: self,
                ty: None,
            }),
            _ => Err(variant_with_data()),
        }
    }

    fn serialize_map(self, length: Option<usize>) -> Result<PairsSerializer<'w, 't>, Fault> {
        self.pairs(length, Fault::under_key)
    }

    fn serialize_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<PairsSerializer<'w, 't>, Fault> {
        self.pairs(Some(length), Fault::under_attribute)
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

fn variant_with_data() -> Fault {
    Fault::new("an enum variant that holds data is no value")
}

fn broken() -> Fault {
    Fault::new("the value is not what its own serialization makes")
}

/// Returns the text that a number, a type or an unknown value serializes as.
fn text_of<T: Serialize + ?Sized>(inner: &T) -> Result<String, Fault> {
    let mut writer = Writer::default();
    writer.write(inner, Some(&Type::String), 0)?;
    match decode(writer.encoder.written(), &Type::String)? {
        Value::String(text) => Ok(text),
        _ => Err(broken()),
    }
}

/// Writes a list, set or tuple.
pub(super) struct ElementsSerializer<'w, 't> {
    writer: &'w mut Writer,
    elements: Elements<'t>,
    /// Of each element.
    depth: usize,
}

impl ElementsSerializer<'_, '_> {
    fn push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
        // A tuple's length is checked when it ends.
        if let Some(ty) = self.elements.next() {
            self.writer
                .write(element, ty, self.depth)
                .map_err(|fault| self.elements.at_next(fault))?;
            if ty.is_none() {
                self.elements.infer(self.writer.inferred.take());
            }
        }
        self.elements.count += 1;
        Ok(())
    }
}

macro_rules! elements {
    ($($trait:ident::$push:ident),+ $(,)?) => {
        $(impl $trait for ElementsSerializer<'_, '_> {
            type Ok = ();
            type Error = Fault;

            fn $push<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<(), Fault> {
                self.push(element)
            }

            fn end(self) -> Result<(), Fault> {
                let inferred = self.elements.end(&mut self.writer.encoder)?;
                self.writer.note(inferred);
                Ok(())
            }
        })+
    };
}

elements! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
}

/// Writes a map or an object.
pub(super) struct PairsSerializer<'w, 't> {
    writer: &'w mut Writer,
    pairs: Pairs<'t>,
    /// Of each value.
    depth: usize,
    /// The key of a map whose value comes next.
    key: String,
}

impl PairsSerializer<'_, '_> {
    fn push<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Fault> {
        let ty = self.pairs.next(name)?;
        self.writer.encoder.text(name)?;
        self.writer
            .write(value, ty, self.depth)
            .map_err(|fault| self.pairs.at(name, fault))?;
        if ty.is_none() {
            self.pairs.infer(name, self.writer.inferred.take());
        }
        Ok(())
    }
}

impl SerializeMap for PairsSerializer<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let mut writer = Writer::default();
        let ty = writer.infer(key, self.depth)?.unwrap_or(Type::Dynamic);
        match decode(writer.encoder.written(), &ty)? {
            Value::String(key) => self.key = key,
            other => return Err(Fault::mismatch("a string as key", other.kind())),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = std::mem::take(&mut self.key);
        self.push(&key, value)
    }

    fn end(self) -> Result<(), Fault> {
        let inferred = self.pairs.end(&mut self.writer.encoder)?;
        self.writer.note(inferred);
        Ok(())
    }
}

impl SerializeStruct for PairsSerializer<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.push(name, value)
    }

    fn end(self) -> Result<(), Fault> {
        let inferred = self.pairs.end(&mut self.writer.encoder)?;
        self.writer.note(inferred);
        Ok(())
    }
}

/// Writes [`Value::Dynamic`]: first comes its type, then the value.
pub(super) struct DynamicSerializer<'w, 't> {
    target: ModelSerializer<'w, 't>,
    ty: Option<Type>,
}

impl SerializeTupleVariant for DynamicSerializer<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Fault> {
        let ModelSerializer { writer, ty, depth } = &mut self.target;
        match &self.ty {
            None => {
                let ty = Type::from_json(text_of(part)?.as_bytes()).map_err(|_| broken())?;
                self.ty = Some(ty);
            }
            // A schema that states the type needs no other.
            Some(own) => writer.write(part, Some(ty.unwrap_or(own)), *depth + 1)?,
        }
        Ok(())
    }

    fn end(self) -> Result<(), Fault> {
        self.target.writer.inferred = self.ty;
        Ok(())
    }
}
