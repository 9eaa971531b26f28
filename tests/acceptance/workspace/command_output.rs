//! [`CommandOutput`]: what a finished command printed, and what a test expects of it.

use std::fmt;
use std::process::Output;

/// A finished command: its output and its exit code.
pub(crate) struct CommandOutput {
    command: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    code: Option<i32>,
}

impl CommandOutput {
    pub(crate) fn new(command: String, output: Output) -> Self {
        Self {
            command,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code(),
        }
    }

    /// Expects exit code 0.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// Expects exit code 1, and an error that is not a crash of the plugin.
    #[track_caller]
    pub(crate) fn fails(self) -> Self {
        let output = self.exits(1);
        for crash in ["Plugin did not respond", "panicked", "bug in the provider"] {
            output.does_not_print(crash);
        }
        output
    }

    /// Returns whether the command exited with this code.
    pub(crate) fn exited_with(&self, code: i32) -> bool {
        self.code == Some(code)
    }

    /// Expects this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert!(self.exited_with(code), "did not exit with {code}\n{self}");
        self
    }

    /// Expects the text in the output, however Terraform breaks the lines.
    #[track_caller]
    pub(crate) fn prints(&self, text: &str) -> &Self {
        assert!(self.printed(text), "not printed: {text:?}\n{self}");
        self
    }

    /// Expects at least one of the texts in the output.
    #[track_caller]
    pub(crate) fn prints_one_of(&self, texts: &[&str]) -> &Self {
        let printed = texts.iter().any(|text| self.printed(text));
        assert!(printed, "none printed: {texts:?}\n{self}");
        self
    }

    /// Expects that the text is not in the output.
    #[track_caller]
    pub(crate) fn does_not_print(&self, text: &str) -> &Self {
        assert!(!self.printed(text), "printed: {text:?}\n{self}");
        self
    }

    /// Returns whether the text is in the output, however Terraform breaks the lines.
    pub(crate) fn printed(&self, text: &str) -> bool {
        on_one_line(&self.all()).contains(&on_one_line(text))
    }

    /// Returns stdout and stderr as one text.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// Joins the lines: Terraform breaks them at a width of its own.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for CommandOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("a signal".to_owned(), |c| c.to_string());
        write!(
            f,
            "$ {}\n{}{}\n(ended with {code})",
            self.command, self.stdout, self.stderr
        )
    }
}
