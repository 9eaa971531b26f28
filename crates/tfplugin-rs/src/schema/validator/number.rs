//! Validators of numbers.

use std::ops::{Bound, RangeBounds};

use super::{Validator, in_words, owned};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{Number, Type, Value};

/// Checks that a number is within bounds: `range(1..=65535)`.
///
/// A fraction within the bounds is valid. So the field of the model is [`Number`] or `f64`: an integer field would refuse
/// the fraction as a bug in the provider. A validator of your own can refuse it as the practitioner's mistake; the
/// example of [`Validator`] does.
pub fn range(bounds: impl RangeBounds<i64>) -> impl Validator {
    Range(owned(bounds))
}

struct Range((Bound<i64>, Bound<i64>));

impl Validator for Range {
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        let bounds = (self.0.0.map(Number::from), self.0.1.map(Number::from));
        if value
            .as_number()
            .is_some_and(|number| !bounds.contains(number))
        {
            diagnostics.push(
                Diagnostic::error(
                    "Invalid Attribute Value",
                    format!("The value must be {}.", in_words(&self.0)),
                )
                .at(path.clone()),
            );
        }
    }

    fn applies_to(&self, ty: &Type) -> bool {
        matches!(ty, Type::Number | Type::Dynamic)
    }
}
