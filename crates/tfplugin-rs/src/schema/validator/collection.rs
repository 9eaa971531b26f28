//! Validators of lists, sets and maps, of plain values, nested objects or blocks.

use std::ops::{Bound, RangeBounds};

use super::{Validator, in_words, owned};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{Type, Value};

/// Checks the number of elements of a list, set or map: `size(1..)`.
pub fn size(elements: impl RangeBounds<usize>) -> impl Validator {
    Size(owned(elements))
}

/// Checks each element of a list, set or map: `each(length(1..))`.
///
/// Null and unknown elements are skipped, so a null element is valid.
pub fn each(rule: impl Validator) -> impl Validator {
    Each(rule)
}

/// Checks each key of a map with a validator of strings: `keys(length(1..=64))`.
pub fn keys(rule: impl Validator) -> impl Validator {
    Keys(rule)
}

struct Size((Bound<usize>, Bound<usize>));

impl Validator for Size {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        let list = value.as_list().map(<[Value]>::len);
        let Some(found) = list.or_else(|| Some(value.as_map()?.len())) else {
            return;
        };
        // At apply, unknown elements of a set may become equal to others.
        let minimum = if value.is_wholly_known() {
            found
        } else {
            found.min(1)
        };
        let (start, end) = self.0;
        let too_few = !(start, Bound::Unbounded).contains(&found);
        let too_many = !(Bound::Unbounded, end).contains(&minimum);
        if too_few || too_many {
            diagnostics.push(
                Diagnostic::error(
                    "Invalid Attribute Value",
                    format!(
                        "The number of elements must be {}, but it is {found}.",
                        in_words(&self.0)
                    ),
                )
                .at(path.clone()),
            );
        }
    }

    fn applies_to(&self, ty: &Type) -> bool {
        matches!(
            ty,
            Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Dynamic
        )
    }
}

struct Each<V>(V);

impl<V: Validator> Validator for Each<V> {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        let mut check = |path: &Path, element: &Value| {
            if !element.is_null() && !element.is_unknown() {
                self.0.validate(path, element, diagnostics);
            }
        };
        for (index, element) in value.as_list().into_iter().flatten().enumerate() {
            check(&path.index(index), element);
        }
        for (key, element) in value.as_map().into_iter().flatten() {
            check(&path.key(key), element);
        }
    }

    fn applies_to(&self, ty: &Type) -> bool {
        match ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => {
                self.0.applies_to(element)
            }
            Type::Dynamic => true,
            _ => false,
        }
    }
}

struct Keys<V>(V);

impl<V: Validator> Validator for Keys<V> {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        for key in value.as_map().into_iter().flatten().map(|(key, _)| key) {
            self.0
                .validate(&path.key(key), &Value::from(key.as_str()), diagnostics);
        }
    }

    fn applies_to(&self, ty: &Type) -> bool {
        matches!(ty, Type::Map(_)) && self.0.applies_to(&Type::String)
    }
}
