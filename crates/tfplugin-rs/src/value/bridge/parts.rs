//! Values with parts: [`Elements`] of a list, set or tuple, [`Pairs`] of a map or object.
//!
//! Both know the type of the next part, and write the head and the end of the value.
//! [`ModelSerializer`](super::ser::ModelSerializer) writes the parts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::value::fault::Fault;
use crate::value::msgpack::{Encoder, decode};
use crate::value::{ObjectType, Type};

/// The elements of a list, set or tuple.
pub(super) struct Elements<'t> {
    of: ElementsOf<'t>,
    head: Head,
    /// How many were written so far.
    pub(super) count: usize,
}

enum ElementsOf<'t> {
    List(&'t Type),
    Set {
        set: &'t Type,
        element: &'t Type,
    },
    Tuple(&'t [Type]),
    /// The types of the elements so far.
    Inferred(Vec<Type>),
}

impl<'t> Elements<'t> {
    /// Begins a list of a type. The length may be wrong: [`end`](Self::end) corrects it.
    pub(super) fn begin(
        encoder: &mut Encoder,
        ty: Option<&'t Type>,
        length: Option<usize>,
    ) -> Result<Self, Fault> {
        let of = match ty {
            Some(Type::List(element)) => ElementsOf::List(element),
            Some(set @ Type::Set(element)) => ElementsOf::Set { set, element },
            Some(Type::Tuple(types)) => ElementsOf::Tuple(types),
            Some(ty) => return Err(Fault::mismatch(ty, "a list")),
            None => ElementsOf::Inferred(Vec::new()),
        };
        Ok(Self {
            of,
            head: Head::write(encoder, Encoder::array, length.unwrap_or(0))?,
            count: 0,
        })
    }

    /// Returns the type of the next element: `Some(None)` if it is to be inferred, `None` beyond the end of a tuple.
    pub(super) fn next(&self) -> Option<Option<&'t Type>> {
        match self.of {
            ElementsOf::List(element) | ElementsOf::Set { element, .. } => Some(Some(element)),
            ElementsOf::Tuple(types) => types.get(self.count).map(Some),
            ElementsOf::Inferred(_) => Some(None),
        }
    }

    /// Adds the path of the next element to its fault.
    pub(super) fn at_next(&self, fault: Fault) -> Fault {
        match self.of {
            ElementsOf::Set { .. } => fault.under_set(),
            _ => fault.under_index(self.count),
        }
    }

    /// Records the type that was inferred for an element.
    pub(super) fn infer(&mut self, inferred: Option<Type>) {
        if let ElementsOf::Inferred(types) = &mut self.of {
            types.push(inferred.unwrap_or(Type::Dynamic));
        }
    }

    /// Ends the list. Returns its type if that was inferred.
    pub(super) fn end(self, encoder: &mut Encoder) -> Result<Option<Type>, Fault> {
        if let ElementsOf::Tuple(types) = self.of {
            Fault::check_tuple(self.count, types.len())?;
        }
        let start = self.head.place.start;
        self.head.correct(encoder, self.count)?;
        match self.of {
            ElementsOf::List(_) | ElementsOf::Tuple(_) => Ok(None),
            ElementsOf::Set { set, .. } => {
                // Reading a set sorts it and drops duplicates.
                let sorted = decode(&encoder.written()[start..], set)?;
                let end = encoder.len();
                encoder.rewrite(start..end, |encoder| encoder.value(&sorted, set, 0))?;
                Ok(None)
            }
            ElementsOf::Inferred(types) => Ok(Some(Type::Tuple(types))),
        }
    }
}

/// The pairs of a map or object.
pub(super) struct Pairs<'t> {
    of: PairsOf<'t>,
    head: Head,
    /// How many were written so far.
    count: usize,
    /// Adds the path of a value to its fault: an attribute or a key.
    under: fn(Fault, &str) -> Fault,
}

