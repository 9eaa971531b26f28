//! [`Fault`]: what is wrong with a value, and where.
//!
//! A fault starts without a place; each level that it passes on the way out adds its step, so that
//! a value without fault costs no paths. It names kinds of values, never their content.

use crate::tfplugin::{Diagnostic, Diagnostics, Path, Step};

/// What is wrong with a value, and where.
#[derive(Debug)]
pub(super) struct Fault {
    /// Innermost first.
    steps: Vec<Step>,
    /// A clause without capital and full stop.
    message: String,
}

/// Who is told, and of whose mistake.
#[derive(Clone, Copy)]
pub(super) enum Voice {
    /// The bytes that Terraform sent do not fit the schema.
    Wire,
    /// The state file does not fit the schema.
    State,
    /// The provider's own model does not fit the schema or the value.
    Conversion,
}

impl Fault {
    /// Something is wrong right here: a clause without capital and full stop.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            steps: Vec::new(),
            message: message.into(),
        }
    }

    /// The wrong kind of value.
    pub(super) fn mismatch(
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) -> Self {
        Self::new(format!("expected {expected}, found {found}"))
    }

    /// The same, seen from one level further out.
    pub(super) fn under(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// The same, seen from the attribute's object.
    pub(super) fn under_attribute(self, name: &str) -> Self {
        self.under(Step::Attribute(name.to_owned()))
    }

    /// The same, seen from the element's map.
    pub(super) fn under_key(self, key: &str) -> Self {
        self.under(Step::Key(key.to_owned()))
    }

    /// The same, seen from the element's list or tuple.
    pub(super) fn under_index(self, index: usize) -> Self {
        self.under(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// The same, seen from the element's set, whose elements have no names: the path ends here.
    pub(super) fn under_set(mut self) -> Self {
        self.steps.clear();
        self
    }

    /// What the practitioner is told.
    pub(super) fn into_diagnostics(self, voice: Voice) -> Diagnostics {
        let path = self
            .steps
            .into_iter()
            .rev()
            .fold(Path::root(), |path, step| path.with(step));
        let place = if path.is_root() {
            "As a whole".to_owned()
        } else {
            format!("At {path}")
        };
        let (summary, before, after) = match voice {
            Voice::Wire => (
                "Invalid Value From Terraform",
                "Terraform sent a value that does not fit the provider's schema.",
                "Either Terraform or the provider is at fault. Please report it to the provider's developers.",
            ),
            Voice::State => (
                "Invalid Value In Stored State",
                "The state holds a value that does not fit the provider's schema.",
                "If the state was written by a newer version of the provider, use that version. If it was edited by hand, restore it from a backup.",
            ),
            Voice::Conversion => (
                "Value Conversion Error",
                "A value could not be converted between the provider's schema and its own data.",
                "This is a bug in the provider. Please report it to its developers.",
            ),
        };
        let detail = format!("{before} {place}: {}.\n\n{after}", self.message);
        let diagnostic = Diagnostic::error(summary, detail);
        if path.is_root() {
            diagnostic
        } else {
            diagnostic.at(path)
        }
        .into()
    }
}
