//! [`Validator`]: a rule about one configured value.
//!
//! Validators run while the provider is not configured, so they know nothing but the value. They
//! see only values that are known and not null; what is required Terraform checks itself.

use crate::tfplugin::diag::{Diagnostic, Diagnostics};
use crate::tfplugin::path::Path;
use crate::tfplugin::value::Value;

/// A rule about one configured value.
pub trait Validator: Send + Sync {
    /// Adds a diagnostic at `path` where `value`, known and not null, breaks the rule.
    fn validate(&self, path: &Path, value: &Value, diagnostics: &mut Diagnostics);
}

/// A rule about a string: the function returns what is wrong with it.
///
/// The diagnostic gets the attribute's path.
pub fn string(rule: impl Fn(&str) -> Result<(), Diagnostic> + Send + Sync) -> impl Validator {
    StringRule(rule)
}

/// A string of at least one character.
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
}
