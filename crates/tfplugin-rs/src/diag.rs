//! [`Diagnostic`] and [`Diagnostics`]: errors and warnings for the practitioner.

use std::fmt;

use super::path::Path;

/// Whether a diagnostic is an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// The operation continued, but the practitioner should know.
    Warning,
}

/// An error or a warning for the practitioner.
///
/// The *summary* names in Title Case what failed, without values, so that it can be searched for. The *detail* is whole
/// sentences: what happened, with names; why, as far as known; what to do; last the API's own message. If an attribute
/// is at fault, the diagnostic has its path, and Terraform shows the line.
///
/// ```
/// use tfplugin::{Diagnostic, Diagnostics, Path};
///
/// fn check(port: i64) -> Result<(), Diagnostics> {
///     if port > 0 {
///         return Ok(());
///     }
///     let detail = format!("The port is {port}. Set a port from 1 to 65535.");
///     Err(Diagnostic::error("Invalid Port", detail).at(Path::of("port")).into())
/// }
/// assert!(check(0).unwrap_err().has_error());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    summary: String,
    detail: String,
    path: Option<Path>,
}

impl Diagnostic {
    /// Makes an error: a summary in Title Case and a detail in sentences.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: None,
        }
    }

    /// Makes a warning: a summary in Title Case and a detail in sentences.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(summary, detail)
        }
    }

    /// Makes an error that is a bug in the provider. It asks the practitioner to report it.
    pub fn bug(detail: impl fmt::Display) -> Self {
        Self::error(
            "Provider Bug",
            format!(
                "{detail}\n\nThis is a bug in the provider. Please report it to its developers."
            ),
        )
    }

    /// Sets the attribute that the diagnostic is about.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = Some(path);
        self
    }

    /// Returns the severity: error or warning.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns what failed, in Title Case.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Returns what happened, why, and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns the attribute that the diagnostic is about. `None` for the whole object.
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

/// Errors and warnings, in the order in which they were added. As the `Err` of a result it has at least one error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Makes an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic, unless an equal one was added before.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.contains(&diagnostic) {
            self.0.push(diagnostic);
        }
    }

    /// Returns whether at least one is an error.
    pub fn has_error(&self) -> bool {
        self.0.iter().any(|one| one.severity == Severity::Error)
    }

    /// Returns whether there are no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns an iterator in the order in which the diagnostics were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Rewrites every summary and detail.
    pub(crate) fn rewrite(self, rewrite: impl Fn(String) -> String) -> Self {
        let mut rewritten = Self::new();
        rewritten.extend(self.0.into_iter().map(|one| Diagnostic {
            summary: rewrite(one.summary),
            detail: rewrite(one.detail),
            ..one
        }));
        rewritten
    }

    /// Returns the warnings, if there is no error.
    ///
    /// # Errors
    ///
    /// Returns all of them, warnings too, if at least one is an error.
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
