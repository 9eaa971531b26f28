//! [`Place`]: where a walk along a schema stands, as a diagnostic can say it.

use crate::tfplugin::path::{Path, Step};
use crate::tfplugin::value::Type;

/// Where a walk along a schema stands. An element of a set has no name in the protocol: from there on a place stays
/// that of the set.
#[derive(Clone)]
pub(super) struct Place {
    path: Path,
    in_set: bool,
}

impl Place {
    pub(super) fn root() -> Self {
        Self {
            path: Path::root(),
            in_set: false,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Self {
        self.with(Step::Attribute(name.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.with(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// An element of the set that stands here.
    pub(super) fn element_of_set(&self) -> Self {
        Self {
            path: self.path.clone(),
            in_set: true,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn with(&self, step: Step) -> Self {
        if self.in_set {
            return self.clone();
        }
        Self {
            path: self.path.with(step),
            in_set: false,
        }
    }

    /// The path of something that a rule found at or below this place, where a value of the type stands: cut off at
    /// the first set.
    pub(super) fn cut(&self, path: &Path, ty: &Type) -> Path {
        let Some(below) = path.steps().strip_prefix(self.path.steps()) else {
            return path.clone();
        };
        let mut cut = self.path.clone();
        let mut ty = Some(ty);
        for step in below {
            if self.in_set || matches!(ty, Some(Type::Set(_))) {
                break;
            }
            ty = ty.and_then(|ty| within(ty, step));
            cut = cut.with(step.clone());
        }
        cut
    }
}

fn within<'t>(ty: &'t Type, step: &Step) -> Option<&'t Type> {
    match (ty, step) {
        (Type::Object(object), Step::Attribute(name)) => object.attributes.get(name),
        (Type::Map(element), Step::Key(_)) | (Type::List(element), Step::Index(_)) => Some(element),
        (Type::Tuple(types), Step::Index(index)) => types.get(usize::try_from(*index).ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stays_at_the_set() {
        let rules = Place::root().attribute("rules");
        assert_eq!(rules.index(1).path().to_string(), "rules[1]");
        let element = rules.element_of_set();
        assert_eq!(element.attribute("name").key("k").path(), rules.path());
    }

    #[test]
    fn what_a_rule_says_of_an_element_of_a_set_is_said_of_the_set() {
        let ty = Type::list(Type::object([("names", Type::set(Type::String))]));
        let place = Place::root().attribute("rules");
        let found = place.path().index(0).attribute("names").index(3);
        assert_eq!(place.cut(&found, &ty).to_string(), "rules[0].names");
        let other = Path::of("other").index(3);
        assert_eq!(place.cut(&other, &ty), other);
    }
}
