//! Tests msgpack against bytes written by hand, and with random values.

use proptest::prelude::*;

use super::{decode_msgpack, encode_msgpack};
use crate::value::strategies::{Unknowns, any_type, any_typed};
use crate::value::{Number, Type, Value};
use crate::{Diagnostic, Path};

#[track_caller]
fn check(bytes: &[u8], ty: &Type, expected: &Value) {
    let value = decode_msgpack(bytes, ty).unwrap();
    assert!(value == *expected, "{bytes:02x?} as {ty}: {value:?}");
}

#[track_caller]
fn check_refused(bytes: &[u8], ty: &Type, path: Path, reason: &str) {
    check_diagnostic(
        decode_msgpack(bytes, ty)
            .unwrap_err()
            .iter()
            .next()
            .unwrap(),
        path,
        reason,
    );
}

#[track_caller]
fn check_unwritable(value: &Value, ty: &Type, path: Path, reason: &str) {
    check_diagnostic(
        encode_msgpack(value, ty)
            .unwrap_err()
            .iter()
            .next()
            .unwrap(),
        path,
        reason,
    );
}

#[track_caller]
fn check_diagnostic(diagnostic: &Diagnostic, path: Path, reason: &str) {
    assert_eq!(diagnostic.path().cloned().unwrap_or_default(), path);
    assert!(diagnostic.detail().contains(reason), "{diagnostic}");
}

fn number(text: &str) -> Value {
    Value::Number(Number::parse(text).unwrap())
}

/// A msgpack string of at most 31 bytes.
fn fixstr(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(text.len()).unwrap()];
    bytes.extend(text.as_bytes());
    bytes
}

fn two_attributes() -> Type {
    Type::object([("a", Type::String), ("b", Type::Bool)])
}

#[test]
fn c40_every_extension_of_at_most_one_byte_is_a_plain_unknown() {
    let types = [
        Type::String,
        Type::list(Type::Bool),
        two_attributes(),
        Type::Dynamic,
    ];
    for ty in types {
        check(&[0xd4, 0, 0], &ty, &Value::unknown()); // fixext 1
        check(&[0xd4, 12, 0], &ty, &Value::unknown());
        check(&[0xd4, 0x85, 7], &ty, &Value::unknown());
        check(&[0xc7, 0, 0], &ty, &Value::unknown()); // ext 8 without a body
        check(&[0xc7, 1, 0, 0], &ty, &Value::unknown());
        check(&[0xc8, 0, 1, 0, 0], &ty, &Value::unknown()); // ext 16
        check(&[0xc9, 0, 0, 0, 1, 0, 0], &ty, &Value::unknown()); // ext 32
    }
    assert_eq!(
        encode_msgpack(&Value::unknown(), &Type::String).unwrap(),
        [0xd4, 0, 0]
    );
}

#[test]
fn c40_refinements_of_an_unknown_survive_an_echo() {
    // Not null, and begins with "http".
    let bytes = b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4http";
    let value = decode_msgpack(bytes, &Type::String).unwrap();
    assert!(value.is_unknown());
    assert!(value != Value::unknown());
    assert_eq!(encode_msgpack(&value, &Type::String).unwrap(), bytes);
    assert!(!format!("{value:?}").contains("http"));
}

#[test]
fn c40_refinements_over_1024_bytes_and_other_extensions_are_refused() {
    let ext16 = |code: u8, length: u16| {
        let mut bytes = vec![0xc8];
        bytes.extend(length.to_be_bytes());
        bytes.push(code);
        bytes.extend(vec![0; length.into()]);
        bytes
    };
    assert!(
        decode_msgpack(&ext16(12, 1024), &Type::Bool)
            .unwrap()
            .is_unknown()
    );
    check_refused(
        &ext16(12, 1025),
        &Type::Bool,
        Path::root(),
        "too much about it",
    );
    check_refused(
        &ext16(0, 2),
        &Type::Bool,
        Path::root(),
        "extension of type 0",
    );
    check_refused(
        &[0xd5, 0xff, 0, 0],
        &Type::Bool,
        Path::root(),
        "extension of type -1",
    );
}

