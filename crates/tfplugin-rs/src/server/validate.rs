//! Checks a configuration against its schema: validators, attributes that only the provider sets, and
//! write-only arguments on hosts that do not know them.
//!
//! Everything is checked at every depth. Diagnostics about an element of a set have the path of the set.

use std::sync::Arc;

use super::objects::objects;
use super::position::Position;
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::body::{Body, Part};
use crate::schema::{Mode, Schema, Validator};
use crate::value::{Type, Value};

/// Checks a configuration: refuses values for computed attributes, which Terraform leaves to the provider, and runs the
/// validators of every attribute that is known and not null.
pub(super) fn attributes(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    object(schema.body(), &Position::root(), config, diagnostics);
}

/// Checks the configuration of an action or a list resource. It also refuses null for required arguments
/// at the top, which Terraform does not do if the `config` block is left out
/// (`internal/terraform/node_action_instance.go`).
pub(super) fn arguments(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    attributes(schema, config, diagnostics);
    required(schema.body(), &Position::root(), config, diagnostics);
}

fn object(body: &Body, position: &Position, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, one) in body.parts() {
        let position = position.attribute(name);
        match config.attribute(name) {
            Some(value) if !value.is_null() => part(name, one, &position, value, diagnostics),
            _ => {}
        }
    }
    if !body.validators().is_empty() {
        run(body.validators(), position, config, &body.ty(), diagnostics);
    }
}

fn part(
    name: &str,
    part: Part<'_>,
    position: &Position,
    value: &Value,
    diagnostics: &mut Diagnostics,
) {
    if matches!(part, Part::Attribute(one) if one.mode() == Mode::Computed) {
        diagnostics.push(position.locate(read_only(name)));
        return;
    }
    if value.is_unknown() {
        return;
    }
    if !part.validators().is_empty() {
        run(part.validators(), position, value, &part.ty(), diagnostics);
    }
    if let Some((nesting, body)) = part.objects() {
        for element in objects(nesting, value) {
            let position = element.position(position);
            let config = element.of(value).unwrap_or(&Value::Null);
            // Terraform itself checks what is required at the top and in blocks.
            if matches!(part, Part::Attribute(_)) {
                required(body, &position, config, diagnostics);
            }
            object(body, &position, config, diagnostics);
        }
    }
}

fn run(
    validators: &[Arc<dyn Validator>],
    position: &Position,
    value: &Value,
    ty: &Type,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Diagnostics::new();
    for validator in validators {
        validator.validate(position.path(), value, &mut found);
    }
    diagnostics.extend(found.into_iter().map(|one| {
        match one.path().map(|path| position.of(path, ty)) {
            Some(position) => position.locate(one),
            None => one,
        }
    }));
}

/// Refuses required attributes that are left out or null. In nested attributes Terraform accepts null.
fn required(body: &Body, position: &Position, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in body.attributes() {
        let is_null = config.attribute(name).is_none_or(Value::is_null);
        if attribute.is_required() && is_null {
            diagnostics.push(position.attribute(name).locate(Diagnostic::error(
                "Missing Required Argument",
                format!("The argument {name:?} is required, but it is not set, or null."),
            )));
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
}

/// Refuses write-only arguments. For hosts that would store them: Terraform before 1.11.
pub(super) fn write_only(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    write_only_within(schema.body(), &Position::root(), config, diagnostics);
}

fn write_only_within(
    body: &Body,
    position: &Position,
    config: &Value,
    diagnostics: &mut Diagnostics,
) {
    for (name, part) in body.parts() {
        let position = position.attribute(name);
        let Some(value) = config.attribute(name).filter(|value| !value.is_null()) else {
            continue;
        };
        if part.is_write_only() {
            diagnostics.push(position.locate(Diagnostic::error(
                "Write-only Attribute Not Allowed",
                format!(
                    "The argument {name:?} is write-only: it must not be stored. This version of \
                     Terraform would store it. Use Terraform 1.11 or later, or leave the argument \
                     out."
                ),
            )));
        } else if let Some((nesting, body)) = part.objects() {
            for element in objects(nesting, value) {
                let config = element.of(value).unwrap_or(&Value::Null);
                write_only_within(body, &element.position(&position), config, diagnostics);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Path;
    use crate::schema::{Attribute, validator};
    use crate::value::Type;

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
        let found: Vec<String> = diagnostics
            .iter()
            .map(|one| format!("{}: {}", one.path().unwrap_or(&Path::root()), one.summary()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_computed_attribute_cannot_be_configured() {
        let refused = ["id: Invalid Configuration for Read-Only Attribute"];
        check(Value::Null, Value::from("x"), &refused);
        check(Value::Null, Value::unknown(), &refused);
        check(Value::from("x"), Value::Null, &[]);
    }

    #[test]
    fn validators_see_only_known_values_that_are_not_null() {
        check(Value::Null, Value::Null, &[]);
        check(Value::unknown(), Value::Null, &[]);
        check(
            Value::from(""),
            Value::Null,
            &["name: Invalid Attribute Value Length"],
        );
    }
}
