//! [`normalise`]: a state or plan as Terraform accepts it, where the author's model may differ.

use super::objects::change_objects;
use crate::adapter::Shape;
use crate::diag::Diagnostics;
use crate::schema::Nesting;
use crate::schema::Schema;
use crate::schema::body::{Body, Part};
use crate::value::{Value, decode_msgpack, encode_msgpack};

/// Makes write-only attributes null and null collections of blocks empty, at every depth. Write-only values exist
/// in the configuration only, and a list, set, map or group of blocks is never null (Terraform:
/// `internal/plans/objchange/plan_valid.go`).
pub(super) fn normalise(schema: &Schema, object: &mut Value) {
    normalise_object(schema.body(), object);
}

/// Normalises a value that is encoded already. A schema without blocks needs nothing: a data source has no
/// write-only attributes.
pub(super) fn normalise_encoded(shape: &Shape, msgpack: Vec<u8>) -> Result<Vec<u8>, Diagnostics> {
    if shape.schema.blocks().next().is_none() {
        return Ok(msgpack);
    }
    let mut value = decode_msgpack(&msgpack, &shape.ty)?;
    normalise(&shape.schema, &mut value);
    encode_msgpack(&value, &shape.ty)
}

fn normalise_object(body: &Body, object: &mut Value) {
    let Some(attributes) = object.as_map_mut() else {
        return;
    };
    for (name, part) in body.parts() {
        if let Some(value) = attributes.get_mut(name) {
            normalise_part(part, value);
        }
    }
}

fn normalise_part(part: Part<'_>, value: &mut Value) {
    if part.is_write_only() {
        *value = Value::Null;
        return;
    }
    let Some((nesting, body)) = part.objects() else {
        return;
    };
    if value.is_null() && matches!(part, Part::Block(_)) {
        *value = match nesting {
            Nesting::Single => return,
            Nesting::Group => Value::null_object(&body.ty()),
            Nesting::List | Nesting::Set => Value::List(Vec::new()),
            Nesting::Map => Value::Map(Default::default()),
        };
    }
    change_objects(nesting, value, |_, object| normalise_object(body, object));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, Nested};
    use crate::value::Type;

    fn key() -> Attribute {
        Attribute::optional(Type::String, "A key.").write_only()
    }

    fn note() -> Attribute {
        Attribute::optional(Type::String, "A note.")
    }

    #[track_caller]
    fn check(schema: Schema, name: &str, before: Value, after: Value) {
        let mut object = Value::object([(name, before)]);
        normalise(&schema, &mut object);
        assert_eq!(object, Value::object([(name, after)]));
    }

    fn keyed(key: &str) -> Value {
        let key = if key.is_empty() {
            Value::Null
        } else {
            key.into()
        };
        Value::object([("key", key), ("note", "n".into())])
    }

    #[test]
    fn write_only_values_are_cleared_at_every_depth() {
        let attribute = |nested: Nested| {
            let nested = nested.attribute("key", key()).attribute("note", note());
            Schema::new("A thing.").attribute("it", Attribute::optional(nested, "It."))
        };
        check(attribute(Nested::single()), "it", keyed("k"), keyed(""));
        check(
            attribute(Nested::list()),
            "it",
            Value::List(vec![keyed("k"), Value::Null, Value::unknown()]),
            Value::List(vec![keyed(""), Value::Null, Value::unknown()]),
        );
        check(
            attribute(Nested::map()),
            "it",
            Value::object([("a", keyed("k"))]),
            Value::object([("a", keyed(""))]),
        );
        let block = Block::list("It.")
            .attribute("key", key())
            .attribute("note", note());
        check(
            Schema::new("A thing.").block("it", Block::single("Outer.").block("in", block)),
            "it",
            Value::object([("in", Value::List(vec![keyed("k")]))]),
            Value::object([("in", Value::List(vec![keyed("")]))]),
        );
    }

    #[test]
    fn c43_blocks_are_empty_instead_of_null() {
        let block =
            |block: Block| Schema::new("A thing.").block("it", block.attribute("note", note()));
        let empty = || Value::List(Vec::new());
        check(block(Block::list("It.")), "it", Value::Null, empty());
        check(block(Block::set("It.")), "it", Value::Null, empty());
        check(
            block(Block::map("It.")),
            "it",
            Value::Null,
            Value::Map(Default::default()),
        );
        check(
            block(Block::group("It.").block("in", Block::list("In."))),
            "it",
            Value::Null,
            Value::object([("note", Value::Null), ("in", empty())]),
        );
        check(block(Block::single("It.")), "it", Value::Null, Value::Null);
        check(
            block(Block::list("It.")),
            "it",
            Value::unknown(),
            Value::unknown(),
        );
    }

    #[test]
    fn c43_blocks_of_an_encoded_value_are_empty_instead_of_null() {
        let block = Block::list("It.").attribute("note", note());
        let shape = Shape::of(Schema::new("A thing.").block("it", block));
        let with = |it: Value| encode_msgpack(&Value::object([("it", it)]), &shape.ty).unwrap();
        let normalised = normalise_encoded(&shape, with(Value::Null)).unwrap();
        assert_eq!(normalised, with(Value::List(Vec::new())));
    }
}
