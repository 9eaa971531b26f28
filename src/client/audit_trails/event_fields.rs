//! How the objects of an event are read: by serde, or field by field where a value has an unexpected type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The names and values, as JSON, of fields that the client does not know.
pub type UnknownFields<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

/// A text or number as text, or null. A Boolean is an error.
pub(super) struct Scalar<'a>(pub(super) Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor).map(Scalar)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or null")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }
}

/// The name of a field.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = deserializer.deserialize_str(ScalarVisitor)?;
        Ok(Key(name.unwrap_or_default()))
    }
}

/// An object with known and unknown fields.
pub(super) trait Fields<'a>: Default {
    /// Takes the value of a known field. Returns `false`, and takes no value, if the field is not known.
    fn take<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<bool, M::Error>;

    /// Sets a known field from its JSON. Returns `false` if the field is not known, or if its value is a misfit.
    fn set(&mut self, name: &str, value: &'a RawValue, misfits: &mut Misfits) -> bool;

    fn other(&mut self) -> &mut UnknownFields<'a>;
}

pub(super) struct FieldsVisitor<F>(pub(super) PhantomData<F>);

impl<'de, F: Fields<'de>> Visitor<'de> for FieldsVisitor<F> {
    type Value = F;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or null")
    }

    fn visit_unit<E: de::Error>(self) -> Result<F, E> {
        Ok(F::default())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<F, M::Error> {
        let mut fields = F::default();
        while let Some(Key(name)) = map.next_key()? {
            if !fields.take(&name, &mut map)? {
                let value = map.next_value()?;
                fields.other().push((name, value));
            }
        }
        Ok(fields)
    }
}

/// The fields whose values have an unexpected type, while an event is read field by field.
#[derive(Debug, Default)]
pub(super) struct Misfits {
    names: Vec<String>,
    /// The names of the objects around the field.
    place: Vec<String>,
}

/// A value that is read field by field.
pub(super) trait Lenient<'a>: Sized {
    /// Returns the value; `None` if it has an unexpected type.
    fn read(value: &'a RawValue, misfits: &mut Misfits) -> Option<Self>;
}

impl<'a> Lenient<'a> for Option<&'a RawValue> {
    fn read(value: &'a RawValue, _: &mut Misfits) -> Option<Self> {
        Some(Some(value).filter(|value| value.get() != "null"))
    }
}

impl<'a, F: Fields<'a>> Lenient<'a> for F {
    fn read(value: &'a RawValue, misfits: &mut Misfits) -> Option<Self> {
        let mut json = serde_json::Deserializer::from_str(value.get());
        let visitor = FieldsVisitor::<Unread<'a>>(PhantomData);
        let Unread(entries) = json.deserialize_any(visitor).ok()?;
        let mut fields = F::default();
        for (name, value) in entries {
            if !fields.set(&name, value, misfits) {
                fields.other().push((name, value));
            }
        }
        Some(fields)
    }
}

/// An object of which no field is known.
#[derive(Default)]
struct Unread<'a>(UnknownFields<'a>);

impl<'a> Fields<'a> for Unread<'a> {
    fn take<M: MapAccess<'a>>(&mut self, _: &str, _: &mut M) -> Result<bool, M::Error> {
        Ok(false)
    }

    fn set(&mut self, _: &str, _: &'a RawValue, _: &mut Misfits) -> bool {
        false
    }

    fn other(&mut self) -> &mut UnknownFields<'a> {
        &mut self.0
    }
}

impl Misfits {
    /// Reads a text or number. Returns `false` if it is neither.
    pub(super) fn text<'a>(
        &mut self,
        name: &str,
        value: &'a RawValue,
        field: &mut Option<Cow<'a, str>>,
    ) -> bool {
        match serde_json::from_str::<Scalar<'a>>(value.get()) {
            Ok(Scalar(text)) => {
                *field = text;
                true
            }
            Err(_) => self.add(name),
        }
    }

    /// Reads another value. Returns `false` if it has an unexpected type.
    pub(super) fn value<'a, V: Lenient<'a>>(
        &mut self,
        name: &str,
        value: &'a RawValue,
        field: &mut V,
    ) -> bool {
        self.place.push(name.to_owned());
        let read = V::read(value, self);
        self.place.pop();
        match read {
            Some(read) => {
                *field = read;
                true
            }
            None => self.add(name),
        }
    }

    /// Returns the names, such as `auth.description`.
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }

    fn add(&mut self, name: &str) -> bool {
        // The outermost object is the event itself.
        let around = self.place.iter().skip(1);
        let mut path: Vec<&str> = around.map(String::as_str).collect();
        path.push(name);
        self.names.push(path.join("."));
        false
    }
}
