//! [`Position`]: the position of a value, in a form that a diagnostic can carry.

use crate::diag::{Diagnostic, Severity};
use crate::path::{Path, PathStep};
use crate::value::Type;

/// The position of a value. The protocol has no path to an element of a set, so a value in a set has the path of the
/// set.
#[derive(Clone)]
pub(super) struct Position {
    path: Path,
    /// The path within an element of the set at `path`.
    in_set: Option<Path>,
}

impl Position {
    pub(super) fn root() -> Self {
        Self {
            path: Path::root(),
            in_set: None,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Self {
        self.with(PathStep::Attribute(name.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.with(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    pub(super) fn key(&self, key: &str) -> Self {
        self.with(PathStep::Key(key.to_owned()))
    }

    /// Returns the position of an element of the set at this position.
    pub(super) fn element_of_set(&self) -> Self {
        Self {
            path: self.path.clone(),
            in_set: Some(self.in_set.clone().unwrap_or_default()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn with(&self, step: PathStep) -> Self {
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

    /// Returns the position of a path that a validator reported about a value here, which is of the type.
    pub(super) fn of(&self, path: &Path, ty: &Type) -> Self {
        let Some(below) = path.steps().strip_prefix(self.path.steps()) else {
            return Self {
                path: path.clone(),
                in_set: None,
            };
        };
        let mut position = self.clone();
        let mut ty = Some(ty);
        for step in below {
            if let Some(Type::Set(element)) = ty {
                // The index in a set means nothing.
                position = position.element_of_set();
                ty = Some(element);
            } else {
                ty = ty.and_then(|ty| within(ty, step));
                position = position.with(step.clone());
            }
        }
        position
    }

    /// Adds the position to a diagnostic. Terraform shows the line of an attribute at the top or of a block; for
    /// anything deeper the detail names the path too.
    pub(super) fn locate(&self, diagnostic: Diagnostic) -> Diagnostic {
        let path = &self.path;
        let about = match &self.in_set {
            Some(within) if within.is_root() => format!("an element of {path}"),
            Some(within) => format!("{within} of an element of {path}"),
            None if path.steps().len() > 1 => path.to_string(),
            None => return diagnostic.at(path.clone()),
        };
        let detail = format!("{}\n\nThis is about {about}.", diagnostic.detail());
        let located = match diagnostic.severity() {
            Severity::Error => Diagnostic::error(diagnostic.summary(), detail),
            Severity::Warning => Diagnostic::warning(diagnostic.summary(), detail),
        };
        located.at(path.clone())
    }
}

fn within<'t>(ty: &'t Type, step: &PathStep) -> Option<&'t Type> {
    match (ty, step) {
        (Type::Object(object), PathStep::Attribute(name)) => object.attributes.get(name),
        (Type::Map(element), PathStep::Key(_)) | (Type::List(element), PathStep::Index(_)) => {
            Some(element)
        }
        (Type::Tuple(types), PathStep::Index(index)) => types.get(usize::try_from(*index).ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_stays_at_the_set() {
        let rules = Position::root().attribute("rules");
        assert_eq!(rules.index(1).path().to_string(), "rules[1]");
        let element = rules.element_of_set();
        assert_eq!(element.attribute("name").key("k").path(), rules.path());
    }

    #[test]
    fn a_validator_that_reports_an_element_of_a_set_reports_the_set() {
        let ty = Type::list(Type::object([("names", Type::set(Type::String))]));
        let position = Position::root().attribute("rules");
        let found = position.path().index(0).attribute("names").index(3);
        assert_eq!(
            position.of(&found, &ty).path().to_string(),
            "rules[0].names"
        );
        let other = Path::of("other").index(3);
        assert_eq!(position.of(&other, &ty).path(), &other);
    }

    #[test]
    fn a_detail_names_the_path_where_terraform_cannot_show_the_line() {
        #[track_caller]
        fn check(position: Position, detail: &str) {
            let located = position.locate(Diagnostic::warning("A Warning", "It is so."));
            assert_eq!(located.detail(), detail);
            assert_eq!(located.severity(), Severity::Warning);
        }
        let rules = Position::root().attribute("rules");
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
