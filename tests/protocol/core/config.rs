//! Configurations: written as JSON in the tests, turned into what Terraform would send.

use serde_json::{Map, Value as Json, json};
use terraform_provider_tfe::tfplugin::value::Number;
use terraform_provider_tfe::tfplugin::{Diagnostic, Diagnostics, Path, Type, Value};

use super::schema::ObjectSchema;

/// Stands in a configuration for a value that is known after apply.
pub(crate) const UNKNOWN: &str = "${unknown}";

/// The object that a configuration block makes; what is left out is null.
///
/// Refuses what Terraform refuses before it asks the provider.
pub(crate) fn decode(schema: &ObjectSchema, config: &Json) -> Result<Value, Diagnostics> {
    let nothing = Map::new();
    let arguments = match config {
        Json::Object(arguments) => arguments,
        Json::Null => &nothing,
        other => panic!("a configuration is a JSON object, not {other}"),
    };
    let mut diagnostics = Diagnostics::new();
    for name in arguments.keys() {
        if !schema.attributes.contains_key(name) {
            diagnostics.push(Diagnostic::error(
                "Unsupported argument",
                format!("An argument named {name:?} is not expected here."),
            ));
        }
    }
    let object = Value::object(schema.attributes.iter().map(|(name, one)| {
        let value = value(arguments.get(name).unwrap_or(&Json::Null), &one.ty);
        // An argument whose value turns out to be null is there; the provider has to deal with it.
        if one.required && !arguments.contains_key(name) {
            diagnostics.push(Diagnostic::error(
                "Missing required argument",
                format!("The argument {name:?} is required, but no definition was found."),
            ));
        }
        if !one.required && !one.optional && !value.is_null() {
            diagnostics.push(
                Diagnostic::error(
                    "Value for unconfigurable attribute",
                    format!("Can't configure a value for {name:?}: its value will be decided automatically."),
                )
                .at(Path::of(name)),
            );
        }
        (name.clone(), value)
    }));
    diagnostics.into_result().map(|_| object)
}

fn value(json: &Json, ty: &Type) -> Value {
    match (json, ty) {
        (Json::Null, _) => Value::Null,
        (Json::String(text), _) if text == UNKNOWN => Value::unknown(),
        (_, Type::Dynamic) => {
            let ty = implied(json);
            let inner = value(json, &ty);
            Value::dynamic(ty, inner)
        }
        (Json::String(text), Type::String) => Value::from(text.as_str()),
        (Json::Bool(truth), Type::Bool) => Value::from(*truth),
        (Json::Number(number), Type::Number) => number_of(&number.to_string()),
        (Json::String(text), Type::Number) => number_of(text),
        (Json::Array(elements), Type::List(of)) => {
            Value::List(elements.iter().map(|one| value(one, of)).collect())
        }
        (Json::Array(elements), Type::Set(of)) => {
            Value::set_of(elements.iter().map(|one| value(one, of)))
        }
        (Json::Array(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            Value::List(
                elements
                    .iter()
                    .zip(types)
                    .map(|(one, ty)| value(one, ty))
                    .collect(),
            )
        }
        (Json::Object(elements), Type::Map(of)) => Value::object(
            elements
                .iter()
                .map(|(key, one)| (key.clone(), value(one, of))),
        ),
        (Json::Object(elements), Type::Object(object)) => {
            Value::object(object.attributes.iter().map(|(name, ty)| {
                let one = elements.get(name).unwrap_or(&Json::Null);
                (name.clone(), value(one, ty))
            }))
        }
        (json, ty) => panic!("{json} is no value of the type: expected {ty}"),
    }
}

fn number_of(text: &str) -> Value {
    let number = Number::parse(text).unwrap_or_else(|_| panic!("{text:?} is no number"));
    Value::from(number)
}

fn implied(json: &Json) -> Type {
    match json {
        Json::Null => Type::Dynamic,
        Json::Bool(_) => Type::Bool,
        Json::Number(_) => Type::Number,
        Json::String(_) => Type::String,
        Json::Array(elements) => Type::tuple(elements.iter().map(implied)),
        Json::Object(elements) => Type::object(
            elements
                .iter()
                .map(|(name, one)| (name.clone(), implied(one))),
        ),
    }
}

/// A value as JSON, for assertions; the reverse of [`decode`].
pub(crate) fn json(value: &Value) -> Json {
    if value.is_unknown() {
        return json!(UNKNOWN);
    }
    if let Some(text) = value.as_str() {
        return json!(text);
    }
    if let Some(truth) = value.as_bool() {
        return json!(truth);
    }
    if let Some(number) = value.as_number() {
        return number
            .as_i64()
            .map_or_else(|| json!(number.as_f64()), |integer| json!(integer));
    }
    if let Some(elements) = value.as_list() {
        return elements.iter().map(json).collect();
    }
    if let Some(elements) = value.as_map() {
        return Json::Object(
            elements
                .iter()
                .map(|(name, one)| (name.clone(), json(one)))
                .collect(),
        );
    }
    Json::Null
}
