//! [`ParseError`]: where a file stops being HCL 1.

use std::fmt;

/// Where a file stops being HCL 1; without the offending text, which may be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParseError {
    pub(super) line: usize,
    pub(super) expected: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: expected {}", self.line, self.expected)
    }
}
