//! [`Place`]: where a walk along a schema stands, as a diagnostic can say it.

use crate::diag::{Diagnostic, Severity};
use crate::path::{Path, Step};
use crate::value::Type;

/// Where a walk along a schema stands. An element of a set has no name in the protocol: from there on a place stays
/// that of the set.
#[derive(Clone)]
pub(super) struct Place {
    path: Path,
    /// Where in an element of the set at `path`.
    in_set: Option<Path>,
}

impl Place {
    pub(super) fn root() -> Self {
        Self {
            path: Path::root(),
            in_set: None,
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
            in_set: Some(self.in_set.clone().unwrap_or_default()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn with(&self, step: Step) -> Self {
        match &self.in_set {
            Some(within) => Self {
                path: self.path.clone(),
                in_set: Some(within.with(step)),
            },
            None => Self {
                path: self.path.with(step),
                in_set: None,
            },
        }
    }

    /// The same place or one below it: what a rule about a value of the type, which stands here, found at a path.
    pub(super) fn of(&self, path: &Path, ty: &Type) -> Self {
        let Some(below) = path.steps().strip_prefix(self.path.steps()) else {
            return Self {
                path: path.clone(),
                in_set: None,
            };
        };
        let mut place = self.clone();
        let mut ty = Some(ty);
        for step in below {
            if let Some(Type::Set(element)) = ty {
                // The position in a set means nothing.
                place = place.element_of_set();
                ty = Some(element);
            } else {
                ty = ty.and_then(|ty| within(ty, step));
                place = place.with(step.clone());
            }
        }
        place
    }

    /// The diagnostic, told here. Terraform shows the line of an attribute at the top or of a block; for anything
    /// deeper the detail says the place as well.
    pub(super) fn tell(&self, diagnostic: Diagnostic) -> Diagnostic {
        let path = &self.path;
        let about = match &self.in_set {
            Some(within) if within.is_root() => format!("an element of {path}"),
            Some(within) => format!("{within} of an element of {path}"),
            None if path.steps().len() > 1 => path.to_string(),
            None => return diagnostic.at(path.clone()),
        };
        let detail = format!("{}\n\nThis is about {about}.", diagnostic.detail());
        let told = match diagnostic.severity() {
            Severity::Error => Diagnostic::error(diagnostic.summary(), detail),
            Severity::Warning => Diagnostic::warning(diagnostic.summary(), detail),
        };
        told.at(path.clone())
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
        assert_eq!(place.of(&found, &ty).path().to_string(), "rules[0].names");
        let other = Path::of("other").index(3);
        assert_eq!(place.of(&other, &ty).path(), &other);
    }

    #[test]
    fn a_detail_names_the_place_where_terraform_cannot_show_it() {
        #[track_caller]
        fn check(place: Place, detail: &str) {
            let told = place.tell(Diagnostic::warning("A Warning", "It is so."));
            assert_eq!(told.detail(), detail);
            assert_eq!(told.severity(), Severity::Warning);
        }
        let rules = Place::root().attribute("rules");
        check(rules.clone(), "It is so.");
        check(
            rules.index(1).attribute("name"),
            "It is so.\n\nThis is about rules[1].name.",
        );
        let element = rules.element_of_set();
        check(
            element.clone(),
            "It is so.\n\nThis is about an element of rules.",
        );
        check(
            element.attribute("name"),
            "It is so.\n\nThis is about name of an element of rules.",
        );
    }
}
