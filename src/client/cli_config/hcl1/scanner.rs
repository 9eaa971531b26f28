//! [`Scanner`]: the lexemes of HCL 1 (hashicorp/hcl: hcl/scanner/scanner.go).

use super::char_reader::{CharReader, is_space};
use super::error::ParseError;
use super::heredoc;

/// One lexeme.
#[derive(Clone, PartialEq)]
pub(super) enum Lexeme {
    /// A name without quotes.
    Name(String),
    /// A quoted text.
    Text(String),
    /// A heredoc, which is a value but never a key.
    Heredoc(String),
    /// A number or Boolean, whose value is not needed.
    Literal,
    Assign,
    Comma,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    /// `.`, `+` or `-` outside of a number, which no rule of the parser accepts.
    Operator,
    End,
}

pub(super) struct Scanner<'a>(CharReader<'a>);

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(CharReader::new(text))
    }

    pub(super) fn error(&self, expected: &'static str) -> ParseError {
        self.0.error(expected)
    }

    /// Returns the next lexeme, without comments.
    pub(super) fn scan(&mut self) -> Result<Lexeme, ParseError> {
        let reader = &mut self.0;
        loop {
            reader.take_while(is_space);
            let rest = reader.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                reader.take_while(|next| next != '\n');
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let end = comment
                    .find("*/")
                    .ok_or_else(|| reader.error("the end of a comment"))?;
                reader.skip("/*".len() + end + "*/".len());
            } else {
                break;
            }
        }
        let Some(first) = reader.peek() else {
            return Ok(Lexeme::End);
        };
        if is_letter(first) {
            let name = reader.take_while(|next| {
                is_letter(next) || next.is_numeric() || matches!(next, '-' | '.')
            });
            return Ok(match name {
                "true" | "false" => Lexeme::Literal,
                _ => Lexeme::Name(name.to_owned()),
            });
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        reader.next();
        let digit_follows = reader.peek().is_some_and(|next| next.is_ascii_digit());
        Ok(match first {
            '"' => Lexeme::Text(reader.quoted()?),
            '<' => Lexeme::Heredoc(heredoc::read(reader)?),
            '=' => Lexeme::Assign,
            ',' => Lexeme::Comma,
            '{' => Lexeme::OpenBrace,
            '}' => Lexeme::CloseBrace,
            '[' => Lexeme::OpenBracket,
            ']' => Lexeme::CloseBracket,
            '-' if digit_follows => return self.number(),
            '.' if digit_follows => {
                digits(reader);
                exponent(reader);
                Lexeme::Literal
            }
            '.' | '+' | '-' => Lexeme::Operator,
            _ => return Err(reader.error("a name or a value")),
        })
    }

    /// Reads a number. It ends at its last digit: `a=1b=2` are two items.
    fn number(&mut self) -> Result<Lexeme, ParseError> {
        let reader = &mut self.0;
        if reader.rest().starts_with("0x") || reader.rest().starts_with("0X") {
            reader.skip("0x".len());
            if reader
                .take_while(|next| next.is_ascii_hexdigit())
                .is_empty()
            {
                return Err(reader.error("a hexadecimal number"));
            }
            return Ok(Lexeme::Literal);
        }
        digits(reader);
        if reader.peek() == Some('.') {
            reader.next();
            digits(reader);
        }
        exponent(reader);
        Ok(Lexeme::Literal)
    }
}

fn digits(reader: &mut CharReader<'_>) {
    reader.take_while(|next| next.is_ascii_digit());
}

fn exponent(reader: &mut CharReader<'_>) {
    if matches!(reader.peek(), Some('e' | 'E')) {
        reader.next();
        if matches!(reader.peek(), Some('+' | '-')) {
            reader.next();
        }
        digits(reader);
    }
}

fn is_letter(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}
