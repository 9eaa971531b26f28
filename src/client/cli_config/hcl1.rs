//! A reader of HCL 1 and its JSON form, for Terraform's CLI configuration only.
//!
//! HCL 1 is not HCL 2: blocks and objects are one thing, keys may be quoted or dotted, `=` before
//! an object is optional, items need no separator, and `${` in a string is text. What is read and
//! what is refused follows hashicorp/hcl v1, its oddities included, because a file that Terraform
//! takes must not be lost here; a real terraform judges it in `tests/acceptance/cli_config`.
//! Nothing here evaluates anything.

mod cursor;
mod heredoc;
mod json;
mod node;
mod parser;
mod scanner;

use std::fmt;

pub(crate) use self::node::Node;

/// Deeper nesting than any configuration has is refused, not followed.
const MAX_DEPTH: u32 = 64;

/// Where a file stops being HCL 1; without the offending text, which may be a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParseError {
    line: usize,
    expected: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: expected {}", self.line, self.expected)
    }
}

/// Reads a whole file; JSON when it starts with `{`.
pub(crate) fn parse(text: &str) -> Result<Node, ParseError> {
    // Terraform refuses the byte order mark that some editors write; its meaning is plain.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n");
    if let Some(position) = text.find('\0') {
        return Err(ParseError {
            line: 1 + text[..position].matches('\n').count(),
            expected: "a text, not a binary file",
        });
    }
    let items = if text.trim_start().starts_with('{') {
        json::parse(&text)?
    } else {
        parser::parse(&text)?
    };
    Ok(Node::Object(items))
}

/// What ends the reading of a part.
enum Stop {
    /// The file ends here, which both languages forgive in places.
    End,
    /// Another token was expected.
    Unexpected(ParseError),
    /// No token can be made of the text.
    Illegal(ParseError),
}

impl From<ParseError> for Stop {
    fn from(error: ParseError) -> Self {
        Stop::Illegal(error)
    }
}

#[cfg(test)]
mod tests;
