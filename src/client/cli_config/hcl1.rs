//! A reader of HCL 1 and its JSON form, for Terraform's CLI configuration only.
//!
//! HCL 1 is not HCL 2: blocks and objects are the same, keys may be quoted or dotted, `=` before an
//! object is optional, items need no separator, and `${` in a string is text. The reader accepts what
//! hashicorp/hcl v1 does, so that a file that works for Terraform works here, and refuses nearly
//! everything else. `tests/acceptance/cli_config` compares it with a real terraform and lists the
//! differences. Nothing is evaluated.

mod char_reader;
mod error;
mod heredoc;
mod json;
mod node;
mod parser;
mod scanner;

use self::error::ParseError;
pub(crate) use self::node::Node;

/// Reads a whole file; JSON when it starts with `{`.
pub(crate) fn parse(text: &str) -> Result<Node, ParseError> {
    // Terraform refuses the byte order mark that some editors write.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n");
    if let Some(position) = text.find('\0') {
        return Err(ParseError {
            line: 1 + text[..position].matches('\n').count(),
            expected: "a text, not a binary file",
        });
    }
    if text.trim_start().starts_with('{') {
        json::parse(&text)
    } else {
        parser::parse(&text).map(Node::Object)
    }
}

#[cfg(test)]
mod tests;