#[test]
fn c41_a_number_reads_equal_in_every_form() {
    let rows: [(&[u8], &str); 25] = [
        (&[0x01], "1"),
        (&[0xcc, 1], "1"),
        (&[0xcd, 0, 1], "1"),
        (&[0xce, 0, 0, 0, 1], "1"),
        (&[0xcf, 0, 0, 0, 0, 0, 0, 0, 1], "1"),
        (&[0xd0, 1], "1"),
        (&[0xd1, 0, 1], "1"),
        (&[0xd2, 0, 0, 0, 1], "1"),
        (&[0xd3, 0, 0, 0, 0, 0, 0, 0, 1], "1"),
        (&[0xca, 0x3f, 0x80, 0, 0], "1"),
        (&[0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], "1"),
        (b"\xa11", "1"),
        (b"\xa31.0", "1"),
        (b"\xa31e0", "1"),
        (&[0xff], "-1"),
        (&[0xe0], "-32"),
        (&[0xd0, 0x80], "-128"),
        (&[0xca, 0x3f, 0, 0, 0], "0.5"),
        (&[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0], "0.5"),
        (b"\xa30.5", "0.5"),
        (
            &[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            "18446744073709551615",
        ),
        (b"\xb418446744073709551615", "18446744073709551615"),
        (&[0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0], "0"), // -0.0
        (b"\xa51e400", "1e400"),
        // The float next to one tenth is not one tenth.
        (
            &[0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a],
            "0.1000000000000000055511151231257827021181583404541015625",
        ),
    ];
    for (bytes, text) in rows {
        check(bytes, &Type::Number, &number(text));
    }
}

#[test]
fn c41_a_number_is_written_as_terraform_writes_it() {
    let rows: [(&str, &[u8]); 9] = [
        ("1", &[0x01]),
        ("-33", &[0xd0, 0xdf]),
        (
            "9223372036854775807",
            &[0xcf, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ),
        ("-9223372036854775808", &[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ("9223372036854775808", &[0xcb, 0x43, 0xe0, 0, 0, 0, 0, 0, 0]), // exact as a float
        ("18446744073709551615", b"\xb418446744073709551615"),
        ("0.5", &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]),
        ("0.1", b"\xa30.1"),
        (
            "123456789012345678901234567890.5",
            b"\xd9\x20123456789012345678901234567890.5",
        ),
    ];
    for (text, bytes) in rows {
        assert_eq!(
            encode_msgpack(&number(text), &Type::Number).unwrap(),
            bytes,
            "{text}"
        );
    }
}

#[test]
fn c41_infinity_is_accepted_and_nan_is_refused() {
    let infinity = [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0];
    let value = decode_msgpack(&infinity, &Type::Number).unwrap();
    assert_eq!(value.as_number().unwrap().as_f64(), f64::INFINITY);
    assert_eq!(encode_msgpack(&value, &Type::Number).unwrap(), infinity);
    check_refused(
        &[0xca, 0x7f, 0xc0, 0, 0],
        &Type::Number,
        Path::root(),
        "NaN",
    );
    check_refused(
        b"\xa3abc",
        &Type::Number,
        Path::root(),
        "a string that is no number",
    );
}

#[test]
fn c42_attributes_may_come_in_any_order() {
    let expected = Value::object([("a", Value::from("x")), ("b", Value::Bool(true))]);
    let ty = two_attributes();
    check(b"\x82\xa1a\xa1x\xa1b\xc3", &ty, &expected);
    check(b"\x82\xa1b\xc3\xa1a\xa1x", &ty, &expected);
    check(
        b"\xde\x00\x02\xa1b\xc3\xd9\x01a\xda\x00\x01x",
        &ty,
        &expected,
    );
    check(
        b"\xdf\x00\x00\x00\x02\xa1b\xc3\xa1a\xdb\x00\x00\x00\x01x",
        &ty,
        &expected,
    );
}

#[test]
fn c42_missing_extra_and_repeated_attributes_are_refused_by_name() {
    let ty = two_attributes();
    check_refused(b"\x81\xa1a\xa1x", &ty, Path::of("b"), "is missing");
    check_refused(
        b"\x83\xa1a\xa1x\xa1b\xc3\xa1c\xc3",
        &ty,
        Path::of("c"),
        "no such attribute",
    );
    check_refused(
        b"\x82\xa1a\xa1x\xa1a\xc3",
        &ty,
        Path::of("a"),
        "found a bool",
    );
    check_refused(
        b"\x82\xa1a\xa1x\xa1a\xa1x",
        &ty,
        Path::of("a"),
        "there twice",
    );
    check_refused(
        b"\x82\xa1k\xc3\xa1k\xc3",
        &Type::map(Type::Bool),
        Path::root().key("k"),
        "twice",
    );
    check_refused(
        b"\x81\x01\xa1x",
        &ty,
        Path::root(),
        "a string as key, found a number",
    );
}

#[test]
fn c43_only_a_value_with_every_attribute_is_written() {
    let ty = Type::object([("items", Type::list(two_attributes()))]);
    let with = |item: Value| Value::object([("items", Value::List(vec![item]))]);
    let place = Path::of("items").index(0);

    let complete = with(Value::object([("a", Value::Null), ("b", Value::Null)]));
    assert_eq!(
        encode_msgpack(&complete, &ty).unwrap(),
        b"\x81\xa5items\x91\x82\xa1a\xc0\xa1b\xc0"
    );
    check_unwritable(
        &with(Value::object([("a", Value::Null)])),
        &ty,
        place.attribute("b"),
        "is missing",
    );
    check_unwritable(
        &with(Value::object([
            ("a", Value::Null),
            ("b", Value::Null),
            ("c", Value::Null),
        ])),
        &ty,
        place.attribute("c"),
        "no such attribute",
    );
    check_unwritable(
        &with(Value::object([
            ("a", Value::from("x")),
            ("b", Value::from("hunter2")),
        ])),
        &ty,
        place.attribute("b"),
        "expected a bool, found a string",
    );
}

#[test]
fn c45_a_dynamic_attribute_is_null_typed_or_unknown() {
    let ty = Type::object([("any", Type::Dynamic)]);
    let with = |value: Value| Value::object([("any", value)]);
    let after_name = |rest: &[u8]| [b"\x81\xa3any".as_slice(), rest].concat();
    let rows: [(&[u8], Value); 5] = [
        (b"\xc0", Value::Null),
        (b"\xd4\x00\x00", Value::unknown()),
        (
            b"\x92\xc4\x08\"string\"\xa1x",
            Value::dynamic(Type::String, Value::from("x")),
        ),
        (
            b"\x92\xc4\x08\"string\"\xc0",
            Value::dynamic(Type::String, Value::Null),
        ),
        (
            b"\x92\xc4\x08\"string\"\xd4\x00\x00",
            Value::dynamic(Type::String, Value::unknown()),
        ),
    ];
    for (bytes, value) in rows {
        check(&after_name(bytes), &ty, &with(value.clone()));
        assert_eq!(
            encode_msgpack(&with(value), &ty).unwrap(),
            after_name(bytes)
        );
    }
    // The type may also come as a string.
    check(
        &after_name(b"\x92\xa6\"bool\"\xc3"),
        &ty,
        &with(Value::dynamic(Type::Bool, Value::Bool(true))),
    );
    let place = || Path::of("any");
    check_refused(
        &after_name(b"\x92\xc4\x01x\xc0"),
        &ty,
        place(),
        "type is not valid JSON",
    );
    check_refused(
        &after_name(b"\x92\x01\xc0"),
        &ty,
        place(),
        "expected the type of a value",
    );
    check_refused(&after_name(b"\x91\xc0"), &ty, place(), "found an array");
    check_refused(&after_name(b"\xa1x"), &ty, place(), "found a string");
    check_unwritable(
        &with(Value::from("x")),
        &ty,
        place(),
        "expected a value with its type",
    );
}

#[test]
fn c46_lengths_beyond_the_data_are_refused() {
    let list = Type::list(Type::Bool);
    let map = Type::map(Type::Bool);
    for (bytes, ty) in [
        (b"".as_slice(), &Type::Bool),
        (b"\xdd\xff\xff\xff\xff\xc3", &list),
        (b"\xdc\xff\xff\xc3", &list),
        (b"\xdf\xff\xff\xff\xff\xa1k\xc3", &map),
        // The claim is refused before the elements, which are of the wrong kind.
        (b"\xdd\x00\x00\x00\x03\xa1x", &list),
        (b"\xdf\x00\x00\x00\x03\xa1k\xa1x", &map),
        (b"\x81\xa1", &map),
        (b"\xdb\xff\xff\xff\xffx", &Type::String),
        (b"\xa2x", &Type::String),
        (b"\xcb\x00", &Type::Number),
        (b"\xc9\xff\xff\xff\xff\x0c", &Type::Bool),
        (b"\xd8\x0c", &Type::Bool),
    ] {
        check_refused(bytes, ty, Path::root(), "ends too early");
    }
    check_refused(
        b"\xc3\xc3",
        &Type::Bool,
        Path::root(),
        "goes on after the value",
    );
    check_refused(b"\xc1", &Type::Bool, Path::root(), "never uses");
}

#[test]
fn c46_nesting_without_limit_is_refused() {
    // Dynamic in dynamic in dynamic: the only nesting that the data decides.
    let bytes = b"\x92\xa9\"dynamic\"".repeat(500_000);
    check_refused(&bytes, &Type::Dynamic, Path::root(), "nested too deep");
    let lists = br#"["list","#.repeat(1_000_000);
    let mut bytes = vec![0x92, 0xc6];
    bytes.extend(u32::try_from(lists.len()).unwrap().to_be_bytes());
    bytes.extend(lists);
    bytes.push(0xc0);
    check_refused(
        &bytes,
        &Type::Dynamic,
        Path::root(),
        "type is not valid JSON",
    );
}

#[test]
fn c46_an_error_names_the_path_and_never_the_content() {
    let ty = Type::object([(
        "networks",
        Type::list(Type::object([("labels", Type::map(Type::Bool))])),
    )]);
    let mut bytes = b"\x81\xa8networks\x91\x81\xa6labels\x81\xa3env".to_vec();
    bytes.extend(fixstr("hunter2"));
    let place = Path::of("networks").index(0).attribute("labels").key("env");
    check_refused(&bytes, &ty, place, "expected a bool, found a string");
    assert!(
        !decode_msgpack(&bytes, &ty)
            .unwrap_err()
            .to_string()
            .contains("hunter2")
    );

    let set = Type::object([("names", Type::set(two_attributes()))]);
    check_refused(
        b"\x81\xa5names\x91\x80",
        &set,
        Path::of("names"),
        "in one of the elements, at a: the attribute is missing",
    );
    check_refused(
        b"\xa2\xff\xfe",
        &Type::String,
        Path::root(),
        "not valid UTF-8",
    );
    check_refused(
        b"\x92\xc3\xc3",
        &Type::tuple([Type::Bool]),
        Path::root(),
        "a tuple of 1",
    );
}

#[test]
fn a_set_is_sorted_and_its_duplicates_are_dropped() {
    let ty = Type::set(Type::String);
    check(
        b"\x93\xa1b\xa1a\xa1b",
        &ty,
        &Value::List(vec!["a".into(), "b".into()]),
    );
    // Two unknown elements may turn out different.
    let value = decode_msgpack(b"\x92\xd4\x00\x00\xd4\x00\x00", &ty).unwrap();
    assert_eq!(value.as_list().unwrap().len(), 2);
}

proptest! {
    #[test]
    fn every_value_survives_the_wire((ty, value) in any_typed(Unknowns::Allowed)) {
        let bytes = encode_msgpack(&value, &ty).unwrap();
        prop_assert_eq!(decode_msgpack(&bytes, &ty).unwrap(), value);
    }

    #[test]
    fn c46_no_bytes_make_it_panic(ty in any_type(), bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = decode_msgpack(&bytes, &ty) {
            let again = encode_msgpack(&value, &ty).unwrap();
            prop_assert_eq!(decode_msgpack(&again, &ty).unwrap(), value);
        }
    }

    #[test]
    fn c46_no_damage_to_a_value_makes_it_panic(
        (ty, value) in any_typed(Unknowns::Allowed),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode_msgpack(&value, &ty).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(value) = decode_msgpack(&bytes, &ty) {
            prop_assert!(encode_msgpack(&value, &ty).is_ok());
        }
        prop_assert!(decode_msgpack(&bytes[..place], &ty).is_err());
    }
}