enum PairsOf<'t> {
    Map(&'t Type),
    /// A model that has a field for every attribute.
    WholeObject(&'t ObjectType),
    /// The attributes that are still to be written; those without a field are null.
    Object(&'t ObjectType, BTreeMap<&'t str, &'t Type>),
    /// The types of the values so far.
    Inferred(BTreeMap<String, Type>),
}

impl<'t> Pairs<'t> {
    /// Begins a map or object of a type. The length may be wrong: [`end`](Self::end) corrects it.
    pub(super) fn begin(
        encoder: &mut Encoder,
        ty: Option<&'t Type>,
        length: Option<usize>,
        under: fn(Fault, &str) -> Fault,
    ) -> Result<Self, Fault> {
        let (of, under): (_, fn(Fault, &str) -> Fault) = match ty {
            Some(Type::Map(element)) => (PairsOf::Map(element), Fault::under_key),
            Some(Type::Object(object)) => {
                let of = if length == Some(object.attributes.len()) {
                    PairsOf::WholeObject(object)
                } else {
                    let missing = object.attributes.iter();
                    let missing = missing.map(|(name, ty)| (name.as_str(), ty)).collect();
                    PairsOf::Object(object, missing)
                };
                (of, Fault::under_attribute)
            }
            Some(ty) => return Err(Fault::mismatch(ty, "an object or map")),
            None => (PairsOf::Inferred(BTreeMap::new()), under),
        };
        Ok(Self {
            of,
            head: Head::write(encoder, Encoder::map, length.unwrap_or(0))?,
            count: 0,
            under,
        })
    }

    /// Returns the type of the next value; `None` if it is to be inferred.
    #[inline]
    pub(super) fn next(&mut self, name: &str) -> Result<Option<&'t Type>, Fault> {
        self.count += 1;
        match &mut self.of {
            PairsOf::Map(ty) => Ok(Some(ty)),
            PairsOf::WholeObject(object) => match object.attributes.get(name) {
                Some(ty) => Ok(Some(ty)),
                None => Err(Fault::extra(name)),
            },
            PairsOf::Object(object, missing) => match missing.remove(name) {
                Some(ty) => Ok(Some(ty)),
                None if object.attributes.contains_key(name) => Err(Fault::twice(name)),
                None => Err(Fault::extra(name)),
            },
            PairsOf::Inferred(_) => Ok(None),
        }
    }

    /// Adds the path of a value to its fault.
    pub(super) fn at(&self, name: &str, fault: Fault) -> Fault {
        (self.under)(fault, name)
    }

    /// Records the type that was inferred for a value.
    pub(super) fn infer(&mut self, name: &str, inferred: Option<Type>) {
        if let PairsOf::Inferred(types) = &mut self.of {
            types.insert(name.to_owned(), inferred.unwrap_or(Type::Dynamic));
        }
    }

    /// Ends the map or object. Returns its type if that was inferred.
    pub(super) fn end(mut self, encoder: &mut Encoder) -> Result<Option<Type>, Fault> {
        match &self.of {
            PairsOf::Object(_, missing) => {
                for name in missing.keys() {
                    encoder.text(name)?;
                    encoder.null();
                }
                self.count += missing.len();
            }
            PairsOf::WholeObject(object) if self.count != object.attributes.len() => {
                return Err(Fault::mismatch(
                    format_args!("{} fields, as the model announced", self.head.length),
                    format_args!("{} of them", self.count),
                ));
            }
            _ => {}
        }
        self.head.correct(encoder, self.count)?;
        match self.of {
            PairsOf::Inferred(attributes) => Ok(Some(Type::object(attributes))),
            _ => Ok(None),
        }
    }
}

/// The head of an array or map, which says how many parts follow.
struct Head {
    place: Range<usize>,
    length: usize,
    write: fn(&mut Encoder, usize) -> Result<(), Fault>,
}

impl Head {
    fn write(
        encoder: &mut Encoder,
        write: fn(&mut Encoder, usize) -> Result<(), Fault>,
        length: usize,
    ) -> Result<Self, Fault> {
        let start = encoder.len();
        write(encoder, length)?;
        Ok(Self {
            place: start..encoder.len(),
            length,
            write,
        })
    }

    /// Writes the head again if there were more or fewer parts than it says.
    fn correct(self, encoder: &mut Encoder, count: usize) -> Result<(), Fault> {
        if count == self.length {
            return Ok(());
        }
        encoder.rewrite(self.place, |encoder| (self.write)(encoder, count))
    }
}
