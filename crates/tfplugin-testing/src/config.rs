//! Configurations: JSON in the tests, decoded into the values that Terraform would send.

use serde_json::{Map, Value as Json, json};
use tfplugin::schema::Nesting;
use tfplugin::value::Number;
use tfplugin::{Diagnostic, Diagnostics, Path, Type, Value};

use super::schema::{BlockSchema, ObjectSchema};

/// In a configuration, a value that is known after apply; in a plan, a planned value that is not known yet.
pub const UNKNOWN: &str = "${unknown}";

/// Returns the object of a configuration block; what is left out is null.
///
/// Refuses what Terraform refuses before it asks the provider.
pub(crate) fn decode(schema: &ObjectSchema, config: &Json) -> Result<Value, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let object = body(schema, config, &Path::root(), &mut diagnostics);
    diagnostics.into_result().map(|_| object)
}

/// Returns the value of a block's body.
fn body(
    schema: &ObjectSchema,
    config: &Json,
    place: &Path,
    diagnostics: &mut Diagnostics,
) -> Value {
    let nothing = Map::new();
    let arguments = match config {
        Json::Object(arguments) => arguments,
        Json::Null => &nothing,
        other => panic!("a configuration is a JSON object, not {other}"),
    };
    for name in arguments.keys() {
        if !schema.attributes.contains_key(name) && !schema.blocks.contains_key(name) {
            diagnostics.push(Diagnostic::error(
                "Unsupported argument",
                format!("An argument named {name:?} is not expected here."),
            ));
        }
    }
    let attributes = schema.attributes.iter().map(|(name, one)| {
        let json = arguments.get(name).unwrap_or(&Json::Null);
        let value = value(json, &one.ty);
        let place = place.attribute(name);
        // An argument that is set to null is not missing; the provider has to check for null.
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
                .at(place.clone()),
            );
        }
        if let Some((nesting, nested)) = &one.nested {
            check_nested(*nesting, nested, json, &place, diagnostics);
        }
        (name.clone(), value)
    });
    let attributes: Vec<_> = attributes.collect();
    let blocks = schema.blocks.iter().map(|(name, one)| {
        let json = arguments.get(name).unwrap_or(&Json::Null);
        (
            name.clone(),
            block(one, json, &place.attribute(name), diagnostics),
        )
    });
    let blocks: Vec<_> = blocks.collect();
    Value::object(attributes.into_iter().chain(blocks))
}

/// Returns the value of all blocks of one name. A `dynamic` block whose `for_each` is unknown is [`UNKNOWN`].
fn block(
    schema: &BlockSchema,
    config: &Json,
    place: &Path,
    diagnostics: &mut Diagnostics,
) -> Value {
    let body = |config: &Json, place: &Path, diagnostics: &mut Diagnostics| {
        self::body(&schema.body, config, place, diagnostics)
    };
    let count =
        match (schema.nesting, config) {
            (_, Json::String(text)) if text == UNKNOWN => return Value::unknown(),
            (Nesting::Group, _) => return body(config, place, diagnostics),
            (Nesting::Map, Json::Object(blocks)) => {
                return Value::object(blocks.iter().map(|(label, one)| {
                    (label.clone(), body(one, &place.key(label), diagnostics))
                }));
            }
            (Nesting::Map, _) => return Value::Map(Default::default()),
            (_, Json::Null) => 0,
            (_, Json::Array(blocks)) => blocks.len(),
            _ => 1,
        };
    let (min_items, max_items) = (schema.min_items, schema.max_items);
    let count = i64::try_from(count).expect("a test has few blocks");
    if count < min_items {
        diagnostics.push(Diagnostic::error(
            "Insufficient blocks",
            format!("{place}: at least {min_items}"),
        ));
    }
    if max_items > 0 && count > max_items {
        diagnostics.push(Diagnostic::error(
            "Too many blocks",
            format!("{place}: at most {max_items}"),
        ));
    }
    match (schema.nesting, config) {
        (Nesting::Single, Json::Null) => Value::Null,
        (Nesting::Single, config) => body(config, place, diagnostics),
        (nesting, config) => {
            let blocks = config.as_array().into_iter().flatten().enumerate();
            let blocks: Vec<_> = blocks
                .map(|(index, one)| body(one, &place.index(index), diagnostics))
                .collect();
            match nesting {
                Nesting::Set => Value::set_of(blocks),
                _ => Value::List(blocks),
            }
        }
    }
}

/// Checks nested attributes as Terraform does when it converts objects to their type.
fn check_nested(
    nesting: Nesting,
    schema: &ObjectSchema,
    json: &Json,
    place: &Path,
    diagnostics: &mut Diagnostics,
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
            diagnostics.push(Diagnostic::error(summary, text).at(place.clone()));
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
                check_nested(*nesting, schema, json, place, diagnostics);
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

/// Returns a configuration as the provider gets it.
///
/// # Panics
///
/// Panics if Terraform would refuse the configuration.
#[track_caller]
pub fn config_value(schema: &ObjectSchema, config: Json) -> Value {
    decode(schema, &config).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// Returns a value as JSON, with [`UNKNOWN`] for unknown values.
pub fn to_json(value: &Value) -> Json {
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
        return elements.iter().map(to_json).collect();
    }
    if let Some(elements) = value.as_map() {
        return Json::Object(
            elements
                .iter()
                .map(|(name, one)| (name.clone(), to_json(one)))
                .collect(),
        );
    }
    Json::Null
}
