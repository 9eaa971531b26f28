//! What Terraform demands of a provider's answers (Terraform: `internal/plans/objchange`).
//!
//! Each function returns what is wrong, a sentence each. Nested blocks and attributes are not here yet.

use terraform_provider_tfe::tfplugin::{Type, Value};

use super::schema::ObjectSchema;

/// What Terraform proposes: the configuration, and the prior value of computed attributes that it leaves out
/// (`objchange.ProposedNew`).
pub(crate) fn proposed_new(schema: &ObjectSchema, prior: &Value, config: &Value) -> Value {
    Value::object(schema.attributes.iter().map(|(name, attribute)| {
        let configured = at(config, name);
        let value = if attribute.computed && configured.is_null() {
            at(prior, name)
        } else {
            configured
        };
        (name.clone(), value.clone())
    }))
}

/// Whether a plan keeps to the configuration (`objchange.AssertPlanValid`).
pub(crate) fn plan_problems(
    schema: &ObjectSchema,
    prior: &Value,
    config: &Value,
    planned: &Value,
) -> Vec<String> {
    if planned.is_null() {
        return vec!["planned for existence but is absent".to_owned()];
    }
    let mut problems = Vec::new();
    for (name, attribute) in &schema.attributes {
        let (prior, config, planned) = (at(prior, name), at(config, name), at(planned, name));
        if attribute.write_only {
            if !planned.is_null() {
                problems.push(format!("{name}: write-only, but planned with a value"));
            }
            continue;
        }
        let as_configured = planned == config;
        let as_before = planned == prior && !prior.is_null() && !config.is_null();
        let left_to_the_provider = attribute.computed && config.is_null();
        if as_configured || as_before || left_to_the_provider {
            continue;
        }
        problems.push(if config.is_null() {
            format!("{name}: planned value for a non-computed attribute")
        } else if prior.is_null() {
            format!("{name}: planned value does not match config value")
        } else {
            format!("{name}: planned value does not match config value nor prior value")
        });
    }
    problems
}

/// Whether a value keeps what was planned (`objchange.AssertObjectCompatible`): what was unknown may become
/// anything, nothing else may change.
pub(crate) fn compatibility_problems(ty: &Type, planned: &Value, actual: &Value) -> Vec<String> {
    match (planned.is_null(), actual.is_null()) {
        (true, true) => return Vec::new(),
        (true, false) => return vec!["root object was absent, but now present".to_owned()],
        (false, true) => return vec!["root object was present, but now absent".to_owned()],
        (false, false) => {}
    }
    let mut problems = Vec::new();
    compatible(ty, planned, actual, "", &mut problems);
    problems
}

fn compatible(ty: &Type, planned: &Value, actual: &Value, place: &str, problems: &mut Vec<String>) {
    let mut problem = |text: &str| problems.push(format!("{place}: {text}"));
    if planned.is_unknown() {
        return;
    }
    if planned.is_null() != actual.is_null() {
        problem(if planned.is_null() {
            "was null, but now has a value"
        } else {
            "had a value, but now null"
        });
        return;
    }
    if actual.is_unknown() {
        problem("was known, but now unknown");
        return;
    }
    match (ty, planned, actual) {
        (Type::Object(object), Value::Map(_), Value::Map(_)) => {
            for (name, ty) in &object.attributes {
                let place = join(place, name);
                compatible(ty, at(planned, name), at(actual, name), &place, problems);
            }
        }
        (Type::Map(ty), Value::Map(before), Value::Map(after)) => {
            if !before.keys().eq(after.keys()) {
                problem("its keys changed");
                return;
            }
            for name in before.keys() {
                let place = join(place, name);
                compatible(ty, at(planned, name), at(actual, name), &place, problems);
            }
        }
        (Type::List(_) | Type::Tuple(_), Value::List(before), Value::List(after)) => {
            if before.len() != after.len() {
                problem("its length changed");
                return;
            }
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                let ty = match ty {
                    Type::List(ty) => ty,
                    Type::Tuple(types) => &types[index],
                    _ => return,
                };
                let place = join(place, &index.to_string());
                compatible(ty, before, after, &place, problems);
            }
        }
        (Type::Set(_), Value::List(before), Value::List(after)) => {
            if after.len() > before.len() {
                problem("the set has grown");
            } else if planned.is_wholly_known() && planned != actual {
                problem("an element of the set has changed");
            }
        }
        _ if planned == actual => {}
        _ => problem("the value has changed"),
    }
}

/// Whether a value has its type.
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

fn at<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.attribute(name).unwrap_or(&Value::Null)
}

fn join(place: &str, step: &str) -> String {
    format!("{place}.{step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compatible_value_only_fills_in_what_was_unknown() {
        let ty = Type::object([("a", Type::list(Type::String)), ("b", Type::String)]);
        let object = |a: Value, b: Value| Value::object([("a", a), ("b", b)]);
        let list = |one: &str| Value::List(vec![Value::from(one)]);
        let planned = object(list("x"), Value::unknown());
        let check = |actual: Value, expected: &[&str]| {
            assert_eq!(compatibility_problems(&ty, &planned, &actual), expected);
        };
        check(object(list("x"), Value::from("new")), &[]);
        check(object(list("x"), Value::Null), &[]);
        check(
            object(list("y"), Value::Null),
            &[".a.0: the value has changed"],
        );
        check(
            object(Value::Null, Value::Null),
            &[".a: had a value, but now null"],
        );
        check(
            object(Value::List(vec![]), Value::Null),
            &[".a: its length changed"],
        );
        check(Value::Null, &["root object was present, but now absent"]);
    }
}
