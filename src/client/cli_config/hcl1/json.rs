//! The JSON form of HCL 1, as `terraform login` writes it.
//!
//! Everything that is JSON is read, and what hashicorp/hcl accepts beyond that (json/parser/parser.go):
//! commas too many or too few, and missing braces at the end. A file that was edited by hand works for
//! Terraform, so it works here.

use super::char_reader::{CharReader, is_space};
use super::error::ParseError;
use super::node::Node;

/// The parser refuses deeper nesting, which no configuration has.
const MAX_DEPTH: u32 = 64;

/// One lexeme.
#[derive(Clone, PartialEq)]
enum Lexeme {
    Text(String),
    /// A number, Boolean or null, whose value is not needed.
    Literal,
    Colon,
    Comma,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    End,
}

/// Why the parser stops.
enum Stop {
    /// The file ends, which is accepted in an object.
    End,
    /// The lexeme is not one of those that may follow. If it is a closing brace, it closes the object.
    Unexpected(ParseError),
    /// The text is not a lexeme, or is nested too deep.
    Illegal(ParseError),
}

/// Reads the first object of a text. What follows it is ignored, as hashicorp/hcl does.
pub(super) fn parse(text: &str) -> Result<Node, ParseError> {
    let mut parser = Parser {
        reader: CharReader::new(text),
        lexeme: Lexeme::End,
    };
    let root = match parser.scan() {
        Ok(Lexeme::OpenBrace) => parser.object(0),
        Ok(_) => parser.unexpected("an object"),
        Err(stop) => Err(stop),
    };
    match root {
        Ok(root) => Ok(root),
        Err(Stop::End) => Ok(Node::Object(Vec::new())),
        Err(Stop::Unexpected(error) | Stop::Illegal(error)) => Err(error),
    }
}

struct Parser<'a> {
    reader: CharReader<'a>,
    /// The last lexeme.
    lexeme: Lexeme,
}

impl Parser<'_> {
    /// Reads an object, after its opening brace.
    fn object(&mut self, depth: u32) -> Result<Node, Stop> {
        self.check(depth)?;
        let mut items = Vec::new();
        loop {
            match self.item(depth) {
                Ok(item) => items.push(item),
                Err(Stop::End) => break,
                // `}` instead of a name or value ends the object.
                Err(Stop::Unexpected(_)) if self.lexeme == Lexeme::CloseBrace => break,
                Err(stop) => return Err(stop),
            }
            // Anything but a comma ends the object.
            if self.scan()? != Lexeme::Comma {
                break;
            }
        }
        Ok(Node::Object(items))
    }

    /// `"key": value`. Further keys before the colon are nested objects.
    fn item(&mut self, mut depth: u32) -> Result<(String, Node), Stop> {
        let mut keys = Vec::new();
        loop {
            match self.scan()? {
                Lexeme::Text(key) => {
                    self.check(depth)?;
                    keys.push(key);
                    depth += 1;
                }
                Lexeme::Colon if !keys.is_empty() => break,
                Lexeme::End => return Err(Stop::End),
                _ => return self.unexpected("a name"),
            }
        }
        let mut value = match self.scan()? {
            Lexeme::Text(text) => Node::Text(text),
            Lexeme::Literal => Node::Other,
            Lexeme::OpenBrace => self.object(depth)?,
            Lexeme::OpenBracket => self.list(depth)?,
            Lexeme::End => return Err(Stop::End),
            _ => return self.unexpected("a value"),
        };
        while keys.len() > 1
            && let Some(key) = keys.pop()
        {
            value = Node::Object(vec![(key, value)]);
        }
        Ok((keys.pop().unwrap_or_default(), value))
    }

    /// Reads a list, after its opening bracket. Commas do not count.
    fn list(&mut self, depth: u32) -> Result<Node, Stop> {
        self.check(depth)?;
        let mut items = Vec::new();
        loop {
            items.push(match self.scan()? {
                Lexeme::CloseBracket => return Ok(Node::List(items)),
                Lexeme::Comma => continue,
                Lexeme::Text(text) => Node::Text(text),
                Lexeme::Literal => Node::Other,
                Lexeme::OpenBrace => self.object(depth + 1)?,
                Lexeme::OpenBracket => self.list(depth + 1)?,
                _ => return self.unexpected("a value"),
            });
        }
    }

    fn scan(&mut self) -> Result<Lexeme, Stop> {
        self.lexeme = scan(&mut self.reader).map_err(Stop::Illegal)?;
        Ok(self.lexeme.clone())
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T, Stop> {
        Err(Stop::Unexpected(self.reader.error(expected)))
    }

    fn check(&self, depth: u32) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::Illegal(self.reader.error("less nesting")));
        }
        Ok(())
    }
}

fn scan(reader: &mut CharReader<'_>) -> Result<Lexeme, ParseError> {
    reader.take_while(is_space);
    let Some(first) = reader.peek() else {
        return Ok(Lexeme::End);
    };
    if first.is_ascii_alphanumeric() || first == '-' {
        let word = reader
            .take_while(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '+' | '.'));
        let digits = word.trim_start_matches('-');
        let is_number = digits.starts_with(|digit: char| digit.is_ascii_digit());
        return match word {
            "true" | "false" | "null" => Ok(Lexeme::Literal),
            _ if is_number => Ok(Lexeme::Literal),
            _ => Err(reader.error("JSON")),
        };
    }
    reader.next();
    Ok(match first {
        '"' => Lexeme::Text(string(reader)?),
        ':' => Lexeme::Colon,
        ',' => Lexeme::Comma,
        '{' => Lexeme::OpenBrace,
        '}' => Lexeme::CloseBrace,
        '[' => Lexeme::OpenBracket,
        ']' => Lexeme::CloseBracket,
        _ => return Err(reader.error("JSON")),
    })
}

/// Reads a string, after its opening quote.
fn string(reader: &mut CharReader<'_>) -> Result<String, ParseError> {
    let mut text = String::new();
    loop {
        match reader.next() {
            Some('"') => return Ok(text),
            Some('\\') => match reader.peek() {
                Some('/') => {
                    reader.next();
                    text.push('/');
                }
                _ => match surrogates(reader) {
                    Some(character) => text.push(character),
                    None => text.push(reader.escape()?),
                },
            },
            None | Some('\n') => return Err(reader.error("the end of a string")),
            Some(next) => text.push(next),
        }
    }
}

/// Reads a character that JSON writes as two escape sequences of UTF-16, after the first backslash.
fn surrogates(reader: &mut CharReader<'_>) -> Option<char> {
    let rest = reader.rest();
    let unit = |from: usize| u16::from_str_radix(rest.get(from..from + 4)?, 16).ok();
    if !rest.starts_with('u') || rest.get(5..7)? != "\\u" {
        return None;
    }
    let units = [unit(1)?, unit(7)?];
    let character = char::decode_utf16(units).next()?.ok()?;
    // Two characters of their own are read one after the other.
    if u32::from(character) < 0x1_0000 {
        return None;
    }
    reader.skip("uXXXX\\uXXXX".len());
    Some(character)
}
