//! [`Validator`]: checks a configured value.
//!
//! Validators run before the provider is configured, so they see nothing but the value. They are called with known
//! values that are not null; Terraform itself checks required attributes. Parts of a value may still be unknown, and
//! an unknown part breaks no rule.
//!
//! | for | validators |
//! |---|---|
//! | strings | [`string`] with a function, [`matches()`], [`one_of`], [`length`], [`not_empty`] |
//! | numbers | [`range`] |
//! | lists, sets, maps, also of nested objects and blocks | [`size`], [`each`], [`keys`] |
//! | objects | [`exactly_one_of`], [`at_most_one_of`], [`all_or_none_of`] |
//!
//! ```
//! use tfplugin::schema::{Nested, validator};
//! use tfplugin::{Attribute, Schema, Type};
//!
//! let text = |description| Attribute::optional(Type::String, description);
//! let colours = Attribute::optional(Type::set(Type::String), "How it may shine.")
//!     .validate(validator::size(1..=3))
//!     .validate(validator::each(validator::one_of(["red", "green", "blue"])));
//! let place = Nested::single()
//!     .attribute("room", text("In which room."))
//!     .attribute("garden", text("In which garden."))
//!     .validate_each(validator::exactly_one_of(["room", "garden"]));
//! let schema = Schema::new("A lamp.")
//!     .attribute("colours", colours)
//!     .attribute("place", Attribute::required(place, "Where it stands."));
//! ```

mod collection;
mod number;
mod object;
mod strings;

use std::ops::{Bound, RangeBounds};

pub use collection::{each, keys, size};
pub use number::range;
pub use object::{all_or_none_of, at_most_one_of, exactly_one_of};
pub use strings::{length, matches, not_empty, one_of, string};

use crate::diag::Diagnostics;
use crate::path::Path;
use crate::value::{Type, Value};

/// Checks a configured value.
///
/// ```
/// use tfplugin::schema::Validator;
/// use tfplugin::{Diagnostic, Diagnostics, Path, Type, Value};
///
/// /// Refuses fractions, and numbers that need more than 64 bits.
/// struct Whole;
///
/// impl Validator for Whole {
///     fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
///         if value.as_number().is_some_and(|number| number.as_i64().is_none()) {
///             let detail = "The value must be a whole number.";
///             diagnostics.push(Diagnostic::error("Invalid Attribute Value", detail).at(path.clone()));
///         }
///     }
///
///     fn applies_to(&self, ty: &Type) -> bool {
///         matches!(ty, Type::Number)
///     }
/// }
/// ```
pub trait Validator: Send + Sync {
    /// Adds a diagnostic with `path` if `value` is not valid. It is known and not null.
    ///
    /// The diagnostic may have a path below `path`, with indexes for the elements of a set: the SDK then reports it at
    /// the set.
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics);

    /// Returns whether the validator can check values of a type. [`Schema::problems`](crate::Schema::problems) reports
    /// one that cannot.
    fn applies_to(&self, ty: &Type) -> bool {
        let _ = ty;
        true
    }
}

/// Bounds in words: `from 1 to 3`, `at least 1`.
fn in_words<T>(bounds: &(Bound<T>, Bound<T>)) -> String
where
    T: std::fmt::Display + PartialEq,
{
    let below = |end: &T| format!("less than {end}");
    let above = |start: &T| format!("more than {start}");
    match bounds {
        (Bound::Included(start), Bound::Included(end)) if start == end => {
            format!("exactly {start}")
        }
        (Bound::Included(start), Bound::Included(end)) => format!("from {start} to {end}"),
        (Bound::Included(start), Bound::Excluded(end)) => {
            format!("at least {start} and {}", below(end))
        }
        (Bound::Included(start), Bound::Unbounded) => format!("at least {start}"),
        (Bound::Excluded(start), Bound::Included(end)) => {
            format!("{} and at most {end}", above(start))
        }
        (Bound::Excluded(start), Bound::Excluded(end)) => {
            format!("{} and {}", above(start), below(end))
        }
        (Bound::Excluded(start), Bound::Unbounded) => above(start),
        (Bound::Unbounded, Bound::Included(end)) => format!("at most {end}"),
        (Bound::Unbounded, Bound::Excluded(end)) => below(end),
        (Bound::Unbounded, Bound::Unbounded) => "any number".to_owned(),
    }
}

fn owned<T: Copy>(bounds: impl RangeBounds<T>) -> (Bound<T>, Bound<T>) {
    (bounds.start_bound().cloned(), bounds.end_bound().cloned())
}

#[cfg(test)]
mod tests;
