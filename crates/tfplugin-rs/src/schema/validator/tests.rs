use super::*;

fn list<T: Into<Value>>(elements: impl IntoIterator<Item = T>) -> Value {
    Value::List(elements.into_iter().map(Into::into).collect())
}

/// Checks the diagnostics of a validator, each with its path.
#[track_caller]
fn check(validator: impl Validator, value: impl Into<Value>, expected: &[&str]) {
    let mut diagnostics = Diagnostics::new();
    validator.validate(&Path::of("it"), &value.into(), &mut diagnostics);
    let found: Vec<String> = diagnostics
        .iter()
        .map(|one| format!("{}: {}", one.path().unwrap(), one.detail()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn strings_are_checked_by_length_list_or_function() {
    check(length(1..=2), "ab", &[]);
    check(length(1..=2), "äö", &[]);
    check(
        length(1..=2),
        "abc",
        &["it: The length in characters must be from 1 to 2, but it is 3."],
    );
    check(one_of(["a", "b"]), "b", &[]);
    check(
        one_of(["a", "b"]),
        "c",
        &["it: The value must be one of: \"a\", \"b\"."],
    );
    let address = || matches("an address with a scheme", |text| text.contains("://"));
    check(address(), "https://example.com", &[]);
    check(
        address(),
        "example.com",
        &["it: The value must be an address with a scheme, which it is not."],
    );
}

#[test]
fn numbers_are_checked_by_their_bounds() {
    check(range(1..=3), 3, &[]);
    check(
        range(1..3),
        3,
        &["it: The value must be at least 1 and less than 3."],
    );
    check(range(..=3), 4, &["it: The value must be at most 3."]);
    let between = crate::value::Number::parse("2.5").unwrap();
    check(
        range(1..=2),
        between,
        &["it: The value must be from 1 to 2."],
    );
}

#[test]
fn collections_are_checked_by_size_and_by_each_element() {
    check(size(1..), list(["a"]), &[]);
    check(
        size(2..=2),
        list(["a"]),
        &["it: The number of elements must be exactly 2, but it is 1."],
    );
    check(each(one_of(["a"])), list(["a"]), &[]);
    check(
        each(one_of(["a"])),
        list(["a", "b"]),
        &["it[1]: The value must be one of: \"a\"."],
    );
    check(
        each(each(not_empty())),
        Value::object([("k", list(["", "x"]))]),
        &[
            "it[\"k\"][0]: The value is an empty string. Set at least one character, or leave the \
           attribute out.",
        ],
    );
    check(
        keys(length(..=1)),
        Value::object([("k", Value::Null), ("key", Value::Null)]),
        &["it[\"key\"]: The length in characters must be at most 1, but it is 3."],
    );
}

#[test]
fn an_unknown_value_breaks_no_rule() {
    check(
        each(not_empty()),
        list([Value::unknown(), Value::Null]),
        &[],
    );
    check(size(..=1), list([Value::unknown(), "a".into()]), &[]);
    let object = |a: Value, b: Value| Value::object([("a", a), ("b", b)]);
    check(
        exactly_one_of(["a", "b"]),
        object(Value::unknown(), Value::Null),
        &[],
    );
    check(
        exactly_one_of(["a", "b"]),
        object(Value::unknown(), "x".into()),
        &[],
    );
    check(
        all_or_none_of(["a", "b"]),
        object(Value::unknown(), "x".into()),
        &[],
    );
}

#[test]
fn attributes_of_an_object_exclude_or_require_each_other() {
    let none = || Value::Null;
    let some = || Value::from("x");
    let object = |a: Value, b: Value| Value::object([("a", a), ("b", b)]);
    let excluded = ["it: The arguments \"a\", \"b\" exclude each other."];
    check(exactly_one_of(["a", "b"]), object(some(), none()), &[]);
    check(
        exactly_one_of(["a", "b"]),
        object(some(), some()),
        &excluded,
    );
    check(
        exactly_one_of(["a", "b"]),
        object(none(), list::<Value>([])),
        &["it: The arguments \"a\", \"b\" are left out; set one of them."],
    );
    check(at_most_one_of(["a", "b"]), object(none(), none()), &[]);
    check(
        at_most_one_of(["a", "b"]),
        object(some(), some()),
        &excluded,
    );
    check(all_or_none_of(["a", "b"]), object(none(), none()), &[]);
    check(
        all_or_none_of(["a", "b"]),
        object(some(), none()),
        &["it: The arguments \"a\", \"b\" go together: set all, or none."],
    );
}

#[test]
fn a_validator_applies_to_certain_types() {
    let object = Type::object([("a", Type::String)]);
    assert!(length(1..).applies_to(&Type::String));
    assert!(!length(1..).applies_to(&Type::Number));
    assert!(each(range(1..)).applies_to(&Type::set(Type::Number)));
    assert!(!each(range(1..)).applies_to(&Type::set(Type::String)));
    assert!(!keys(length(1..)).applies_to(&Type::list(Type::String)));
    assert!(exactly_one_of(["a"]).applies_to(&object));
    assert!(!exactly_one_of(["b"]).applies_to(&object));
}
