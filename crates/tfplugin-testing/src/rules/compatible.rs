//! [`compatibility_problems`]: compares a value with the plan.

use tfplugin::{Type, Value};

use super::{at, join};

/// Returns where a value differs from the plan (`objchange.AssertObjectCompatible`): only unknown values may change.
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
        (Type::Set(ty), Value::List(before), Value::List(after)) => {
            let fits = |before: &Value, after: &Value| {
                let mut problems = Vec::new();
                compatible(ty, before, after, "", &mut problems);
                problems.is_empty()
            };
            if after.len() > before.len() {
                problem("the set has grown");
            }
            if before
                .iter()
                .any(|one| !after.iter().any(|other| fits(one, other)))
            {
                problem("a planned element of the set is not there");
            }
            if after
                .iter()
                .any(|one| !before.iter().any(|other| fits(other, one)))
            {
                problem("an element of the set was not planned");
            }
        }
        _ if planned == actual => {}
        _ => problem("the value has changed"),
    }
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

    #[test]
    fn elements_of_a_set_must_be_those_that_were_planned() {
        let ty = Type::object([(
            "set",
            Type::set(Type::object([("a", Type::String), ("b", Type::String)])),
        )]);
        let one = |a: &str, b: Value| Value::object([("a", a.into()), ("b", b)]);
        let set = |elements: Vec<Value>| Value::object([("set", Value::set_of(elements))]);
        let planned = set(vec![one("x", Value::unknown()), one("y", Value::unknown())]);
        let check = |actual: Value, expected: &[&str]| {
            assert_eq!(compatibility_problems(&ty, &planned, &actual), expected);
        };
        check(set(vec![one("y", "1".into()), one("x", "2".into())]), &[]);
        check(
            set(vec![one("x", "1".into())]),
            &[".set: a planned element of the set is not there"],
        );
        check(
            set(vec![
                one("x", "1".into()),
                one("y", "1".into()),
                one("x", "2".into()),
            ]),
            &[".set: the set has grown"],
        );
        check(
            set(vec![one("x", "1".into()), one("z", "1".into())]),
            &[
                ".set: a planned element of the set is not there",
                ".set: an element of the set was not planned",
            ],
        );
    }
}
