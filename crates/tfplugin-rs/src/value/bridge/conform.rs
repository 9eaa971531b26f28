//! Fitting the value that a model plainly is to the type that the schema states.

use std::collections::BTreeMap;

use super::MAX_DEPTH;
use crate::value::fault::Fault;
use crate::value::ty::ObjectType;
use crate::value::{Type, Value, set};

/// The value as one of the type: attributes that are not there become null, sets are sorted, values
/// of dynamic type get the type that they plainly have.
pub(super) fn conform(value: Value, ty: &Type, depth: usize) -> Result<Value, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::too_deep());
    }
    let below = |value, ty: &Type| conform(value, ty, depth + 1);
    match (value, ty) {
        (value @ (Value::Null | Value::Unknown(_)), _)
        | (value @ Value::Bool(_), Type::Bool)
        | (value @ Value::Number(_), Type::Number)
        | (value @ Value::String(_), Type::String) => Ok(value),
        (Value::Dynamic(typed), Type::Dynamic) => {
            let (ty, value) = *typed;
            Ok(Value::dynamic(ty.clone(), below(value, &ty)?))
        }
        (Value::Dynamic(typed), ty) => below(typed.1, ty),
        (value, Type::Dynamic) => {
            let ty = plain_type(&value);
            Ok(Value::dynamic(ty, untyped(value)))
        }
        (Value::List(elements), Type::List(ty)) => elements
            .into_iter()
            .enumerate()
            .map(|(index, value)| below(value, ty).map_err(|fault| fault.under_index(index)))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (Value::List(elements), Type::Set(ty)) => elements
            .into_iter()
            .map(|value| below(value, ty).map_err(Fault::under_set))
            .collect::<Result<_, _>>()
            .map(|elements| Value::List(set::canonical(elements))),
        (Value::List(elements), Type::Tuple(types)) => {
            Fault::check_tuple(elements.len(), types.len())?;
            elements
                .into_iter()
                .zip(types)
                .enumerate()
                .map(|(index, (value, ty))| {
                    below(value, ty).map_err(|fault| fault.under_index(index))
                })
                .collect::<Result<_, _>>()
                .map(Value::List)
        }
        (Value::Map(elements), Type::Map(ty)) => elements
            .into_iter()
            .map(|(key, value)| match below(value, ty) {
                Ok(value) => Ok((key, value)),
                Err(fault) => Err(fault.under_key(&key)),
            })
            .collect::<Result<_, _>>()
            .map(Value::Map),
        (Value::Map(attributes), Type::Object(object)) => conform_object(attributes, object, below),
        (value, ty) => Err(Fault::mismatch(ty, value.kind())),
    }
}

fn conform_object(
    mut found: BTreeMap<String, Value>,
    ty: &ObjectType,
    below: impl Fn(Value, &Type) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    let mut attributes = BTreeMap::new();
    for (name, ty) in &ty.attributes {
        let value = found.remove(name).unwrap_or(Value::Null);
        let value = below(value, ty).map_err(|fault| fault.under_attribute(name))?;
        attributes.insert(name.clone(), value);
    }
    match found.keys().next() {
        Some(extra) => Err(Fault::extra(extra)),
        None => Ok(Value::Map(attributes)),
    }
}

/// The type that a value has without a schema: lists are tuples, maps are objects.
fn plain_type(value: &Value) -> Type {
    match value {
        Value::Null | Value::Unknown(_) => Type::Dynamic,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::List(elements) => Type::tuple(elements.iter().map(plain_type)),
        Value::Map(elements) => Type::object(
            elements
                .iter()
                .map(|(name, value)| (name, plain_type(value))),
        ),
        Value::Dynamic(typed) => typed.0.clone(),
    }
}

/// The value without the types in it, which [`plain_type`] has taken up.
fn untyped(value: Value) -> Value {
    match value {
        Value::List(elements) => Value::List(elements.into_iter().map(untyped).collect()),
        Value::Map(elements) => Value::Map(
            elements
                .into_iter()
                .map(|(name, value)| (name, untyped(value)))
                .collect(),
        ),
        Value::Dynamic(typed) => typed.1,
        value => value,
    }
}
