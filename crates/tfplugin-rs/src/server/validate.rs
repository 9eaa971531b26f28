//! What a schema says about a configuration: its validators, attributes that are not the
//! practitioner's to set, and write-only arguments on hosts that cannot keep them.
//!
//! Everything is checked at every depth. What is said of an element of a set is said at the set.

use std::sync::Arc;

use super::place::Place;
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::body::{Body, Nesting, Part};
use crate::schema::{Mode, Schema, Validator};
use crate::value::{Type, Value};

/// Refuses values for attributes that only the provider sets, which Terraform leaves to the
/// provider, and runs every validator on its attribute, where that is known and not null.
pub(super) fn attributes(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    object(schema.body(), &Place::root(), config, diagnostics);
}

/// The same for an action or a list, and refuses a null for what is required at the top: where a
/// `config` block is left out, Terraform does not (`internal/terraform/node_action_instance.go`).
pub(super) fn arguments(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    attributes(schema, config, diagnostics);
    required(schema.body(), &Place::root(), config, diagnostics);
}

fn object(body: &Body, place: &Place, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, one) in body.parts() {
        let place = place.attribute(name);
        match config.attribute(name) {
            Some(value) if !value.is_null() => part(name, one, &place, value, diagnostics),
            _ => {}
        }
    }
    if !body.validators().is_empty() {
        run(body.validators(), place, config, &body.ty(), diagnostics);
    }
}

fn part(name: &str, part: Part<'_>, place: &Place, value: &Value, diagnostics: &mut Diagnostics) {
    if matches!(part, Part::Attribute(one) if one.mode() == Mode::Computed) {
        diagnostics.push(place.tell(read_only(name)));
        return;
    }
    if value.is_unknown() {
        return;
    }
    if !part.validators().is_empty() {
        run(part.validators(), place, value, &part.ty(), diagnostics);
    }
    if let Some((nesting, body)) = part.objects() {
        each_object(nesting, place, value, |place, config| {
            // What is required at the top of a body and in blocks Terraform demands itself.
            if matches!(part, Part::Attribute(_)) {
                required(body, place, config, diagnostics);
            }
            object(body, place, config, diagnostics);
        });
    }
}

/// Visits the objects in a part of a configuration that are known and not null.
fn each_object(
    nesting: Nesting,
    place: &Place,
    value: &Value,
    mut visit: impl FnMut(&Place, &Value),
) {
    let mut visit = |place: &Place, one: &Value| {
        if one.as_map().is_some() {
            visit(place, one);
        }
    };
    if nesting.is_one() {
        visit(place, value);
    } else if let Some(elements) = value.as_map() {
        for (key, element) in elements {
            visit(&place.key(key), element);
        }
    } else if let Some(elements) = value.as_list() {
        for (index, element) in elements.iter().enumerate() {
            let place = match nesting {
                Nesting::Set => place.element_of_set(),
                _ => place.index(index),
            };
            visit(&place, element);
        }
    }
}

fn run(
    validators: &[Arc<dyn Validator>],
    place: &Place,
    value: &Value,
    ty: &Type,
    diagnostics: &mut Diagnostics,
) {
    let mut found = Diagnostics::new();
    for validator in validators {
        validator.validate(place.path(), value, &mut found);
    }
    diagnostics.extend(found.into_iter().map(
        |one| match one.path().map(|path| place.of(path, ty)) {
            Some(place) => place.tell(one),
            None => one,
        },
    ));
}

/// What is left out, or null: in nested attributes Terraform lets the latter through.
fn required(body: &Body, place: &Place, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, attribute) in body.attributes() {
        let is_null = config.attribute(name).is_none_or(Value::is_null);
        if attribute.is_required() && is_null {
            diagnostics.push(place.attribute(name).tell(Diagnostic::error(
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

/// A host that does not know write-only arguments would store them: Terraform before 1.11.
pub(super) fn write_only(schema: &Schema, config: &Value, diagnostics: &mut Diagnostics) {
    write_only_within(schema.body(), &Place::root(), config, diagnostics);
}

fn write_only_within(body: &Body, place: &Place, config: &Value, diagnostics: &mut Diagnostics) {
    for (name, part) in body.parts() {
        let place = place.attribute(name);
        let Some(value) = config.attribute(name).filter(|value| !value.is_null()) else {
            continue;
        };
        if part.is_write_only() {
            diagnostics.push(place.tell(Diagnostic::error(
                "Write-only Attribute Not Allowed",
                format!(
                    "The argument {name:?} is write-only: it must not be stored. This version of \
                     Terraform would store it. Use Terraform 1.11 or later, or leave the argument \
                     out."
                ),
            )));
        } else if let Some((nesting, body)) = part.objects() {
            each_object(nesting, &place, value, |place, config| {
                write_only_within(body, place, config, diagnostics);
            });
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
