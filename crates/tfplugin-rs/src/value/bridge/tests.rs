//! Tests models as an author writes them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{encode_model, from_value, to_value};
use crate::value::strategies::{Unknowns, any_typed};
use crate::value::{
    Leniency, MAX_DEPTH, Number, Type, Unknown, Value, decode_json, decode_msgpack, encode_json,
    encode_msgpack,
};
use crate::{Attr, Diagnostics, Path, Sensitive};

/// A model with one attribute, `it`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct One<T> {
    it: T,
}

fn object(it: Value) -> Value {
    Value::object([("it", it)])
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

/// Writes the model as a value, and checks that its msgpack is as long as that of the value.
#[track_caller]
fn written<M: Serialize>(model: &M, ty: &Type) -> Result<Value, Diagnostics> {
    let value = to_value(model, ty)?;
    let encoded = encode_model(model, ty)?;
    let expected = encode_msgpack(&value, ty)?;
    assert_eq!(encoded.msgpack.len(), expected.len());
    assert_eq!(encoded.is_wholly_known, value.is_wholly_known());
    Ok(value)
}

/// Checks that the field and the value convert into each other.
#[track_caller]
fn check<T: Debug + PartialEq + Serialize + DeserializeOwned>(field: T, ty: Type, value: Value) {
    let ty = Type::object([("it", ty)]);
    let model: One<T> = from_value(&object(value.clone())).unwrap();
    assert_eq!(model.it, field);
    assert_eq!(written(&model, &ty).unwrap(), object(value));
}

#[track_caller]
fn check_unreadable<T: Debug + DeserializeOwned>(value: Value, path: Path, reason: &str) {
    let diagnostics = from_value::<One<T>>(&object(value)).unwrap_err();
    check_diagnostics(&diagnostics, path, reason);
}

#[track_caller]
fn check_unwritable<T: Serialize>(field: T, ty: Type, path: Path, reason: &str) {
    let ty = Type::object([("it", ty)]);
    check_diagnostics(&written(&One { it: field }, &ty).unwrap_err(), path, reason);
}

#[track_caller]
fn check_diagnostics(diagnostics: &Diagnostics, path: Path, reason: &str) {
    let diagnostic = diagnostics.iter().next().unwrap();
    assert_eq!(diagnostic.summary(), "Value Conversion Error");
    assert_eq!(diagnostic.path().cloned().unwrap_or_default(), path);
    assert!(diagnostic.detail().contains(reason), "{diagnostic}");
    assert!(
        diagnostic.detail().contains("bug in the provider"),
        "{diagnostic}"
    );
    assert!(!diagnostic.detail().contains("hunter2"), "{diagnostic}");
}

fn it() -> Path {
    Path::of("it")
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Nested {
    name: Attr<String>,
    size: Option<i64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    ReadOnly,
    ReadWrite,
}

fn nested_type() -> Type {
    Type::object([("name", Type::String), ("size", Type::Number)])
}

#[test]
fn plain_fields_hold_known_values() {
    check("x".to_owned(), Type::String, "x".into());
    check(true, Type::Bool, Value::Bool(true));
    check(i64::MIN, Type::Number, number("-9223372036854775808"));
    check(u64::MAX, Type::Number, number("18446744073709551615"));
    check(255_u8, Type::Number, number("255"));
    check(0.1_f64, Type::Number, number("0.1"));
    check(0.1_f32, Type::Number, number("0.1"));
    check(3.0_f64, Type::Number, number("3"));
    check(
        Number::parse("1e400").unwrap(),
        Type::Number,
        number("1e400"),
    );
    check(Number::parse("7").unwrap(), Type::Number, number("7"));
    check(
        Number::try_from(f64::INFINITY).unwrap(),
        Type::Number,
        Value::Number(Number::try_from(f64::INFINITY).unwrap()),
    );
    check('x', Type::String, "x".into());
    check(Mode::ReadOnly, Type::String, "read_only".into());
}

#[test]
fn an_attr_holds_null_unknown_and_known() {
    check(Attr::<String>::Null, Type::String, Value::Null);
    check(Attr::<String>::Unknown, Type::String, Value::unknown());
    check(Attr::Known("x".to_owned()), Type::String, "x".into());
    check(
        Attr::Known(Sensitive::from("x".to_owned())),
        Type::String,
        "x".into(),
    );
    check(
        Attr::<Sensitive<String>>::Unknown,
        Type::String,
        Value::unknown(),
    );
    check(
        Attr::Known(Mode::ReadWrite),
        Type::String,
        "read_write".into(),
    );
    check(Attr::Known(Number::from(1_i64)), Type::Number, number("1"));
    check(Attr::<Nested>::Unknown, nested_type(), Value::unknown());
}

#[test]
fn an_option_holds_null_and_known() {
    check(None::<String>, Type::String, Value::Null);
    check(Some("x".to_owned()), Type::String, "x".into());
    check(
        Some(Attr::<String>::Unknown),
        Type::String,
        Value::unknown(),
    );
}

#[test]
fn collections_hold_every_kind_of_element() {
    check(
        vec![Attr::Known(1), Attr::Unknown, Attr::Null],
        Type::list(Type::Number),
        Value::List(vec![number("1"), Value::unknown(), Value::Null]),
    );
    check(
        Attr::Known(BTreeMap::from([("k".to_owned(), Attr::<String>::Unknown)])),
        Type::map(Type::String),
        Value::object([("k", Value::unknown())]),
    );
    check(
        HashMap::from([("k".to_owned(), true)]),
        Type::map(Type::Bool),
        Value::object([("k", Value::Bool(true))]),
    );
    check(
        BTreeSet::from(["b".to_owned(), "a".to_owned()]),
        Type::set(Type::String),
        Value::set_of(["a".into(), "b".into()]),
    );
    check(
        ("x".to_owned(), Some(true)),
        Type::tuple([Type::String, Type::Bool]),
        Value::List(vec!["x".into(), Value::Bool(true)]),
    );
    check(
        Attr::Known(vec![
            Attr::Known(Nested {
                name: Attr::Unknown,
                size: Some(1),
            }),
            Attr::Unknown,
        ]),
        Type::list(nested_type()),
        Value::List(vec![
            Value::object([("name", Value::unknown()), ("size", number("1"))]),
            Value::unknown(),
        ]),
    );
}

#[test]
fn a_set_is_written_sorted_and_without_duplicates() {
    let ty = Type::set(Type::String);
    assert_eq!(
        written(&["b", "a", "b"], &ty).unwrap(),
        Value::List(vec!["a".into(), "b".into()])
    );
}

#[test]
fn c45_a_value_field_holds_anything_without_loss() {
    for value in [
        Value::Null,
        Value::unknown(),
        Value::Unknown(Unknown::refined(&[0x81, 1, 0xc2])),
        Value::dynamic(Type::String, "x".into()),
        Value::dynamic(Type::String, Value::Null),
        Value::dynamic(
            Type::list(Type::Dynamic),
            Value::List(vec![Value::dynamic(Type::Bool, Value::Bool(true))]),
        ),
    ] {
        check(value.clone(), Type::Dynamic, value);
    }
    check(number("1e400"), Type::Number, number("1e400"));
    check(
        Attr::Known(Value::dynamic(Type::String, "x".into())),
        Type::Dynamic,
        Value::dynamic(Type::String, "x".into()),
    );
    check(Attr::<Value>::Unknown, Type::Dynamic, Value::unknown());
}

#[test]
fn c45_the_type_of_a_field_is_inferred_where_the_schema_is_dynamic() {
    let ty = Type::object([("it", Type::Dynamic)]);
    let value = written(&One { it: vec![1] }, &ty).unwrap();
    let typed = Value::dynamic(Type::tuple([Type::Number]), Value::List(vec![number("1")]));
    assert_eq!(value, object(typed.clone()));
    assert_eq!(from_value::<One<Vec<i64>>>(&object(typed)).unwrap().it, [1]);
}

#[test]
fn c43_an_attribute_without_a_field_is_null_and_a_field_without_an_attribute_is_a_bug() {
    let ty = Type::object([("it", Type::Bool), ("other", Type::String)]);
    let value = written(&One { it: true }, &ty).unwrap();
    assert_eq!(
        value,
        Value::object([("it", Value::Bool(true)), ("other", Value::Null)])
    );
    assert!(from_value::<One<bool>>(&value).unwrap().it);

    let other = Type::object([("other", Type::String)]);
    check_diagnostics(
        &written(&One { it: true }, &other).unwrap_err(),
        it(),
        "no such attribute",
    );
    // Even if null would do.
    let diagnostics = from_value::<One<Option<bool>>>(&Value::null_object(&other)).unwrap_err();
    check_diagnostics(&diagnostics, it(), "there is no attribute");
}

#[test]
fn a_field_that_cannot_hold_the_value_is_a_bug_that_names_the_attribute() {
    check_unreadable::<String>(Value::unknown(), it(), "found an unknown value");
    check_unreadable::<Option<String>>(Value::unknown(), it(), "found an unknown value");
    check_unreadable::<Sensitive<String>>(Value::unknown(), it(), "found an unknown value");
    check_unreadable::<String>(Value::Null, it(), "expected a string, found null");
    check_unreadable::<String>(Value::Bool(true), it(), "expected a string, found a bool");
    check_unreadable::<i64>("hunter2".into(), it(), "expected i64, found a string");
    check_unreadable::<Attr<Sensitive<i64>>>(
        "hunter2".into(),
        it(),
        "expected i64, found a string",
    );
    check_unreadable::<Number>("hunter2".into(), it(), "expected a number, found a string");
    check_unreadable::<Number>(
        Value::unknown(),
        it(),
        "expected a number, found an unknown value",
    );
    check_unreadable::<u8>(number("256"), it(), "expected u8, found a whole number");
    check_unreadable::<i64>(
        number("1.5"),
        it(),
        "a number with a fraction or out of range",
    );
    check_unreadable::<i64>(
        number("1e400"),
        it(),
        "a number with a fraction or out of range",
    );
    check_unreadable::<Mode>(
        "hunter2".into(),
        it(),
        r#"expected one of "read_only", "read_write""#,
    );
    check_unreadable::<Mode>(Value::unknown(), it(), "found an unknown value");
    check_unreadable::<(String,)>(
        Value::List(vec!["a".into(), "b".into()]),
        it(),
        "expected a tuple of 1, found 2 elements",
    );
    check_unreadable::<std::net::IpAddr>("hunter2".into(), it(), "IP address");
    check_unreadable::<Vec<Nested>>(
        Value::List(vec![Value::object([
            ("name", Value::Null),
            ("size", Value::unknown()),
        ])]),
        it().index(0).attribute("size"),
        "found an unknown value",
    );
    check_unreadable::<BTreeMap<String, bool>>(
        Value::object([("k", Value::Null)]),
        it().key("k"),
        "found null",
    );
}

#[test]
fn a_model_that_does_not_fit_the_schema_is_a_bug_that_names_the_attribute() {
    check_unwritable(
        "hunter2",
        Type::Bool,
        it(),
        "expected a bool, found a string",
    );
    check_unwritable(1, Type::String, it(), "expected a string, found a number");
    check_unwritable(f64::NAN, Type::Number, it(), "NaN");
    check_unwritable(
        vec![true],
        Type::list(Type::String),
        it().index(0),
        "found a bool",
    );
    check_unwritable(vec![true], Type::set(Type::String), it(), "found a bool");
    check_unwritable(
        (true,),
        Type::tuple([]),
        it(),
        "expected a tuple of 0, found 1 elements",
    );
    check_unwritable(
        BTreeMap::from([("k", 1)]),
        Type::map(Type::Bool),
        it().key("k"),
        "expected a bool",
    );
    check_unwritable(
        BTreeMap::from([(1, 1)]),
        Type::map(Type::Bool),
        it(),
        "a string as key",
    );
    check_unwritable(
        Ok::<i64, i64>(1),
        Type::Number,
        it(),
        "an enum variant that holds data",
    );
    check_unwritable(
        vec![BTreeMap::from([("extra", 1)])],
        Type::list(nested_type()),
        it().index(0).attribute("extra"),
        "no such attribute",
    );
}

/// A type whose error quotes the value.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Picky;

impl TryFrom<String> for Picky {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Err(format!("{text} is not to my taste"))
    }
}

#[test]
fn the_error_of_a_type_about_a_sensitive_value_is_withheld() {
    check_unreadable::<Sensitive<Picky>>("hunter2".into(), it(), "sensitive value is not valid");
    check_unreadable::<Attr<Sensitive<Vec<Picky>>>>(
        Value::List(vec!["hunter2".into()]),
        it().index(0),
        "sensitive value is not valid",
    );
    check_unreadable::<Picky>("brown".into(), it(), "brown is not to my taste");
}

#[test]
fn c46_the_deepest_value_passes_everywhere_on_a_small_stack() {
    let nested =
        |depth| (0..depth).fold(Value::Null, |value, _| Value::dynamic(Type::Dynamic, value));
    let deepest = nested(MAX_DEPTH);
    let bytes = encode_msgpack(&deepest, &Type::Dynamic).unwrap();
    let value = decode_msgpack(&bytes, &Type::Dynamic).unwrap();
    let text = encode_json(&value, &Type::Dynamic).unwrap();
    let value = decode_json(&text, &Type::Dynamic, Leniency::State).unwrap();
    let model: Value = from_value(&value).unwrap();
    assert_eq!(written(&model, &Type::Dynamic).unwrap(), deepest);

    let deeper = nested(MAX_DEPTH + 1);
    assert!(encode_msgpack(&deeper, &Type::Dynamic).is_err());
    assert!(encode_json(&deeper, &Type::Dynamic).is_err());
    assert!(written(&deeper, &Type::Dynamic).is_err());
}

proptest! {
    #[test]
    fn every_value_passes_through_a_model_without_loss((ty, value) in any_typed(Unknowns::Allowed)) {
        let model: Value = from_value(&value).unwrap();
        prop_assert_eq!(&model, &value);
        prop_assert_eq!(written(&model, &ty).unwrap(), value);
    }
}
