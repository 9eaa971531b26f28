//! JSON as it stands in state files, written by hand, and against itself with random values.

use proptest::prelude::*;

use super::{Leniency, decode_json, encode_json};
use crate::Path;
use crate::value::strategies::{Unknowns, any_type, any_typed};
use crate::value::{Number, Type, Value};

use Leniency::{State, Strict};

#[track_caller]
fn check(text: &str, ty: &Type, leniency: Leniency, expected: &Value) {
    let value = decode_json(text.as_bytes(), ty, leniency).unwrap();
    assert!(value == *expected, "{text}: {value:?}");
}

#[track_caller]
fn check_refused(text: &str, ty: &Type, leniency: Leniency, path: Path, reason: &str) {
    let diagnostics = decode_json(text.as_bytes(), ty, leniency).unwrap_err();
    let diagnostic = diagnostics.iter().next().unwrap();
    assert_eq!(
        diagnostic.path().cloned().unwrap_or_default(),
        path,
        "{text}"
    );
    assert!(diagnostic.detail().contains(reason), "{diagnostic}");
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

fn two_attributes() -> Type {
    Type::object([("a", Type::String), ("b", Type::Bool)])
}

#[test]
fn c44_a_strict_value_has_every_attribute_and_nothing_else() {
    let ty = two_attributes();
    let expected = Value::object([("a", Value::from("x")), ("b", Value::Bool(true))]);
    check(r#" {"b": true, "a": "x"} "#, &ty, Strict, &expected);
    check("null", &ty, Strict, &Value::Null);
    check_refused(r#"{"a":"x"}"#, &ty, Strict, Path::of("b"), "is missing");
    check_refused(
        r#"{"a":"x","b":true,"c":1}"#,
        &ty,
        Strict,
        Path::of("c"),
        "no such attribute",
    );
    check_refused(
        r#"{"a":"x","a":"x"}"#,
        &ty,
        Strict,
        Path::of("a"),
        "there twice",
    );
    check_refused(
        r#"{"a":1,"b":true}"#,
        &ty,
        Strict,
        Path::of("a"),
        "found a number",
    );
    check_refused(
        r#""1""#,
        &Type::Number,
        Strict,
        Path::root(),
        "found a string",
    );
    check_refused(
        r#""true""#,
        &Type::Bool,
        Strict,
        Path::root(),
        "found a string",
    );
}

#[test]
fn a_state_of_another_version_may_lack_attributes_or_have_more() {
    let ty = two_attributes();
    let only_a = Value::object([("a", Value::from("x")), ("b", Value::Null)]);
    check(r#"{"a":"x"}"#, &ty, State, &only_a);
    check(r#"{"a":"x","gone":{"deep":[1]}}"#, &ty, State, &only_a);
    check("{}", &ty, State, &Value::null_object(&ty));
    check(
        r#"[{"a":"x"}]"#,
        &Type::list(ty.clone()),
        State,
        &Value::List(vec![only_a.clone()]),
    );
    check_refused(
        r#"{"a":[]}"#,
        &ty,
        State,
        Path::of("a"),
        "expected a string, found an array",
    );
}

#[test]
fn a_state_converts_between_strings_numbers_and_bools() {
    check("1.50", &Type::String, State, &"1.50".into());
    check("true", &Type::String, State, &"true".into());
    check(r#""1e3""#, &Type::Number, State, &number("1000"));
    for (text, truth) in [
        (r#""true""#, true),
        (r#""1""#, true),
        ("1", true),
        (r#""false""#, false),
        (r#""0""#, false),
        ("0", false),
    ] {
        check(text, &Type::Bool, State, &Value::Bool(truth));
    }
    check_refused(
        r#""hunter2""#,
        &Type::Bool,
        State,
        Path::root(),
        "a string that is no bool",
    );
    check_refused("2", &Type::Bool, State, Path::root(), "other than 0 and 1");
    check_refused(
        r#""hunter2""#,
        &Type::Number,
        State,
        Path::root(),
        "a string that is no number",
    );
    check_refused("true", &Type::Number, State, Path::root(), "found a bool");
}

#[test]
fn no_number_loses_a_digit() {
    for text in [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "0.1",
        "123456789012345678901234567890.12345678901234567890123456789",
    ] {
        check(text, &Type::Number, Strict, &number(text));
        let written = encode_json(&number(text), &Type::Number).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), text);
    }
    check("1e400", &Type::Number, State, &number("1e400"));
    check("-0", &Type::Number, State, &number("0"));
}

#[test]
fn c45_a_dynamic_value_carries_its_type() {
    let typed = Value::dynamic(Type::list(Type::Bool), Value::List(vec![Value::Bool(true)]));
    check(
        r#"{"type":["list","bool"],"value":[true]}"#,
        &Type::Dynamic,
        Strict,
        &typed,
    );
    check(
        r#"{"value":[true],"type":["list","bool"]}"#,
        &Type::Dynamic,
        State,
        &typed,
    );
    check("null", &Type::Dynamic, State, &Value::Null);
    assert_eq!(
        encode_json(&typed, &Type::Dynamic).unwrap(),
        br#"{"type":["list","bool"],"value":[true]}"#
    );
    for text in [
        r#"{"type":"bool"}"#,
        r#"{"type":"bool","value":true,"more":1}"#,
        "true",
    ] {
        check_refused(
            text,
            &Type::Dynamic,
            State,
            Path::root(),
            "expected a value with its type",
        );
    }
    check_refused(
        r#"{"type":1,"value":1}"#,
        &Type::Dynamic,
        State,
        Path::root(),
        "unknown shape",
    );
}

#[test]
fn invalid_json_is_refused_without_quoting_it() {
    for text in [
        "",
        "hunter2",
        r#"{"a":hunter2}"#,
        r#"{"a":"x"} hunter2"#,
        r#"{"a":"\ud800"}"#,
    ] {
        let diagnostics = decode_json(text.as_bytes(), &two_attributes(), State).unwrap_err();
        let shown = diagnostics.to_string();
        assert!(
            shown.contains("not valid JSON") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
    assert!(decode_json(b"\"\xff\"", &Type::String, State).is_err());
}

#[test]
fn c46_nesting_without_limit_is_refused() {
    let text = r#"{"type":"dynamic","value":"#.repeat(300) + "null" + &"}".repeat(300);
    check_refused(
        &text,
        &Type::Dynamic,
        State,
        Path::root(),
        "nested too deep",
    );
    // What the type lacks is skipped, however deep.
    let text = format!(
        r#"{{"gone":{}{}}}"#,
        "[".repeat(1_000_000),
        "]".repeat(1_000_000)
    );
    check(
        &text,
        &two_attributes(),
        State,
        &Value::null_object(&two_attributes()),
    );
}

#[test]
fn unknown_values_and_infinities_have_no_json() {
    let ty = two_attributes();
    let value = Value::object([("a", Value::unknown()), ("b", Value::Null)]);
    let diagnostics = encode_json(&value, &ty).unwrap_err();
    let diagnostic = diagnostics.iter().next().unwrap();
    assert_eq!(diagnostic.path(), Some(&Path::of("a")));
    assert!(diagnostic.detail().contains("found an unknown value"));

    let infinite = Value::Number(Number::try_from(f64::INFINITY).unwrap());
    assert!(encode_json(&infinite, &Type::Number).is_err());
}

proptest! {
    #[test]
    fn every_known_value_survives_json((ty, value) in any_typed(Unknowns::Absent)) {
        let text = encode_json(&value, &ty).unwrap();
        prop_assert_eq!(&decode_json(&text, &ty, Strict).unwrap(), &value);
        prop_assert_eq!(decode_json(&text, &ty, State).unwrap(), value);
    }

    #[test]
    fn c46_no_text_makes_it_panic(ty in any_type(), text in r#"[\[\]{}:,"a-z0-9.\\ -]{0,40}"#) {
        if let Ok(value) = decode_json(text.as_bytes(), &ty, State) {
            prop_assert!(encode_json(&value, &ty).is_ok());
        }
    }
}
