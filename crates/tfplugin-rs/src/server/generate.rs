//! Generates the configuration of an existing object, for a practitioner to continue from.
//!
//! Terraform writes it into a file and plans with it at once, so it must be valid and must change
//! nothing. It leaves out, at every depth, computed attributes, write-only and deprecated ones,
//! values that equal the default, and values that the schema's own validators refuse. The author may
//! leave out more.

use super::normalise::normalise;
use super::objects::change_objects;
use crate::adapter::AnyResource;
use crate::diag::Diagnostics;
use crate::path::Path;
use crate::schema::body::{Body, Part};
use crate::schema::{Mode, Schema};
use crate::value::Value;

/// Returns the configuration for a state; null for null.
pub(super) fn config<C>(resource: &dyn AnyResource<C>, state: Value) -> Result<Value, Diagnostics> {
    if state.is_null() {
        return Ok(Value::Null);
    }
    let schema = &resource.shape().schema;
    let mut config = resource.generate_config(&by_schema(schema, state))?;
    normalise(schema, &mut config);
    Ok(config)
}

fn by_schema(schema: &Schema, mut object: Value) -> Value {
    prune(schema.body(), &Path::root(), &mut object);
    normalise(schema, &mut object);
    object
}

fn prune(body: &Body, path: &Path, object: &mut Value) {
    let Some(attributes) = object.as_map_mut() else {
        return;
    };
    for (name, part) in body.parts() {
        if let Some(value) = attributes.get_mut(name) {
            prune_part(part, &path.attribute(name), value);
        }
    }
}

fn prune_part(part: Part<'_>, path: &Path, value: &mut Value) {
    if !may_be_configured(part, value) {
        *value = Value::Null;
        return;
    }
    // A diagnostic about a nested value is not needed here, only whether a validator refuses the value.
    if let Some((nesting, body)) = part.objects() {
        change_objects(nesting, value, |_, object| prune(body, path, object));
    }
    if !is_required(part) && is_refused(part, path, value) {
        *value = Value::Null;
    }
}

fn is_required(part: Part<'_>) -> bool {
    matches!(part, Part::Attribute(one) if one.is_required())
}

fn may_be_configured(part: Part<'_>, value: &Value) -> bool {
    let deprecation = match part {
        Part::Attribute(one) if one.is_required() => return true,
        Part::Attribute(one) if one.mode() == Mode::Computed => return false,
        Part::Attribute(one) => one.deprecation(),
        Part::Block(one) => one.deprecation(),
    };
    let says_nothing = part.default() == Some(value) || value.is_unknown();
    !part.is_write_only() && deprecation.is_none() && !says_nothing
}

fn is_refused(part: Part<'_>, path: &Path, value: &Value) -> bool {
    if value.is_null() || !value.is_wholly_known() {
        return false;
    }
    let mut problems = Diagnostics::new();
    for validator in part.validators() {
        validator.validate(path, value, &mut problems);
    }
    problems.has_error()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, Nested, validator};
    use crate::value::Type;

    #[track_caller]
    fn check(attribute: Attribute, before: Value, after: Value) {
        let schema = Schema::new("A thing.").attribute("it", attribute);
        let state = Value::object([("it", before)]);
        assert_eq!(by_schema(&schema, state), Value::object([("it", after)]));
    }

    #[test]
    fn only_values_that_are_valid_and_not_default_are_generated() {
        let text = || Value::from("a");
        let optional = || Attribute::optional(Type::String, "A text.");
        let both = || Attribute::optional_computed(Type::String, "A text.");
        check(optional(), text(), text());
        check(optional(), Value::Null, Value::Null);
        check(both(), text(), text());
        let computed = Attribute::computed(Type::String, "A text.");
        check(computed, text(), Value::Null);
        check(optional().write_only(), text(), Value::Null);
        check(optional().deprecated("Use another."), text(), Value::Null);
        check(both().default_value(text()), text(), Value::Null);
        check(both().default_value(text()), "b".into(), "b".into());
        let validated = || optional().validate(validator::not_empty());
        check(validated(), text(), text());
        check(validated(), "".into(), Value::Null);
        let required = || Attribute::required(Type::String, "A text.");
        check(
            required().validate(validator::not_empty()),
            "".into(),
            "".into(),
        );
        check(required().deprecated("Use another."), text(), text());
    }

    #[test]
    fn computed_attributes_are_left_out_at_every_depth_and_blocks_are_kept() {
        let result = || Attribute::computed(Type::String, "An id.");
        let name = || Attribute::optional(Type::String, "A name.");
        let one = |id: Value| Value::object([("id", id), ("name", "n".into())]);
        let nested = |nested: Nested| {
            let nested = nested.attribute("id", result()).attribute("name", name());
            Attribute::optional(nested, "It.")
        };
        let before = || one("1".into());
        let after = || one(Value::Null);
        check(nested(Nested::single()), before(), after());
        check(
            nested(Nested::list()),
            Value::List(vec![before(), before()]),
            Value::List(vec![after(), after()]),
        );
        check(
            nested(Nested::set()),
            Value::set_of([one("1".into()), one("2".into())]),
            Value::set_of([after()]),
        );
        check(
            nested(Nested::map()),
            Value::object([("a", before())]),
            Value::object([("a", after())]),
        );
        let schema = Schema::new("A thing.")
            .block("old", Block::list("Old.").deprecated("Use new."))
            .block("new", Block::list("New.").attribute("id", result()));
        let block = || Value::List(vec![Value::object([("id", "1".into())])]);
        let state = Value::object([("old", block()), ("new", block())]);
        let id = Value::object([("id", Value::Null)]);
        let expected = Value::object([
            ("old", Value::List(Vec::new())),
            ("new", Value::List(vec![id])),
        ]);
        assert_eq!(by_schema(&schema, state), expected);
    }
}
