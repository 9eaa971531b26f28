//! Configurations: written as JSON in the tests, turned into what Terraform would send.

use serde_json::{Map, Value as Json, json};
use tfplugin::schema::Nesting;
use tfplugin::value::Number;
use tfplugin::{Diagnostic, Diagnostics, Path, Type, Value};

use super::schema::{BlockSchema, ObjectSchema};

/// Stands in a configuration for a value that is known after apply.
pub const UNKNOWN: &str = "${unknown}";

/// The object that a configuration block makes; what is left out is null.
///
/// Refuses what Terraform refuses before it asks the provider.
pub fn decode(schema: &ObjectSchema, config: &Json) -> Result<Value, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let object = body(schema, config, &Path::root(), &mut diagnostics);
    diagnostics.into_result().map(|_| object)
}

/// The contents of a pair of braces.
fn body(schema: &ObjectSchema, config: &Json, place: &Path, told: &mut Diagnostics) -> Value {
    let nothing = Map::new();
    let arguments = match config {
        Json::Object(arguments) => arguments,
        Json::Null => &nothing,
        other => panic!("a configuration is a JSON object, not {other}"),
    };
    for name in arguments.keys() {
        if !schema.attributes.contains_key(name) && !schema.blocks.contains_key(name) {
            told.push(Diagnostic::error(
                "Unsupported argument",
                format!("An argument named {name:?} is not expected here."),
            ));
        }
    }
    let attributes = schema.attributes.iter().map(|(name, one)| {
        let json = arguments.get(name).unwrap_or(&Json::Null);
        let value = value(json, &one.ty);
        let place = place.attribute(name);
        // An argument whose value turns out to be null is there; the provider has to deal with it.
        if one.required && !arguments.contains_key(name) {
            told.push(Diagnostic::error(
                "Missing required argument",
                format!("The argument {name:?} is required, but no definition was found."),
            ));
        }
        if !one.required && !one.optional && !value.is_null() {
            told.push(
                Diagnostic::error(
                    "Value for unconfigurable attribute",
                    format!("Can't configure a value for {name:?}: its value will be decided automatically."),
                )
                .at(place.clone()),
            );
        }
        if let Some((nesting, nested)) = &one.nested {
            check_nested(*nesting, nested, json, &place, told);
        }
        (name.clone(), value)
    });
    let attributes: Vec<_> = attributes.collect();
    let blocks = schema.blocks.iter().map(|(name, one)| {
        let json = arguments.get(name).unwrap_or(&Json::Null);
        (name.clone(), block(one, json, &place.attribute(name), told))
    });
    let blocks: Vec<_> = blocks.collect();
    Value::object(attributes.into_iter().chain(blocks))
}

/// All blocks of one kind. A `dynamic` block whose `for_each` is unknown is [`UNKNOWN`].
fn block(schema: &BlockSchema, config: &Json, place: &Path, told: &mut Diagnostics) -> Value {
    let body = |config: &Json, place: &Path, told: &mut Diagnostics| {
        self::body(&schema.body, config, place, told)
    };
    let count = match (schema.nesting, config) {
        (_, Json::String(text)) if text == UNKNOWN => return Value::unknown(),
        (Nesting::Group, _) => return body(config, place, told),
        (Nesting::Map, Json::Object(blocks)) => {
            return Value::object(
                blocks
                    .iter()
                    .map(|(label, one)| (label.clone(), body(one, &place.key(label), told))),
            );
        }
        (Nesting::Map, _) => return Value::Map(Default::default()),
        (_, Json::Null) => 0,
        (_, Json::Array(blocks)) => blocks.len(),
        _ => 1,
    };
    let (fewest, most) = (schema.min_items, schema.max_items);
    let count = i64::try_from(count).expect("a test has few blocks");
    if count < fewest {
        told.push(Diagnostic::error(
            "Insufficient blocks",
            format!("{place}: at least {fewest}"),
        ));
    }
    if most > 0 && count > most {
        told.push(Diagnostic::error(
            "Too many blocks",
            format!("{place}: at most {most}"),
        ));
    }
    match (schema.nesting, config) {
        (Nesting::Single, Json::Null) => Value::Null,
        (Nesting::Single, config) => body(config, place, told),
        (nesting, config) => {
            let blocks = config.as_array().into_iter().flatten().enumerate();
            let blocks: Vec<_> = blocks
                .map(|(index, one)| body(one, &place.index(index), told))
                .collect();
            match nesting {
                Nesting::Set => Value::set_of(blocks),
                _ => Value::List(blocks),
            }
        }
    }
}

/// What Terraform demands of an attribute's objects when it converts them to their type.
fn check_nested(
    nesting: Nesting,
    schema: &ObjectSchema,
    json: &Json,
    place: &Path,
    told: &mut Diagnostics,
) {
    let objects: Vec<&Json> = match (nesting, json) {
        (Nesting::Single | Nesting::Group, one) => vec![one],
        (Nesting::Map, Json::Object(elements)) => elements.values().collect(),
        (_, Json::Array(elements)) => elements.iter().collect(),
        _ => return,
    };
    for object in objects.iter().filter_map(|one| one.as_object()) {
        let mut problem = |text: String| {
            let summary = "Incorrect attribute value type";
            told.push(Diagnostic::error(summary, text).at(place.clone()));
        };
        for name in object
            .keys()
            .filter(|name| !schema.attributes.contains_key(*name))
        {
            problem(format!("attribute {name:?} is not expected here"));
        }
        for (name, one) in &schema.attributes {
            if one.required && !object.contains_key(name) {
                problem(format!("attribute {name:?} is required"));
            }
        }
        for (name, one) in &schema.attributes {
            if let (Some((nesting, schema)), Some(json)) = (&one.nested, object.get(name)) {
                check_nested(*nesting, schema, json, place, told);
            }
        }
    }
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
pub fn json(value: &Value) -> Json {
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
