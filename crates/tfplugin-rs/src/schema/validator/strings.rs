//! Validators of strings.

use std::ops::{Bound, RangeBounds};

use super::{Validator, in_words, owned};
use crate::diag::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{Type, Value};

/// Checks a string with a function that returns what is wrong with it. The diagnostic gets the attribute's path.
///
/// ```
/// use tfplugin::schema::validator::string;
/// use tfplugin::{Attribute, Diagnostic, Type};
///
/// let lowercase = string(|text| {
///     if text.chars().any(char::is_uppercase) {
///         return Err(Diagnostic::error("Invalid Name", "The name must be lowercase."));
///     }
///     Ok(())
/// });
/// let name = Attribute::required(Type::String, "Name.").validate(lowercase);
/// ```
pub fn string(rule: impl Fn(&str) -> Result<(), Diagnostic> + Send + Sync) -> impl Validator {
    StringRule(rule)
}

/// Checks that `rule` is true for a string. `expected` completes the sentence "The value must be …", such as
/// `an address with a scheme`.
pub fn matches(
    expected: &'static str,
    rule: impl Fn(&str) -> bool + Send + Sync,
) -> impl Validator {
    string(move |value| {
        if rule(value) {
            return Ok(());
        }
        Err(Diagnostic::error(
            "Invalid Attribute Value Match",
            format!("The value must be {expected}, which it is not."),
        ))
    })
}

/// Checks that a string is one of these.
pub fn one_of(allowed: impl IntoIterator<Item = &'static str>) -> impl Validator {
    let allowed: Vec<_> = allowed.into_iter().collect();
    string(move |value| {
        if allowed.contains(&value) {
            return Ok(());
        }
        let allowed: Vec<_> = allowed.iter().map(|one| format!("{one:?}")).collect();
        Err(Diagnostic::error(
            "Invalid Attribute Value Match",
            format!("The value must be one of: {}.", allowed.join(", ")),
        ))
    })
}

/// Checks the number of characters of a string: `length(1..=64)`.
pub fn length(characters: impl RangeBounds<usize>) -> impl Validator {
    let bounds: (Bound<usize>, Bound<usize>) = owned(characters);
    string(move |value| {
        let found = value.chars().count();
        if bounds.contains(&found) {
            return Ok(());
        }
        Err(Diagnostic::error(
            "Invalid Attribute Value Length",
            format!(
                "The length in characters must be {}, but it is {found}.",
                in_words(&bounds)
            ),
        ))
    })
}

/// Checks that a string has at least one character.
pub fn not_empty() -> impl Validator {
    string(|value| {
        if value.is_empty() {
            Err(Diagnostic::error(
                "Invalid Attribute Value Length",
                "The value is an empty string. Set at least one character, or leave the \
                 attribute out.",
            ))
        } else {
            Ok(())
        }
    })
}

struct StringRule<F>(F);

impl<F> Validator for StringRule<F>
where
    F: Fn(&str) -> Result<(), Diagnostic> + Send + Sync,
{
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics) {
        if let Some(text) = value.as_str()
            && let Err(diagnostic) = (self.0)(text)
        {
            diagnostics.push(diagnostic.at(path.clone()));
        }
    }

    fn applies_to(&self, ty: &Type) -> bool {
        matches!(ty, Type::String | Type::Dynamic)
    }
}
