//! What has parts: [`List`] and [`Object`] are written as their parts come, [`ByValue`] when it is
//! complete.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, SerializeTupleStruct,
};

use super::super::ser::{Elements, Pairs};
use super::ModelSerializer;
use crate::value::fault::Fault;
use crate::value::msgpack::Encoder;
use crate::value::{ObjectType, Type, Value};

/// A list, or what is none by its type.
pub(in super::super) enum List<'e, 't> {
    Written {
        encoder: &'e mut Encoder,
        /// Of every element.
        ty: &'t Type,
        depth: usize,
        position: usize,
        length: usize,
    },
    ByValue(ByValue<'e, 't, Elements>),
}

impl SerializeSeq for List<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        match self {
            Self::Written {
                encoder,
                ty,
                depth,
                position,
                ..
            } => {
                let element = ModelSerializer {
                    encoder,
                    ty,
                    depth: *depth,
                };
                value
                    .serialize(element)
                    .map_err(|fault| fault.under_index(*position))?;
                *position += 1;
                Ok(())
            }
            Self::ByValue(list) => SerializeSeq::serialize_element(&mut list.parts, value),
        }
    }

    fn end(self) -> Result<(), Fault> {
        match self {
            Self::Written {
                position, length, ..
            } => announced(position, length),
            Self::ByValue(list) => list.end(SerializeSeq::end),
        }
    }
}

/// An object with a field for every attribute, or another.
pub(in super::super) enum Object<'e, 't> {
    Written {
        encoder: &'e mut Encoder,
        ty: &'t ObjectType,
        /// Of the attributes.
        depth: usize,
        /// Attributes so far.
        count: usize,
    },
    ByValue(ByValue<'e, 't, Pairs>),
}

impl SerializeStruct for Object<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        match self {
            Self::Written {
                encoder,
                ty,
                depth,
                count,
            } => {
                let Some(ty) = ty.attributes.get(name) else {
                    return Err(Fault::extra(name));
                };
                encoder.text(name)?;
                *count += 1;
                let attribute = ModelSerializer {
                    encoder,
                    ty,
                    depth: *depth,
                };
                value
                    .serialize(attribute)
                    .map_err(|fault| fault.under_attribute(name))
            }
            Self::ByValue(object) => {
                SerializeStruct::serialize_field(&mut object.parts, name, value)
            }
        }
    }

    fn end(self) -> Result<(), Fault> {
        match self {
            Self::Written { ty, count, .. } => announced(count, ty.attributes.len()),
            Self::ByValue(object) => object.end(SerializeStruct::end),
        }
    }
}

/// How many there are was written before they were.
fn announced(count: usize, length: usize) -> Result<(), Fault> {
    if count == length {
        return Ok(());
    }
    Err(Fault::mismatch(
        format_args!("{length} parts, as the model had said"),
        format_args!("{count} of them"),
    ))
}

/// What is gathered as a value before it is written.
pub(in super::super) struct ByValue<'e, 't, P> {
    target: ModelSerializer<'e, 't>,
    parts: P,
}

impl<'e, 't, P> ByValue<'e, 't, P> {
    pub(super) fn new(target: ModelSerializer<'e, 't>, parts: P) -> Self {
        Self { target, parts }
    }

    fn end(self, end: impl FnOnce(P) -> Result<Value, Fault>) -> Result<(), Fault> {
        let value = end(self.parts)?;
        self.target.value(value)
    }
}

impl SerializeTuple for ByValue<'_, '_, Elements> {
    type Ok = ();
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        SerializeTuple::serialize_element(&mut self.parts, value)
    }

    fn end(self) -> Result<(), Fault> {
        self.end(SerializeTuple::end)
    }
}

impl SerializeTupleStruct for ByValue<'_, '_, Elements> {
    type Ok = ();
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        SerializeTupleStruct::serialize_field(&mut self.parts, value)
    }

    fn end(self) -> Result<(), Fault> {
        self.end(SerializeTupleStruct::end)
    }
}

impl SerializeMap for ByValue<'_, '_, Pairs> {
    type Ok = ();
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        SerializeMap::serialize_key(&mut self.parts, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        SerializeMap::serialize_value(&mut self.parts, value)
    }

    fn end(self) -> Result<(), Fault> {
        self.end(SerializeMap::end)
    }
}
