//! [`Fault`]: what is wrong with a value, and where.
//!
//! A fault starts without a path. Each level that returns it adds its step, so no path is built for a value without a
//! fault. A fault names kinds of values, never their content.

use std::collections::BTreeMap;

use super::{ObjectType, Value};
use crate::{Diagnostic, Diagnostics, Path, PathStep};

/// What is wrong with a value, and where.
#[derive(Debug)]
pub(super) struct Fault {
    /// Innermost first.
    steps: Vec<PathStep>,
    /// A clause without capital and full stop.
    message: String,
    /// Whether the message comes from an author's type, which may have quoted content.
    foreign: bool,
}

/// Whose mistake a fault is.
#[derive(Clone, Copy)]
pub(super) enum Blame {
    /// The bytes that Terraform sent do not fit the schema.
    Terraform,
    /// The state file does not fit the schema.
    State,
    /// The provider's own model does not fit the schema or the value.
    Provider,
}

impl Fault {
    /// Makes a fault of this value. The message is a clause without capital and full stop.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            steps: Vec::new(),
            message: message.into(),
            foreign: false,
        }
    }

    /// Makes a fault with the message of an author's type.
    pub(super) fn foreign(message: String) -> Self {
        Self {
            foreign: true,
            ..Self::new(message)
        }
    }

    /// Withholds the message of an author's type about a sensitive value, because it may quote the value.
    pub(super) fn discreet(mut self) -> Self {
        if self.foreign {
            self.message = "the sensitive value is not valid (the reason is withheld, for it may \
                            quote the value)"
                .to_owned();
            self.foreign = false;
        }
        self
    }

    /// Returns the message, a clause without capital and full stop.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Makes the fault of a value of the wrong kind.
    pub(super) fn mismatch(
        expected: impl std::fmt::Display,
        found: impl std::fmt::Display,
    ) -> Self {
        Self::new(format!("expected {expected}, found {found}"))
    }

    /// Makes the fault of nesting that would exhaust the stack.
    pub(super) fn too_deep() -> Self {
        Self::new("the value is nested too deep")
    }

    /// Makes the fault of an attribute that the type has and the value lacks.
    pub(super) fn missing(name: &str) -> Self {
        Self::new("the attribute is missing").under_attribute(name)
    }

    /// Makes the fault of an attribute that the value has and the type lacks.
    pub(super) fn extra(name: &str) -> Self {
        Self::new("the schema has no such attribute").under_attribute(name)
    }

    /// Makes the fault of an attribute that the value has twice.
    pub(super) fn twice(name: &str) -> Self {
        Self::new("the attribute is there twice").under_attribute(name)
    }

    /// Fails unless a tuple has its type's length.
    pub(super) fn check_tuple(found: usize, expected: usize) -> Result<(), Self> {
        if found == expected {
            return Ok(());
        }
        Err(Self::mismatch(
            format_args!("a tuple of {expected}"),
            format_args!("{found} elements"),
        ))
    }

    /// Fails unless an object has exactly its type's attributes. Then both are in one order.
    pub(super) fn check_attributes(
        found: &BTreeMap<String, Value>,
        expected: &ObjectType,
    ) -> Result<(), Self> {
        if let Some(extra) = found
            .keys()
            .find(|name| !expected.attributes.contains_key(*name))
        {
            return Err(Self::extra(extra));
        }
        match expected
            .attributes
            .keys()
            .find(|name| !found.contains_key(*name))
        {
            Some(missing) => Err(Self::missing(missing)),
            None => Ok(()),
        }
    }

    /// Adds the step that leads to the value.
    pub(super) fn under(mut self, step: PathStep) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds the name of the attribute.
    pub(super) fn under_attribute(self, name: &str) -> Self {
        self.under(PathStep::Attribute(name.to_owned()))
    }

    /// Adds the key of the element.
    pub(super) fn under_key(self, key: &str) -> Self {
        self.under(PathStep::Key(key.to_owned()))
    }

    /// Adds the index of the element.
    pub(super) fn under_index(self, index: usize) -> Self {
        self.under(PathStep::Index(i64::try_from(index).unwrap_or(i64::MAX)))
    }

    /// Marks it as a fault in an element of a set. Such elements have no path: it ends at the set, and the
    /// path within the element becomes part of the message.
    pub(super) fn under_set(mut self) -> Self {
        if !self.steps.is_empty() {
            self.message = format!(
                "in one of the elements, at {}: {}",
                self.path(),
                self.message
            );
            self.steps.clear();
        }
        self
    }

    fn path(&self) -> Path {
        let steps = self.steps.iter().rev().cloned();
        steps.fold(Path::root(), |path, step| path.with(step))
    }

    /// Makes the diagnostic that the practitioner sees.
    pub(super) fn into_diagnostics(self, blame: Blame) -> Diagnostics {
        let path = self.path();
        let place = if path.is_root() {
            "As a whole".to_owned()
        } else {
            format!("At {path}")
        };
        let (summary, before, after) = match blame {
            Blame::Terraform => (
                "Invalid Value From Terraform",
                "Terraform sent a value that does not fit the provider's schema.",
                "Either Terraform or the provider is at fault. Please report it to the provider's \
                 developers.",
            ),
            Blame::State => (
                "Invalid Value In Stored State",
                "The state holds a value that does not fit the provider's schema.",
                "If the state was written by a newer version of the provider, use that version. If \
                 it was edited by hand, restore it from a backup.",
            ),
            Blame::Provider => (
                "Value Conversion Error",
                "A value could not be converted between the provider's schema and its own model.",
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
