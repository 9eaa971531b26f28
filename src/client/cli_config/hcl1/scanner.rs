//! [`Scanner`]: the tokens of HCL 1 (hashicorp/hcl: hcl/scanner/scanner.go).

use super::cursor::{Cursor, is_space};
use super::error::ParseError;
use super::heredoc;

/// One token.
#[derive(Clone, PartialEq)]
pub(super) enum Token {
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

pub(super) struct Scanner<'a>(Cursor<'a>);

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(Cursor::new(text))
    }

    pub(super) fn error(&self, expected: &'static str) -> ParseError {
        self.0.error(expected)
    }

    /// Returns the next token, without comments.
    pub(super) fn scan(&mut self) -> Result<Token, ParseError> {
        let cursor = &mut self.0;
        loop {
            cursor.take_while(is_space);
            let rest = cursor.rest();
            if rest.starts_with('#') || rest.starts_with("//") {
                cursor.take_while(|next| next != '\n');
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let end = comment
                    .find("*/")
                    .ok_or_else(|| cursor.error("the end of a comment"))?;
                cursor.skip("/*".len() + end + "*/".len());
            } else {
                break;
            }
        }
        let Some(first) = cursor.peek() else {
            return Ok(Token::End);
        };
        if is_letter(first) {
            let name = cursor.take_while(|next| {
                is_letter(next) || next.is_numeric() || matches!(next, '-' | '.')
            });
            return Ok(match name {
                "true" | "false" => Token::Literal,
                _ => Token::Name(name.to_owned()),
            });
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        cursor.next();
        let digit_follows = cursor.peek().is_some_and(|next| next.is_ascii_digit());
        Ok(match first {
            '"' => Token::Text(cursor.quoted()?),
            '<' => Token::Heredoc(heredoc::read(cursor)?),
            '=' => Token::Assign,
            ',' => Token::Comma,
            '{' => Token::OpenBrace,
            '}' => Token::CloseBrace,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            '-' if digit_follows => return self.number(),
            '.' if digit_follows => {
                digits(cursor);
                exponent(cursor);
                Token::Literal
            }
            '.' | '+' | '-' => Token::Operator,
            _ => return Err(cursor.error("a name or a value")),
        })
    }

    /// Reads a number. It ends at its last digit: `a=1b=2` are two items.
    fn number(&mut self) -> Result<Token, ParseError> {
        let cursor = &mut self.0;
        if cursor.rest().starts_with("0x") || cursor.rest().starts_with("0X") {
            cursor.skip("0x".len());
            if cursor
                .take_while(|next| next.is_ascii_hexdigit())
                .is_empty()
            {
                return Err(cursor.error("a hexadecimal number"));
            }
            return Ok(Token::Literal);
        }
        digits(cursor);
        if cursor.peek() == Some('.') {
            cursor.next();
            digits(cursor);
        }
        exponent(cursor);
        Ok(Token::Literal)
    }
}

fn digits(cursor: &mut Cursor<'_>) {
    cursor.take_while(|next| next.is_ascii_digit());
}

fn exponent(cursor: &mut Cursor<'_>) {
    if matches!(cursor.peek(), Some('e' | 'E')) {
        cursor.next();
        if matches!(cursor.peek(), Some('+' | '-')) {
            cursor.next();
        }
        digits(cursor);
    }
}

fn is_letter(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}
