//! Validators of an object: which of its attributes may or must be set together.
//!
//! Add them to the object that has the attributes: [`Schema::validate`](crate::Schema::validate),
//! [`Nested::validate_each`](crate::schema::Nested::validate_each),
//! [`Block::validate_each`](crate::schema::Block::validate_each). An unknown value may become null at apply, so it
//! breaks no rule. An empty list or set of blocks counts as not set.

use super::Validator;
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{Type, Value};

/// Checks that exactly one of these attributes is set.
pub fn exactly_one_of(names: impl IntoIterator<Item = &'static str>) -> impl Validator {
    Together::new(names, Rule::ExactlyOne)
}

/// Checks that at most one of these attributes is set.
pub fn at_most_one_of(names: impl IntoIterator<Item = &'static str>) -> impl Validator {
    Together::new(names, Rule::AtMostOne)
}

/// Checks that either all or none of these attributes are set.
pub fn all_or_none_of(names: impl IntoIterator<Item = &'static str>) -> impl Validator {
    Together::new(names, Rule::AllOrNone)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    ExactlyOne,
    AtMostOne,
    AllOrNone,
}

struct Together {
    names: Vec<&'static str>,
    rule: Rule,
}

impl Together {
    fn new(names: impl IntoIterator<Item = &'static str>, rule: Rule) -> Self {
        Self {
            names: names.into_iter().collect(),
            rule,
        }
    }

    /// Returns what is wrong, given how many are set and how many are set or unknown.
    fn problem(&self, set: usize, possible: usize) -> Option<&'static str> {
        let all = self.names.len();
        match self.rule {
            Rule::ExactlyOne | Rule::AtMostOne if set > 1 => Some("exclude each other"),
            Rule::ExactlyOne if possible == 0 => Some("are left out; set one of them"),
            Rule::AllOrNone if set > 0 && possible < all => Some("go together: set all, or none"),
            _ => None,
        }
    }
}

impl Validator for Together {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        let values = || self.names.iter().map(|name| value.attribute(name));
        let set = values().filter(|one| one.is_some_and(is_set)).count();
        let possible = values()
            .filter(|one| one.is_some_and(|value| value.is_unknown() || is_set(value)))
            .count();
        let Some(wrong) = self.problem(set, possible) else {
            return;
        };
        let names: Vec<_> = self.names.iter().map(|name| format!("{name:?}")).collect();
        diagnostics.push(
            Diagnostic::error(
                "Invalid Attribute Combination",
                format!("The arguments {} {wrong}.", names.join(", ")),
            )
            .at(path.clone()),
        );
    }

    fn applies_to(&self, ty: &Type) -> bool {
        ty.attributes()
            .is_some_and(|attributes| self.names.iter().all(|name| attributes.contains_key(*name)))
    }
}

fn is_set(value: &Value) -> bool {
    let is_empty_list = value.as_list().is_some_and(<[Value]>::is_empty);
    !value.is_null() && !value.is_unknown() && !is_empty_list
}
