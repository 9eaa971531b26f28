//! A reader of HCL 1 and its JSON form, for Terraform's CLI configuration only.
//!
//! HCL 1 is not HCL 2: blocks and objects are one thing, keys may be quoted or dotted, `=` before
//! an object is optional, items need no separator, and `${` in a string is text (hashicorp/hcl v1,
//! scanner and parser). It reads a little more than Terraform accepts, never less. Nothing here
//! evaluates anything.

mod node;

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
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text)
            .map(from_json)
            .map_err(|error| ParseError {
                line: error.line(),
                expected: "JSON",
            });
    }
    let mut reader = Reader { text, position: 0 };
    let items = reader.items(None, 0)?;
    Ok(Node::Object(items))
}

fn from_json(value: serde_json::Value) -> Node {
    match value {
        serde_json::Value::String(text) => Node::Text(text),
        serde_json::Value::Array(items) => Node::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(items) => Node::Object(
            items
                .into_iter()
                .map(|(name, value)| (name, from_json(value)))
                .collect(),
        ),
        _ => Node::Other,
    }
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.position += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.advance();
        }
        found
    }

    fn error(&self, expected: &'static str) -> ParseError {
        let line = 1 + self.text[..self.position].matches('\n').count();
        ParseError { line, expected }
    }

    /// Skips white space and comments.
    fn skip(&mut self) -> Result<(), ParseError> {
        loop {
            let rest = self.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.position += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let end = rest
                    .find("*/")
                    .ok_or_else(|| self.error("the end of a comment"))?;
                self.position += end + "*/".len();
            } else if rest.starts_with(char::is_whitespace) {
                self.advance();
            } else {
                return Ok(());
            }
        }
    }

    /// The items of a file (`end` is `None`) or of an object.
    fn items(&mut self, end: Option<char>, depth: u32) -> Result<Vec<(String, Node)>, ParseError> {
        if depth > MAX_DEPTH {
            return Err(self.error("less nesting"));
        }
        let mut items = Vec::new();
        loop {
            self.skip()?;
            match (self.peek(), end) {
                (None, None) => return Ok(items),
                (None, Some(_)) => return Err(self.error("\"}\"")),
                (Some(next), Some(end)) if next == end => {
                    self.advance();
                    return Ok(items);
                }
                _ => {}
            }
            items.push(self.item(depth)?);
            self.skip()?;
            self.take(',');
        }
    }

    /// `key = value`, `key "label" {…}`, `key {…}`: labels become nested objects.
    fn item(&mut self, depth: u32) -> Result<(String, Node), ParseError> {
        let first = self.key()?;
        let mut labels = Vec::new();
        let mut value = loop {
            self.skip()?;
            match self.peek() {
                Some('=') => {
                    self.advance();
                    self.skip()?;
                    break self.value(depth)?;
                }
                Some('{') => {
                    self.advance();
                    break Node::Object(self.items(Some('}'), depth + 1)?);
                }
                _ => labels.push(self.key()?),
            }
        };
        for label in labels.into_iter().rev() {
            value = Node::Object(vec![(label, value)]);
        }
        Ok((first, value))
    }

    fn key(&mut self) -> Result<String, ParseError> {
        if self.peek() == Some('"') {
            return self.string();
        }
        let rest = self.rest();
        let end = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.error("a name"));
        }
        self.position += end;
        Ok(rest[..end].to_owned())
    }

    fn value(&mut self, depth: u32) -> Result<Node, ParseError> {
        match self.peek() {
            Some('"') => self.string().map(Node::Text),
            Some('{') => {
                self.advance();
                self.items(Some('}'), depth + 1).map(Node::Object)
            }
            Some('[') => {
                self.advance();
                self.list(depth + 1)
            }
            Some('<') => self.heredoc().map(Node::Text),
            _ => {
                let rest = self.rest();
                let end = rest
                    .find(|next| !(is_word(next) || next == '+'))
                    .unwrap_or(rest.len());
                if end == 0 {
                    return Err(self.error("a value"));
                }
                self.position += end;
                Ok(Node::Other)
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Node, ParseError> {
        if depth > MAX_DEPTH {
            return Err(self.error("less nesting"));
        }
        let mut items = Vec::new();
        loop {
            self.skip()?;
            if self.take(']') {
                return Ok(Node::List(items));
            }
            items.push(self.value(depth)?);
            self.skip()?;
            if !self.take(',') && self.peek() != Some(']') {
                return Err(self.error("\",\" or \"]\""));
            }
        }
    }

    /// A quoted text. Inside `${…}` quotes do not end it and escapes stay as written.
    fn string(&mut self) -> Result<String, ParseError> {
        self.advance();
        let mut text = String::new();
        let mut braces = 0_u32;
        loop {
            let next = self
                .advance()
                .ok_or_else(|| self.error("the end of a string"))?;
            match next {
                '"' if braces == 0 => return Ok(text),
                '\n' if braces == 0 => return Err(self.error("the end of a string")),
                '\\' if braces == 0 => text.push(self.escape()?),
                '$' if braces == 0 && self.peek() == Some('{') => {
                    self.advance();
                    text.push_str("${");
                    braces = 1;
                }
                '{' if braces > 0 => {
                    braces += 1;
                    text.push(next);
                }
                '}' if braces > 0 => {
                    braces -= 1;
                    text.push(next);
                }
                _ => text.push(next),
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let next = self.advance();
        let (digits, radix, consumed) = match next {
            Some('a') => return Ok('\u{7}'),
            Some('b') => return Ok('\u{8}'),
            Some('f') => return Ok('\u{c}'),
            Some('n') => return Ok('\n'),
            Some('r') => return Ok('\r'),
            Some('t') => return Ok('\t'),
            Some('v') => return Ok('\u{b}'),
            Some(same @ ('\\' | '"')) => return Ok(same),
            Some('x') => (2, 16, 0),
            Some('u') => (4, 16, 0),
            Some('U') => (8, 16, 0),
            Some('0'..='7') => (3, 8, 1),
            _ => return Err(self.error("an escape sequence")),
        };
        let start = self.position - consumed;
        self.text
            .get(start..start + digits)
            .and_then(|digits| u32::from_str_radix(digits, radix).ok())
            .and_then(char::from_u32)
            .inspect(|_| self.position = start + digits)
            .ok_or_else(|| self.error("an escape sequence"))
    }

    /// `<<MARK` up to a line that holds only `MARK`; `<<-MARK` takes the common indentation away.
    fn heredoc(&mut self) -> Result<String, ParseError> {
        let rest = self.rest();
        let header = rest
            .strip_prefix("<<")
            .ok_or_else(|| self.error("a value"))?;
        let (line, body) = header
            .split_once('\n')
            .ok_or_else(|| self.error("a heredoc"))?;
        let (mark, indented) = match line.trim_end().strip_prefix('-') {
            Some(mark) => (mark, true),
            None => (line.trim_end(), false),
        };
        if mark.is_empty() {
            return Err(self.error("a heredoc's mark"));
        }
        let mut lines = Vec::new();
        let mut end = rest.len() - body.len();
        for line in body.split_inclusive('\n') {
            if line.trim() == mark {
                // The line's end stays: it separates this item from the next.
                self.position += end + line.trim_end().len();
                return Ok(joined(&lines, indented));
            }
            end += line.len();
            lines.push(line);
        }
        Err(self.error("the end of a heredoc"))
    }
}

fn joined(lines: &[&str], indented: bool) -> String {
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = if indented {
        lines.iter().map(indent).min().unwrap_or(0)
    } else {
        0
    };
    lines.iter().map(|line| &line[common..]).collect()
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

#[cfg(test)]
mod tests;
