//! [`Run`]: what one terraform command did, and what a test expects of it.

use std::fmt;
use std::process::Output;

/// One finished terraform command.
pub(crate) struct Run {
    command: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    code: Option<i32>,
}

impl Run {
    pub(crate) fn new(command: String, output: Output) -> Self {
        Self {
            command,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code(),
        }
    }

    /// It ended well.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        self.exits(0)
    }

    /// It ended with an error, and not with a crash of the plugin.
    #[track_caller]
    pub(crate) fn fails(self) -> Self {
        let run = self.exits(1);
        for crash in ["Plugin did not respond", "panicked", "bug in the provider"] {
            run.does_not_say(crash);
        }
        run
    }

    /// Whether it ended with this code.
    pub(crate) fn ended_with(&self, code: i32) -> bool {
        self.code == Some(code)
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert!(self.ended_with(code), "did not end with {code}\n{self}");
        self
    }

    /// Its output contains the text, however the lines are broken.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.said(text), "not said: {text:?}\n{self}");
        self
    }

    /// Its output contains one of the texts.
    #[track_caller]
    pub(crate) fn says_one_of(&self, texts: &[&str]) -> &Self {
        let said = texts.iter().any(|text| self.said(text));
        assert!(said, "none said: {texts:?}\n{self}");
        self
    }

    /// Its output does not contain the text.
    #[track_caller]
    pub(crate) fn does_not_say(&self, text: &str) -> &Self {
        assert!(!self.said(text), "said: {text:?}\n{self}");
        self
    }

    pub(crate) fn said(&self, text: &str) -> bool {
        on_one_line(&format!("{} {}", self.stdout, self.stderr)).contains(&on_one_line(text))
    }
}

/// Terraform breaks lines to a width of its own.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("a signal".to_owned(), |c| c.to_string());
        write!(
            f,
            "$ {}\n{}{}\n(ended with {code})",
            self.command, self.stdout, self.stderr
        )
    }
}
