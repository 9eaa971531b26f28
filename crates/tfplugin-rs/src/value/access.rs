//! Reads and changes parts of a [`Value`] by [`Path`], and visits all of them.

use std::collections::BTreeMap;

use super::value::canonical_set;
use super::{Type, Value};
use crate::{Path, PathStep};

impl Value {
    /// Returns an attribute of an object, or an element of a map.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.as_map()?.get(name)
    }

    /// Returns the value at a path. `None` if the path leads to no value, for example through a null or unknown one.
    ///
    /// ```
    /// # use tfplugin::{Path, Value};
    /// let body = Value::object([("name", Value::from("example")), ("note", Value::Null)]);
    /// assert_eq!(body.get(&Path::of("name")), Some(&Value::from("example")));
    /// assert_eq!(body.get(&Path::of("note")), Some(&Value::Null));
    /// assert_eq!(body.get(&Path::of("other")), None);
    /// ```
    pub fn get(&self, path: &Path) -> Option<&Value> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (value.bare(), step) {
                (Self::Map(elements), PathStep::Attribute(name) | PathStep::Key(name)) => {
                    elements.get(name)
                }
                (Self::List(elements), PathStep::Index(index)) => {
                    elements.get(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }

    /// Returns the value at a path, to change it. After a change of an element of a set, rebuild the set with
    /// [`set_of`](Value::set_of).
    pub fn get_mut(&mut self, path: &Path) -> Option<&mut Value> {
        path.steps()
            .iter()
            .try_fold(self, |value, step| match (value.bare_mut(), step) {
                (Self::Map(elements), PathStep::Attribute(name) | PathStep::Key(name)) => {
                    elements.get_mut(name)
                }
                (Self::List(elements), PathStep::Index(index)) => {
                    elements.get_mut(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }

    /// Replaces the value at a path. Returns `false` if the path leads to no value.
    #[must_use = "nothing is replaced if there is no value at the path"]
    pub fn set(&mut self, path: &Path, value: Value) -> bool {
        self.get_mut(path).map(|old| *old = value).is_some()
    }

    /// Visits this value and all values in it, outer ones first, each with its path. Elements of a set have no path
    /// of their own and come with that of the set.
    pub fn walk(&self, ty: &Type, mut visit: impl FnMut(&Path, &Value)) {
        walk(self, ty, &Path::root(), &mut visit);
    }

    /// Returns the elements of a known list, set or tuple, to be changed.
    pub(crate) fn as_list_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self.bare_mut() {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the elements of a known map or object, to be changed.
    pub(crate) fn as_map_mut(&mut self) -> Option<&mut BTreeMap<String, Value>> {
        match self.bare_mut() {
            Self::Map(elements) => Some(elements),
            _ => None,
        }
    }

    /// Sorts a set again, and drops duplicates, after its elements were changed.
    pub(crate) fn restore_set(&mut self) {
        if let Self::List(elements) = self {
            *elements = canonical_set(std::mem::take(elements));
        }
    }

    fn bare_mut(&mut self) -> &mut Value {
        let mut value = self;
        while let Self::Dynamic(typed) = value {
            value = &mut typed.1;
        }
        value
    }
}

fn walk(value: &Value, ty: &Type, path: &Path, visit: &mut impl FnMut(&Path, &Value)) {
    visit(path, value);
    match (value, ty) {
        (Value::Dynamic(typed), _) => inside(&typed.1, &typed.0, path, visit),
        _ => inside(value, ty, path, visit),
    }
}

/// Visits what is in a value, not the value.
fn inside(value: &Value, ty: &Type, path: &Path, visit: &mut impl FnMut(&Path, &Value)) {
    match (value, ty) {
        (Value::Dynamic(typed), _) => inside(&typed.1, &typed.0, path, visit),
        (Value::List(elements), Type::Set(ty)) => {
            elements
                .iter()
                .for_each(|element| walk(element, ty, path, visit));
        }
        (Value::List(elements), Type::List(ty)) => {
            for (index, element) in elements.iter().enumerate() {
                walk(element, ty, &path.index(index), visit);
            }
        }
        (Value::List(elements), Type::Tuple(types)) => {
            for (index, (element, ty)) in elements.iter().zip(types).enumerate() {
                walk(element, ty, &path.index(index), visit);
            }
        }
        (Value::Map(elements), Type::Map(ty)) => {
            for (key, element) in elements {
                walk(element, ty, &path.key(key), visit);
            }
        }
        (Value::Map(attributes), Type::Object(object)) => {
            for (name, attribute) in attributes {
                if let Some(ty) = object.attributes.get(name) {
                    walk(attribute, ty, &path.attribute(name), visit);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> (Type, Value) {
        let ty = Type::object([
            ("any", Type::Dynamic),
            ("labels", Type::map(Type::String)),
            (
                "networks",
                Type::list(Type::object([("name", Type::String)])),
            ),
            ("names", Type::set(Type::String)),
        ]);
        let network = Value::object([("name", Value::from("a"))]);
        let value = Value::object([
            (
                "any",
                Value::dynamic(Type::list(Type::Bool), Value::List(vec![Value::Bool(true)])),
            ),
            ("labels", Value::object([("env", Value::from("b"))])),
            ("networks", Value::List(vec![network])),
            ("names", Value::set_of([Value::from("c"), Value::unknown()])),
        ]);
        (ty, value)
    }

    #[test]
    fn a_path_gives_its_value_or_none() {
        let (_, body) = body();
        let name = Path::of("networks").index(0).attribute("name");
        assert_eq!(body.get(&name).unwrap().as_str(), Some("a"));
        assert_eq!(
            body.get(&Path::of("labels").key("env")).unwrap().as_str(),
            Some("b")
        );
        assert_eq!(
            body.get(&Path::of("any").index(0)).unwrap().as_bool(),
            Some(true)
        );
        assert_eq!(body.get(&Path::root()), Some(&body));
        assert_eq!(body.attribute("labels").unwrap().as_map().unwrap().len(), 1);
        for path in [
            Path::of("other"),
            Path::of("networks").index(1),
            Path::of("networks").attribute("name"),
            name.attribute("deeper"),
            Path::of("networks").with(PathStep::Index(-1)),
        ] {
            assert_eq!(body.get(&path), None, "{path}");
        }
    }

    #[test]
    fn setting_replaces_a_value_and_adds_none() {
        let (_, mut body) = body();
        let name = Path::of("networks").index(0).attribute("name");
        assert!(body.set(&name, Value::unknown()));
        assert!(body.get(&name).unwrap().is_unknown());
        let before = body.clone();
        assert!(!body.set(&Path::of("other"), Value::Null));
        assert_eq!(body, before);
        assert!(body.set(&Path::root(), Value::Null));
        assert!(body.is_null());
    }

    #[test]
    fn a_walk_visits_every_value_and_elements_of_a_set_at_the_set() {
        let (ty, body) = body();
        let mut visited = Vec::new();
        body.walk(&ty, |path, value| visited.push(format!("{path} {value:?}")));
        assert_eq!(
            visited[1..],
            [
                r#"any Dynamic(List(Bool), [Bool(…)])"#,
                "any[0] Bool(…)",
                r#"labels {"env": String(…)}"#,
                r#"labels["env"] String(…)"#,
                "names [Unknown, String(…)]",
                "names Unknown",
                "names String(…)",
                r#"networks [{"name": String(…)}]"#,
                r#"networks[0] {"name": String(…)}"#,
                "networks[0].name String(…)",
            ]
        );
    }

    #[test]
    fn null_unknown_and_known_differ_at_any_depth() {
        let (ty, body) = body();
        assert!(!body.is_wholly_known() && !body.is_unknown() && !body.is_fully_null());
        assert!(Value::null_object(&ty).is_fully_null() && !Value::null_object(&ty).is_null());
        assert!(Value::null_object(&ty).is_wholly_known());
        assert!(Value::dynamic(Type::Bool, Value::Null).is_null());
        assert!(Value::dynamic(Type::Bool, Value::unknown()).is_unknown());
        assert!(Value::null_object(&Type::Bool).is_null());
        assert!(!Value::List(Vec::new()).is_fully_null());
    }
}
