//! [`CharReader`]: a position in the text, and the strings of HCL 1.

use super::error::ParseError;

pub(super) struct CharReader<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> CharReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.position += next.len_utf8();
        Some(next)
    }

    /// Advances by a number of bytes.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.position += bytes;
    }

    /// Takes the characters before the first that does not satisfy the predicate.
    pub(super) fn take_while(&mut self, predicate: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|next| !predicate(next)).unwrap_or(rest.len())];
        self.skip(taken.len());
        taken
    }

    pub(super) fn error(&self, expected: &'static str) -> ParseError {
        let line = 1 + self.text[..self.position].matches('\n').count();
        ParseError { line, expected }
    }

    /// Reads a quoted text, after its opening quote. Inside `${…}` quotes do not end it, and escape
    /// sequences stay as they are.
    pub(super) fn quoted(&mut self) -> Result<String, ParseError> {
        let mut text = String::new();
        let mut braces = 0_u32;
        loop {
            let start = self.rest();
            let next = self
                .next()
                .ok_or_else(|| self.error("the end of a string"))?;
            match next {
                '"' if braces == 0 => return Ok(text),
                '\n' if braces == 0 => return Err(self.error("the end of a string")),
                '\\' => {
                    let meant = self.escape()?;
                    if braces == 0 {
                        text.push(meant);
                    } else {
                        text.push_str(&start[..start.len() - self.rest().len()]);
                    }
                    continue;
                }
                '$' if braces == 0 && self.peek() == Some('{') => {
                    self.next();
                    text.push_str("${");
                    braces = 1;
                    continue;
                }
                '{' if braces > 0 => braces += 1,
                '}' if braces > 0 => braces -= 1,
                _ => {}
            }
            text.push(next);
        }
    }

    /// Reads an escape sequence, after its backslash. A byte or code point that is not a character
    /// becomes U+FFFD.
    pub(super) fn escape(&mut self) -> Result<char, ParseError> {
        let next = self.peek();
        let (radix, digits) = match next {
            Some('0'..='7') => (8, 3),
            Some('x') => (16, 2),
            Some('u') => (16, 4),
            Some('U') => (16, 8),
            _ => {
                let meant = match next {
                    Some('a') => '\u{7}',
                    Some('b') => '\u{8}',
                    Some('f') => '\u{c}',
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('t') => '\t',
                    Some('v') => '\u{b}',
                    Some(itself @ ('\\' | '"')) => itself,
                    _ => return Err(self.error("an escape sequence")),
                };
                self.next();
                return Ok(meant);
            }
        };
        if radix == 16 {
            self.next();
        }
        let code = self
            .rest()
            .get(..digits)
            .filter(|text| text.chars().all(|digit| digit.is_digit(radix)))
            .and_then(|text| u32::from_str_radix(text, radix).ok())
            .ok_or_else(|| self.error("an escape sequence"))?;
        self.skip(digits);
        Ok(match digits {
            2 | 3 if code > 0x7f => char::REPLACEMENT_CHARACTER,
            _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
        })
    }
}

/// Whether HCL 1 counts the character as white space.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}
