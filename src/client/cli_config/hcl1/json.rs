//! The JSON form of HCL 1 (hashicorp/hcl: json/scanner/scanner.go, json/parser/parser.go).
//!
//! It forgives what no JSON reader should: a comma before a closing brace, braces that are missing at
//! the end, and whatever follows the first object. A file that was cut off there still holds tokens.

use super::cursor::{Cursor, Quoting, is_space};
use super::{MAX_DEPTH, Node, ParseError, Stop};

/// The items of a file that starts with `{`.
pub(super) fn parse(text: &str) -> Result<Vec<(String, Node)>, ParseError> {
    let mut parser = Parser {
        cursor: Cursor::new(text),
        token: Token::End,
    };
    parser.cursor.take_while(|next| next != '{');
    parser.cursor.next();
    let mut items = Vec::new();
    match parser.object_into(&mut items, 0) {
        Ok(()) | Err(Stop::End) => Ok(items),
        Err(Stop::Unexpected(error) | Stop::Illegal(error)) => Err(error),
    }
}

#[derive(Clone, PartialEq)]
enum Token {
    Text(String),
    Number,
    Boolean,
    Null,
    Mark(char),
    End,
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    /// The token that was read last.
    token: Token,
}

impl Parser<'_> {
    fn scan(&mut self) -> Result<Token, Stop> {
        let cursor = &mut self.cursor;
        cursor.take_while(is_space);
        self.token = match cursor.peek() {
            None => Token::End,
            Some('"') => {
                cursor.next();
                Token::Text(cursor.quoted(Quoting::Json)?)
            }
            Some(mark @ ('{' | '}' | '[' | ']' | ',' | ':')) => {
                cursor.next();
                Token::Mark(mark)
            }
            Some('0'..='9' | '-' | '.') => {
                cursor.take_while(|next| {
                    next.is_ascii_digit() || matches!(next, '-' | '+' | '.' | 'e' | 'E')
                });
                Token::Number
            }
            Some(_) => {
                match cursor.take_while(|next| next.is_alphanumeric() || matches!(next, '_' | '-'))
                {
                    "true" | "false" => Token::Boolean,
                    "null" => Token::Null,
                    _ => return Err(cursor.error("JSON").into()),
                }
            }
        };
        Ok(self.token.clone())
    }

    fn unexpected<T>(&self) -> Result<T, Stop> {
        Err(Stop::Unexpected(self.cursor.error("JSON")))
    }

    /// The items of an object, after its opening brace. Anything but a comma ends it.
    fn object_into(&mut self, items: &mut Vec<(String, Node)>, depth: u32) -> Result<(), Stop> {
        self.check(depth)?;
        loop {
            match self.item(depth) {
                Ok(item) => items.push(item),
                Err(Stop::Unexpected(_)) if self.token == Token::Mark('}') => return Ok(()),
                Err(Stop::End) => return Ok(()),
                Err(stop) => return Err(stop),
            }
            if self.scan()? != Token::Mark(',') {
                return Ok(());
            }
        }
    }

    fn item(&mut self, depth: u32) -> Result<(String, Node), Stop> {
        let mut keys = Vec::new();
        loop {
            match self.scan()? {
                Token::Text(key) => keys.push(key),
                Token::Mark(':') if !keys.is_empty() => break,
                Token::End => return Err(Stop::End),
                _ => return self.unexpected(),
            }
        }
        let mut value = match self.scan()? {
            Token::Text(text) => Node::Text(text),
            Token::Number | Token::Boolean | Token::Null => Node::Other,
            Token::Mark('{') => self.object(depth + 1)?,
            Token::Mark('[') => self.list(depth + 1)?,
            Token::End => return Err(Stop::End),
            Token::Mark(_) => return self.unexpected(),
        };
        while keys.len() > 1
            && let Some(key) = keys.pop()
        {
            value = Node::Object(vec![(key, value)]);
        }
        Ok((keys.pop().unwrap_or_default(), value))
    }

    fn object(&mut self, depth: u32) -> Result<Node, Stop> {
        let mut items = Vec::new();
        self.object_into(&mut items, depth)?;
        Ok(Node::Object(items))
    }

    /// A list, after its opening bracket. Lists in it are not nested: the first `]` ends it.
    fn list(&mut self, depth: u32) -> Result<Node, Stop> {
        self.check(depth)?;
        let mut items = Vec::new();
        loop {
            match self.scan()? {
                Token::Text(text) => items.push(Node::Text(text)),
                Token::Number => items.push(Node::Other),
                Token::Mark('{') => items.push(self.object(depth + 1)?),
                Token::Mark(']') => return Ok(Node::List(items)),
                Token::Boolean | Token::Mark('[' | ',') => {}
                Token::Null | Token::End | Token::Mark(_) => return self.unexpected(),
            }
        }
    }

    fn check(&self, depth: u32) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::Illegal(self.cursor.error("less nesting")));
        }
        Ok(())
    }
}
