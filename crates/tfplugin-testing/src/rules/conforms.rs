//! [`conformance_problems`]: compares a value with its type.

use tfplugin::{Type, Value};

use super::{at, join};

/// Returns where a value is not of its type.
pub(crate) fn conformance_problems(ty: &Type, value: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    conforms(ty, value, "", &mut problems);
    problems
}

fn conforms(ty: &Type, value: &Value, place: &str, problems: &mut Vec<String>) {
    match (ty, value) {
        (_, Value::Null | Value::Unknown(_))
        | (Type::String, Value::String(_))
        | (Type::Number, Value::Number(_))
        | (Type::Bool, Value::Bool(_)) => {}
        (Type::Dynamic, Value::Dynamic(typed)) => conforms(&typed.0, &typed.1, place, problems),
        (Type::List(ty) | Type::Set(ty), Value::List(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                conforms(ty, element, &join(place, &index.to_string()), problems);
            }
        }
        (Type::Tuple(types), Value::List(elements)) if types.len() == elements.len() => {
            for (index, (ty, element)) in types.iter().zip(elements).enumerate() {
                conforms(ty, element, &join(place, &index.to_string()), problems);
            }
        }
        (Type::Map(ty), Value::Map(elements)) => {
            for (key, element) in elements {
                conforms(ty, element, &join(place, key), problems);
            }
        }
        (Type::Object(object), Value::Map(elements))
            if object.attributes.keys().eq(elements.keys()) =>
        {
            for (name, ty) in &object.attributes {
                conforms(ty, at(value, name), &join(place, name), problems);
            }
        }
        (ty, _) => problems.push(format!("{place}: is not {ty}")),
    }
}
