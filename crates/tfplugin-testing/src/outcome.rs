//! [`Outcome`]: what an operation brought, and what the practitioner was told.

use tfplugin::{Diagnostic, Diagnostics, Severity};

/// What an operation brought, and what the practitioner was told. With an error there may be no value.
#[derive(Debug)]
#[must_use = "an operation may have failed"]
pub struct Outcome<T> {
    pub value: Option<T>,
    pub diagnostics: Diagnostics,
}

impl<T> Outcome<T> {
    pub fn new(value: Option<T>, diagnostics: Diagnostics) -> Self {
        Self { value, diagnostics }
    }

    pub fn failed(diagnostics: Diagnostics) -> Self {
        Self::new(None, diagnostics)
    }

    /// The value of an operation without an error. Warnings are allowed.
    #[track_caller]
    pub fn expect_ok(self) -> T {
        assert!(!self.diagnostics.has_error(), "{}", self.diagnostics);
        self.value
            .expect("an operation without an error has a value")
    }

    /// The value of an operation of which the practitioner was told nothing at all.
    #[track_caller]
    pub fn expect_silent(self) -> T {
        assert!(self.diagnostics.is_empty(), "{}", self.diagnostics);
        self.expect_ok()
    }

    /// The error with this summary, which must be the only one.
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

    /// The warning with this summary.
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
