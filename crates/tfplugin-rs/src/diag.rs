//! [`Diagnostic`] and [`Diagnostics`]: what a practitioner is told.
//!
//! A *summary* names in Title Case what failed, without values, so that it can be searched for. A
//! *detail* is whole sentences: what happened, with names; why, as far as known; what to do; last
//! the API's own words. Where an attribute is at fault, the diagnostic carries its path and
//! Terraform shows the line.

use std::fmt;

use super::path::Path;

/// Whether a diagnostic stops the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation went on; a practitioner should know.
    Warning,
}

/// One message to the practitioner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    summary: String,
    detail: String,
    path: Option<Path>,
}

impl Diagnostic {
    /// An error: a summary in Title Case and a detail in sentences.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
        }
    }

    /// A warning: a summary in Title Case and a detail in sentences.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// An error in the provider itself, which no practitioner can mend.
    pub fn bug(detail: impl fmt::Display) -> Self {
        Self::error(
            "Provider Bug",
            format!(
                "{detail}\n\nThis is a bug in the provider. Please report it to its developers."
            ),
        )
    }

    /// The same message about one attribute.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// Whether it stops the operation.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What failed, in Title Case.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// What happened, why, and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The attribute it is about; `None`: the whole body.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_ref()
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        write!(f, "{severity}: {}", self.summary)?;
        if let Some(path) = self.path.as_ref().filter(|path| !path.is_root()) {
            write!(f, " (at {path})")?;
        }
        write!(f, "\n\n{}", self.detail)
    }
}

/// Messages in the order they came up. As the `Err` of a result it holds at least one error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// No message.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one message. One that is there already, word for word, is not added again.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }

    /// Whether an error is among them.
    pub fn has_error(&self) -> bool {
        self.0.iter().any(|one| one.severity == Severity::Error)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages, first come first.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// `Ok` unless an error is among them.
    pub fn into_result(self) -> Result<Self, Self> {
        if self.has_error() {
            Err(self)
        } else {
            Ok(self)
        }
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: T) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, diagnostic) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}
