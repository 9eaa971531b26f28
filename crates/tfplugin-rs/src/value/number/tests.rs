//! Every text, every limit, and the order.

use proptest::prelude::*;

use super::*;
use crate::value::strategies::any_number;

fn parse(text: &str) -> Number {
    Number::parse(text).unwrap()
}

#[track_caller]
fn check(written: &[&str], canonical: &str) {
    for text in written {
        let number = parse(text);
        assert_eq!(number.to_string(), canonical, "{text}");
        assert_eq!(number, parse(canonical), "{text}");
        assert_eq!(number.cmp(&parse(canonical)), Ordering::Equal, "{text}");
    }
}

#[test]
fn every_form_of_a_number_is_equal() {
    check(&["0", "-0", "0.000", "-0e9", "+0", "00"], "0");
    check(&["1", "1.0", "1.", "10e-1", "0.1E1", "+1", "01"], "1");
    check(&["0.1", ".1", "1e-1", "0.10"], "0.1");
    check(&["-1250", "-1.25e3"], "-1250");
    check(
        &["9223372036854775807", "9223372036854775807.0"],
        "9223372036854775807",
    );
    check(&["1e-1200"], "1e-1200");
    check(&["123e1500", "1.23e1502"], "1.23e1502");
}

#[test]
fn other_text_is_refused() {
    for text in [
        "",
        "-",
        "+",
        ".",
        "e1",
        "1e",
        "1e+",
        "--1",
        "1 ",
        " 1",
        "1_000",
        "0x10",
        "inf",
        "NaN",
        "1,5",
        "1.2.3",
        "1e1.5",
        "١",
        "1e99999999999999999999",
        "1e999999999",
    ] {
        assert!(Number::parse(text).is_err(), "{text}");
    }
}

#[test]
fn integers_convert_if_they_fit() {
    assert_eq!(parse("9223372036854775807").as_i64(), Some(i64::MAX));
    assert_eq!(parse("-9223372036854775808").as_i64(), Some(i64::MIN));
    assert_eq!(parse("9223372036854775808").as_i64(), None);
    assert_eq!(parse("9223372036854775808").as_u64(), Some(1 << 63));
    assert_eq!(parse("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(parse("18446744073709551616").as_u64(), None);
    assert_eq!(parse("1e400").as_u64(), None);
    assert_eq!(parse("-1").as_u64(), None);
    assert_eq!(parse("1.5").as_i64(), None);
    assert_eq!(Number::from(u64::MAX), parse("18446744073709551615"));
    assert_eq!(Number::from(5_u64), Number::from(5_i64));
}

#[test]
fn a_number_converts_to_the_nearest_float() {
    assert_eq!(parse("0.1").as_f64(), 0.1);
    assert_eq!(parse("1e400").as_f64(), f64::INFINITY);
    assert_eq!(parse("-1e400").as_f64(), f64::NEG_INFINITY);
    assert_eq!(parse("1e-400").as_f64(), 0.0);
    assert_eq!(
        Number::from_wire(f64::MIN_POSITIVE).unwrap().as_f64(),
        f64::MIN_POSITIVE
    );
    assert_eq!(Number::from_wire(5e-324).unwrap().as_f64(), 5e-324);
    assert_eq!(Number::from_wire(f64::MAX).unwrap().as_f64(), f64::MAX);
}

#[test]
fn a_float_is_converted_by_its_shortest_text() {
    assert_eq!(Number::try_from(0.1).unwrap(), parse("0.1"));
    assert_ne!(Number::from_wire(0.1).unwrap(), parse("0.1"));
    assert_eq!(Number::try_from(-0.0).unwrap(), parse("0"));
    assert_eq!(Number::try_from(1e300).unwrap(), parse("1e300"));
    assert!(Number::try_from(f64::NAN).is_err());
}

#[test]
fn numbers_are_ordered_by_value() {
    let ascending = [
        Number::try_from(f64::NEG_INFINITY).unwrap(),
        parse("-1e400"),
        parse("-9223372036854775809"),
        parse("-9223372036854775808"),
        parse("-1.5"),
        parse("-1"),
        parse("-1e-400"),
        parse("0"),
        parse("1e-400"),
        parse("0.1"),
        Number::from_wire(0.1).unwrap(),
        parse("1"),
        parse("1.5"),
        parse("2"),
        parse("10"),
        parse("9223372036854775807"),
        parse("9223372036854775807.5"),
        parse("18446744073709551615"),
        parse("1e400"),
        Number::try_from(f64::INFINITY).unwrap(),
    ];
    for (position, one) in ascending.iter().enumerate() {
        for (other_position, other) in ascending.iter().enumerate() {
            assert_eq!(
                one.cmp(other),
                position.cmp(&other_position),
                "{one} {other}"
            );
        }
    }
}

proptest! {
    #[test]
    fn text_and_wire_keep_the_number(number in any_number()) {
        prop_assert_eq!(&parse(&number.to_string()), &number);
        let back = match number.to_wire() {
            Wire::Int(int) => Number::from(int),
            Wire::Float(float) => Number::from_wire(float).unwrap(),
            Wire::Text(text) => parse(&text),
        };
        prop_assert_eq!(back, number);
    }

    #[test]
    fn a_float_survives_both_ways(float in any::<f64>().prop_filter("no NaN", |float| !float.is_nan())) {
        prop_assert_eq!(Number::from_wire(float).unwrap().as_f64(), float);
        prop_assert_eq!(Number::try_from(float).unwrap().as_f64(), float);
    }

    #[test]
    fn order_agrees_with_equality_and_floats(one in any_number(), other in any_number()) {
        prop_assert_eq!(one.cmp(&other) == Ordering::Equal, one == other);
        prop_assert_eq!(one.cmp(&other), other.cmp(&one).reverse());
        if one <= other {
            prop_assert!(one.as_f64() <= other.as_f64());
        }
    }
}
