//! The objects that a nested attribute or block holds: [`objects`] finds them, [`change_objects`] changes them.

use super::position::Position;
use crate::schema::Nesting;
use crate::value::Value;

/// Where an object stands in the value of a nested attribute or block.
pub(super) enum Element {
    /// The value itself is the object.
    Single,
    Index(usize),
    Key(String),
    /// An index in a set, which has no meaning for Terraform.
    InSet(usize),
}

impl Element {
    /// Returns the object of a value, which may be another than the one in which it was found.
    pub(super) fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Single => Some(value),
            Self::Index(index) | Self::InSet(index) => value.as_list()?.get(*index),
            Self::Key(key) => value.attribute(key),
        }
    }

    fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Self::Single => Some(value),
            Self::Index(index) | Self::InSet(index) => value.as_list_mut()?.get_mut(*index),
            Self::Key(key) => value.as_map_mut()?.get_mut(key),
        }
    }

    /// Returns the position of the object, given that of the nested attribute or block.
    pub(super) fn position(&self, of_part: &Position) -> Position {
        match self {
            Self::Single => of_part.clone(),
            Self::Index(index) => of_part.index(*index),
            Self::Key(key) => of_part.key(key),
            Self::InSet(_) => of_part.element_of_set(),
        }
    }
}

/// Finds the objects in the value of a nested attribute or block. Null and unknown ones are left out.
pub(super) fn objects(nesting: Nesting, value: &Value) -> Vec<Element> {
    let is_object = |value: &Value| value.as_map().is_some();
    match nesting {
        Nesting::Single | Nesting::Group => {
            let single = is_object(value).then_some(Element::Single);
            single.into_iter().collect()
        }
        Nesting::List | Nesting::Set => {
            let elements = value.as_list().unwrap_or_default().iter().enumerate();
            let objects = elements.filter(|(_, element)| is_object(element));
            let element = match nesting {
                Nesting::Set => Element::InSet,
                _ => Element::Index,
            };
            objects.map(|(index, _)| element(index)).collect()
        }
        Nesting::Map => {
            let elements = value.as_map().into_iter().flatten();
            let objects = elements.filter(|(_, element)| is_object(element));
            objects.map(|(key, _)| Element::Key(key.clone())).collect()
        }
    }
}

/// Changes each of the [`objects`] in a value. A set is sorted again afterwards.
pub(super) fn change_objects(
    nesting: Nesting,
    value: &mut Value,
    mut change: impl FnMut(&Element, &mut Value),
) {
    for element in objects(nesting, value) {
        if let Some(object) = element.of_mut(value) {
            change(&element, object);
        }
    }
    if nesting == Nesting::Set {
        value.restore_set();
    }
}
