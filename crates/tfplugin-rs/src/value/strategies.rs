//! Random types, and random values that conform to them.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{Number, Type, Unknown, Value};

/// Whether unknown values are among the random ones: JSON has none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknowns {
    Allowed,
    Absent,
}

/// Any type, a few levels deep.
pub(super) fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        3 => Just(Type::String),
        2 => Just(Type::Number),
        2 => Just(Type::Bool),
        1 => Just(Type::Dynamic),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::tuple),
            btree_map("[a-z_]{1,6}", inner, 0..4).prop_map(Type::object),
        ]
    })
}

/// Any type with any value of it.
pub(super) fn any_typed(unknowns: Unknowns) -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(move |ty| {
        let value = any_value(&ty, unknowns);
        (Just(ty), value)
    })
}

/// Any value of a type.
pub(super) fn any_value(ty: &Type, unknowns: Unknowns) -> BoxedStrategy<Value> {
    let below = move |ty: &Type| any_value(ty, unknowns);
    let present = match ty {
        Type::String => any::<String>().prop_map(Value::from).boxed(),
        Type::Number => any_number().prop_map(Value::Number).boxed(),
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::List(ty) => vec(below(ty), 0..4).prop_map(Value::List).boxed(),
        Type::Set(ty) => vec(below(ty), 0..4).prop_map(Value::set_of).boxed(),
        Type::Map(ty) => btree_map(any::<String>(), below(ty), 0..4)
            .prop_map(Value::Map)
            .boxed(),
        Type::Tuple(types) => types
            .iter()
            .map(below)
            .collect::<Vec<_>>()
            .prop_map(Value::List)
            .boxed(),
        Type::Object(object) => {
            let names: Vec<String> = object.attributes.keys().cloned().collect();
            let values: Vec<_> = object.attributes.values().map(below).collect();
            values
                .prop_map(move |values| {
                    Value::Map(
                        names
                            .iter()
                            .cloned()
                            .zip(values)
                            .collect::<BTreeMap<_, _>>(),
                    )
                })
                .boxed()
        }
        Type::Dynamic => prop_oneof![Just(Type::String), Just(Type::list(Type::Number))]
            .prop_flat_map(move |ty| {
                let value = below(&ty);
                (Just(ty), value)
            })
            .prop_map(|(ty, value)| Value::dynamic(ty, value))
            .boxed(),
    };
    match unknowns {
        Unknowns::Absent => prop_oneof![1 => Just(Value::Null), 8 => present].boxed(),
        Unknowns::Allowed => {
            prop_oneof![1 => Just(Value::Null), 1 => any_unknown(), 8 => present].boxed()
        }
    }
}

fn any_unknown() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::unknown()),
        vec(any::<u8>(), 2..40).prop_map(|body| Value::Unknown(Unknown::refined(&body))),
    ]
}

/// Any finite number: machine integers and floats, and decimals beyond both.
pub(super) fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-10_i64..10).prop_map(Number::from),
        (proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL)
            .prop_map(|float| Number::from_wire(float).unwrap()),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,4})?"
            .prop_map(|text| Number::parse(&text).unwrap()),
    ]
}
