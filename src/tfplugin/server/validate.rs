//! The schema's validators, and write-only arguments on hosts that cannot keep them.

use crate::tfplugin::diag::{Diagnostic, Diagnostics};
use crate::tfplugin::path::Path;
use crate::tfplugin::schema::Schema;
use crate::tfplugin::value::Value;

/// Runs every validator on its attribute, where that is known and not null.
pub(super) fn attributes(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in schema.attributes() {
        let Some(value) = config.attribute(name) else {
            continue;
        };
        if value.is_null() || value.is_unknown() {
            continue;
        }
        for validator in attribute.validators() {
            validator.validate(&Path::of(name), value, diagnostics);
        }
    }
}

/// A host that does not know write-only arguments would store them: Terraform before 1.11.
pub(super) fn write_only(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in schema.attributes() {
        let set = config.attribute(name).is_some_and(|value| !value.is_null());
        if attribute.is_write_only() && set {
            diagnostics.push(
                Diagnostic::error(
                    "Write-only Attribute Not Allowed",
                    format!(
                        "The argument {name:?} is write-only: it must not be stored. This version \
                         of Terraform would store it. Use Terraform 1.11 or later, or leave the \
                         argument out."
                    ),
                )
                .at(Path::of(name)),
            );
        }
    }
}
