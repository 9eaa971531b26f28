use super::*;
use crate::schema::{Nested, validator};
use crate::value::Value;

#[track_caller]
fn check(schema: Schema, kind: ObjectKind, expected: &[&str]) {
    assert_eq!(schema.problems(kind), expected);
}

fn with(name: &'static str, attribute: Attribute) -> Schema {
    Schema::new("An object.").attribute(name, attribute)
}

#[test]
fn c36_a_broken_schema_is_reported_by_the_rule_it_breaks() {
    let plain = || Attribute::optional(Type::String, "A text.");
    check(with("name", plain()), ObjectKind::Resource, &[]);
    check(
        with("Name", plain()),
        ObjectKind::Resource,
        &["Name: a name consists of lowercase letters, digits and underscores"],
    );
    check(
        with("count", plain()),
        ObjectKind::Resource,
        &["count: Terraform reserves the name"],
    );
    check(with("alias", plain()), ObjectKind::Resource, &[]);
    check(
        with("alias", plain()),
        ObjectKind::Provider,
        &["alias: Terraform reserves the name"],
    );
    check(
        with("name", Attribute::optional(Type::String, " ")),
        ObjectKind::Resource,
        &["name: it has no description"],
    );
    check(
        with("name", plain().write_only()),
        ObjectKind::DataSource,
        &["name: only managed resources have write-only attributes"],
    );
    check(
        with(
            "name",
            Attribute::computed(Type::String, "A text.").write_only(),
        ),
        ObjectKind::Resource,
        &["name: a write-only attribute cannot be computed"],
    );
    check(
        with("name", plain().default_value(Value::Bool(true))),
        ObjectKind::Resource,
        &["name: only an optional and computed attribute has a default"],
    );
    check(
        with("name", Attribute::computed(Type::String, "A text.")),
        ObjectKind::Provider,
        &["name: a provider's configuration has no computed attributes"],
    );
    check(
        with("name", Attribute::computed(Type::String, "A text.")),
        ObjectKind::Action,
        &["name: the configuration of an action or a list has no computed attributes"],
    );
    check(
        Schema::new("").version(-1),
        ObjectKind::DataSource,
        &["the object has no description", "the version is negative"],
    );
}

#[test]
fn c36_nested_attributes_and_blocks_are_checked_by_what_contains_them() {
    let plain = || Attribute::optional(Type::String, "A text.");
    let any = || Attribute::optional(Type::Dynamic, "Anything.");
    let key = || plain().write_only();
    let attribute = |nested: Nested| {
        Schema::new("A thing.").attribute("it", Attribute::optional(nested, "It."))
    };
    let block = |block: Block| Schema::new("A thing.").block("it", block);
    let resource =
        |schema: Schema, expected: &[&str]| check(schema, ObjectKind::Resource, expected);

    resource(attribute(Nested::list().attribute("key", key())), &[]);
    resource(attribute(Nested::list().attribute("any", any())), &[]);
    resource(attribute(Nested::map().attribute("count", plain())), &[]);
    resource(
        attribute(Nested::single().attribute("No", plain())),
        &["it.No: a name consists of lowercase letters, digits and underscores"],
    );
    resource(
        attribute(
            Nested::set()
                .attribute("key", key())
                .attribute("any", any()),
        ),
        &[
            "it.any: a set cannot contain dynamic values",
            "it.key: a set cannot contain write-only attributes",
        ],
    );
    let deep = Nested::single().attribute("key", key());
    resource(
        block(Block::set("It.").attribute("deep", Attribute::optional(deep, "Deep."))),
        &["it.deep.key: a set cannot contain write-only attributes"],
    );
    resource(
        block(Block::list("It.").block("in", Block::single("In.").attribute("any", any()))),
        &[
            "it.in.any: a list or map of blocks cannot contain dynamic values: use a nested \
           attribute instead of the block",
        ],
    );
    resource(block(Block::single("It.").attribute("any", any())), &[]);
    resource(
        with(
            "it",
            Attribute::optional(Type::list(Type::set(Type::Dynamic)), "It."),
        ),
        &["it: a set cannot contain dynamic values"],
    );
    let open = Nested::single().attribute("note", plain());
    resource(
        with("it", Attribute::optional(open.clone(), "It.").write_only()),
        &["it.note: attributes nested in a write-only attribute must be write-only"],
    );
    resource(
        with("it", Attribute::computed(open, "It.")),
        &["it.note: attributes nested in a read-only attribute must be read-only: use `computed`"],
    );
}

#[test]
fn c36_only_lists_and_sets_of_blocks_have_limits() {
    let problems = |block: Block| {
        Schema::new("A thing.")
            .block("it", block)
            .problems(ObjectKind::DataSource)
    };
    let none: [&str; 0] = [];
    assert_eq!(problems(Block::list("It.").min_items(2)), none);
    assert_eq!(problems(Block::set("It.").min_items(2).max_items(2)), none);
    assert_eq!(problems(Block::single("It.").min_items(1)), none);
    assert_eq!(
        problems(Block::list("It.").min_items(2).max_items(1)),
        ["it: `min_items` exceeds `max_items`"]
    );
    assert_eq!(
        problems(Block::single("It.").min_items(2)),
        ["it: a single block cannot have `min_items` or `max_items` above 1"]
    );
    for block in [Block::map("It."), Block::group("It.")] {
        assert_eq!(
            problems(block.max_items(1)),
            ["it: a group or map of blocks cannot have `min_items` or `max_items`"]
        );
    }
    assert_eq!(
        problems(Block::map("").deprecated("")),
        [
            "it: it has no description",
            "it: a deprecation must say what to use instead"
        ]
    );
}

#[test]
fn c36_declarations_without_effect_are_reported() {
    let text = || Attribute::optional_computed(Type::String, "A text.");
    let wrong = text().default_value(Value::Bool(true));
    check(
        with("it", wrong),
        ObjectKind::Resource,
        &["it: the default is not a value of the type"],
    );
    check(
        with("it", text().default_value("a".into())),
        ObjectKind::DataSource,
        &["it: only managed resources are planned, so a default has no effect"],
    );
    check(
        with("it", text().requires_replace()),
        ObjectKind::DataSource,
        &["it: only managed resources are planned, so a plan modifier has no effect"],
    );
    check(
        with("it", text().validate(validator::size(1..))),
        ObjectKind::Resource,
        &["it: a validator is for values of another type and checks nothing"],
    );
    let each = validator::each(validator::length(1..));
    let texts = Attribute::optional(Type::map(Type::String), "Texts.");
    check(with("it", texts.validate(each)), ObjectKind::Resource, &[]);
}
