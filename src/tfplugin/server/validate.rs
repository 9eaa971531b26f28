//! What a schema says about a configuration: its validators, attributes that are not the
//! practitioner's to set, and write-only arguments on hosts that cannot keep them.

use crate::tfplugin::diag::{Diagnostic, Diagnostics};
use crate::tfplugin::path::Path;
use crate::tfplugin::schema::{Mode, Schema};
use crate::tfplugin::value::Value;

/// Refuses values for attributes that only the provider sets, which Terraform leaves to the
/// provider, and runs every validator on its attribute, where that is known and not null.
pub(super) fn attributes(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in schema.attributes() {
        let Some(value) = config.attribute(name).filter(|value| !value.is_null()) else {
            continue;
        };
        if attribute.mode() == Mode::Computed {
            diagnostics.push(read_only(name));
            continue;
        }
        if value.is_unknown() {
            continue;
        }
        for validator in attribute.validators() {
            validator.validate(&Path::of(name), value, diagnostics);
        }
    }
}

fn read_only(name: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid Configuration for Read-Only Attribute",
        format!(
            "The attribute {name:?} cannot be set: the provider sets it. Remove it from the \
             configuration."
        ),
    )
    .at(Path::of(name))
}

/// Refuses a null for what is required: where an action's `config` block is left out, Terraform does
/// not (`internal/terraform/node_action_instance.go`).
pub(super) fn required(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in schema.attributes() {
        let missing = config.attribute(name).is_none_or(Value::is_null);
        if attribute.is_required() && missing {
            diagnostics.push(
                Diagnostic::error(
                    "Missing Required Argument",
                    format!("The argument {name:?} is required, but it is not set, or null."),
                )
                .at(Path::of(name)),
            );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tfplugin::schema::{Attribute, validator};
    use crate::tfplugin::value::Type;

    fn schema() -> Schema {
        let name = Attribute::optional(Type::String, "A name.").validate(validator::not_empty());
        let id = Attribute::computed(Type::String, "An id.");
        Schema::new("A thing.")
            .attribute("name", name)
            .attribute("id", id)
    }

    #[track_caller]
    fn check(name: Value, id: Value, expected: &[&str]) {
        let mut diagnostics = Diagnostics::new();
        let config = Value::object([("name", name), ("id", id)]);
        attributes(&schema(), &config, &mut diagnostics);
        let told: Vec<String> = diagnostics
            .iter()
            .map(|one| format!("{}: {}", one.path().unwrap_or(&Path::root()), one.summary()))
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_the_provider_sets_cannot_be_configured() {
        let refused = ["id: Invalid Configuration for Read-Only Attribute"];
        check(Value::Null, Value::from("x"), &refused);
        check(Value::Null, Value::unknown(), &refused);
        check(Value::from("x"), Value::Null, &[]);
    }

    #[test]
    fn validators_see_only_what_is_known_and_there() {
        check(Value::Null, Value::Null, &[]);
        check(Value::unknown(), Value::Null, &[]);
        check(
            Value::from(""),
            Value::Null,
            &["name: Invalid Attribute Value Length"],
        );
    }
}
