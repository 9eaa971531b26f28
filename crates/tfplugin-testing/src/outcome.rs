//! [`Outcome`]: the value and the diagnostics of an operation.

use tfplugin::{Diagnostic, Diagnostics, Severity};

/// The value and the diagnostics of an operation. After an error there may be no value.
#[derive(Debug)]
#[must_use = "an operation may have failed"]
pub struct Outcome<T> {
    /// The result of the operation.
    pub value: Option<T>,
    /// The diagnostics that the practitioner sees.
    pub diagnostics: Diagnostics,
}

impl<T> Outcome<T> {
    /// Makes an outcome with a value.
    pub fn new(value: Option<T>, diagnostics: Diagnostics) -> Self {
        Self { value, diagnostics }
    }

    /// Makes an outcome without a value.
    pub fn failed(diagnostics: Diagnostics) -> Self {
        Self::new(None, diagnostics)
    }

    /// Returns the value. Warnings are allowed.
    ///
    /// # Panics
    ///
    /// Panics if there is an error.
    #[track_caller]
    pub fn expect_ok(self) -> T {
        assert!(!self.diagnostics.has_error(), "{}", self.diagnostics);
        self.value
            .expect("an operation without an error has a value")
    }

    /// Returns the value of an operation without any diagnostic.
    ///
    /// # Panics
    ///
    /// Panics if there is an error or a warning.
    #[track_caller]
    pub fn expect_no_diagnostics(self) -> T {
        assert!(self.diagnostics.is_empty(), "{}", self.diagnostics);
        self.expect_ok()
    }

    /// Returns the error with this summary.
    ///
    /// # Panics
    ///
    /// Panics if there is no such error, or if there are others.
    #[track_caller]
    pub fn expect_error(&self, summary: &str) -> &Diagnostic {
        let errors: Vec<_> = self.of(Severity::Error).collect();
        match errors.as_slice() {
            [error] if error.summary() == summary => error,
            [] => panic!("there was no error, but {summary:?} was expected"),
            _ => panic!(
                "{summary:?} was expected alone, but there was:\n\n{}",
                self.diagnostics
            ),
        }
    }

    /// Returns the warning with this summary.
    ///
    /// # Panics
    ///
    /// Panics if there is no such warning.
    #[track_caller]
    pub fn expect_warning(&self, summary: &str) -> &Diagnostic {
        self.of(Severity::Warning)
            .find(|one| one.summary() == summary)
            .unwrap_or_else(|| {
                panic!(
                    "the warning {summary:?} was expected, but there was:\n\n{}",
                    self.diagnostics
                )
            })
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(move |one| one.severity() == severity)
    }
}

impl<T> From<Result<T, Diagnostics>> for Outcome<T> {
    fn from(result: Result<T, Diagnostics>) -> Self {
        match result {
            Ok(value) => Self::new(Some(value), Diagnostics::new()),
            Err(diagnostics) => Self::failed(diagnostics),
        }
    }
}

/// Joins a result and the diagnostics that came before it.
pub(crate) fn outcome<T>(
    result: Result<T, Diagnostics>,
    mut diagnostics: Diagnostics,
) -> Outcome<T> {
    match result {
        Ok(value) => Outcome::new(Some(value), diagnostics),
        Err(errors) => {
            diagnostics.extend(errors);
            Outcome::failed(diagnostics)
        }
    }
}
