//! The parser of HCL 1 (hashicorp/hcl: hcl/parser/parser.go).

use super::error::ParseError;
use super::node::Node;
use super::scanner::{Lexeme, Scanner};

/// The parser refuses deeper nesting, which no configuration has.
const MAX_DEPTH: u32 = 64;

/// Why the parser stops.
enum Stop {
    /// The file ends, which HCL 1 accepts in some places.
    End,
    /// The lexeme is not one of those that may follow.
    Unexpected(ParseError),
    /// The text is not a lexeme.
    Illegal(ParseError),
}

impl From<ParseError> for Stop {
    fn from(error: ParseError) -> Self {
        Stop::Illegal(error)
    }
}

/// Returns the items of a file.
pub(super) fn parse(text: &str) -> Result<Vec<(String, Node)>, ParseError> {
    let mut parser = Parser {
        scanner: Scanner::new(text),
        lexeme: Lexeme::End,
        peeked: false,
    };
    let mut items = Vec::new();
    match parser.items(&mut items, Container::File, 0) {
        Ok(()) | Err(Stop::End) => Ok(items),
        Err(Stop::Unexpected(error) | Stop::Illegal(error)) => Err(error),
    }
}

/// What the items belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    File,
    Object,
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    /// The last lexeme.
    lexeme: Lexeme,
    /// Whether the next [`scan`](Parser::scan) returns the last lexeme again.
    peeked: bool,
}

impl Parser<'_> {
    fn scan(&mut self) -> Result<Lexeme, Stop> {
        if self.peeked {
            self.peeked = false;
        } else {
            self.lexeme = self.scanner.scan()?;
        }
        Ok(self.lexeme.clone())
    }

    fn peek(&mut self) -> Result<Lexeme, Stop> {
        let lexeme = self.scan()?;
        self.peeked = true;
        Ok(lexeme)
    }

    fn unexpected<T>(&self, expected: &'static str) -> Result<T, Stop> {
        Err(Stop::Unexpected(self.scanner.error(expected)))
    }

    fn items(
        &mut self,
        items: &mut Vec<(String, Node)>,
        container: Container,
        depth: u32,
    ) -> Result<(), Stop> {
        loop {
            if container == Container::Object && self.peek()? == Lexeme::CloseBrace {
                return Ok(());
            }
            match self.item(depth) {
                Ok(item) => items.push(item),
                Err(Stop::End) => return Ok(()),
                Err(stop) => return Err(stop),
            }
            if self.peek()? == Lexeme::Comma {
                self.peeked = false;
            }
        }
    }

    /// `key = value`, `key "label" {…}`, `key {…}`: labels become nested objects.
    fn item(&mut self, mut depth: u32) -> Result<(String, Node), Stop> {
        let mut keys = Vec::new();
        loop {
            match self.scan()? {
                Lexeme::Name(key) | Lexeme::Text(key) => {
                    self.check(depth)?;
                    keys.push(key);
                    depth += 1;
                }
                Lexeme::Assign if keys.len() > 1 => return self.unexpected("\"{\""),
                Lexeme::Assign | Lexeme::OpenBrace if !keys.is_empty() => break,
                Lexeme::End if keys.is_empty() => return Err(Stop::End),
                Lexeme::CloseBrace if !keys.is_empty() => {
                    // This brace must not close the object; see `object`.
                    self.lexeme = Lexeme::End;
                    return self.unexpected("\"=\" or \"{\"");
                }
                _ if keys.is_empty() => return self.unexpected("a name"),
                _ => return self.unexpected("\"=\" or \"{\""),
            }
        }
        let mut value = if self.lexeme == Lexeme::Assign {
            self.value(depth)?
        } else {
            self.object(depth)?
        };
        while keys.len() > 1
            && let Some(label) = keys.pop()
        {
            value = Node::Object(vec![(label, value)]);
        }
        // hashicorp/hcl scans the next lexeme, so an illegal one is an error even after the last item.
        self.peek()?;
        Ok((keys.pop().unwrap_or_default(), value))
    }

    fn value(&mut self, depth: u32) -> Result<Node, Stop> {
        match self.scan()? {
            Lexeme::Text(text) | Lexeme::Heredoc(text) => Ok(Node::Text(text)),
            Lexeme::Literal => Ok(Node::Other),
            Lexeme::OpenBrace => self.object(depth),
            Lexeme::OpenBracket => self.list(depth),
            Lexeme::End => Err(Stop::End),
            _ => self.unexpected("a value"),
        }
    }

    /// Reads an object, after its opening brace.
    fn object(&mut self, depth: u32) -> Result<Node, Stop> {
        self.check(depth)?;
        let mut items = Vec::new();
        match self.items(&mut items, Container::Object, depth) {
            // hashicorp/hcl accepts `{ a = }}`: the first brace ends the items, the second the object.
            Err(Stop::Unexpected(_)) if self.lexeme == Lexeme::CloseBrace => {}
            other => other?,
        }
        match self.scan()? {
            Lexeme::CloseBrace => Ok(Node::Object(items)),
            _ => self.unexpected("\"}\""),
        }
    }

    /// Reads a list, after its opening bracket.
    fn list(&mut self, depth: u32) -> Result<Node, Stop> {
        self.check(depth)?;
        let mut items = Vec::new();
        let mut ended = false;
        loop {
            let lexeme = self.scan()?;
            if ended && !matches!(lexeme, Lexeme::Comma | Lexeme::CloseBracket) {
                return self.unexpected("\",\" or \"]\"");
            }
            match lexeme {
                Lexeme::CloseBracket => return Ok(Node::List(items)),
                Lexeme::Comma => {
                    ended = false;
                    continue;
                }
                Lexeme::Text(text) | Lexeme::Heredoc(text) => items.push(Node::Text(text)),
                Lexeme::Literal => items.push(Node::Other),
                Lexeme::OpenBrace => items.push(self.object(depth + 1)?),
                Lexeme::OpenBracket => {
                    items.push(self.list(depth + 1)?);
                    // After a list the comma is optional.
                    continue;
                }
                _ => return self.unexpected("a value"),
            }
            ended = true;
        }
    }

    /// Refuses deep nesting with [`Stop::Illegal`], because `object` recovers from
    /// [`Stop::Unexpected`].
    fn check(&self, depth: u32) -> Result<(), Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::Illegal(self.scanner.error("less nesting")));
        }
        Ok(())
    }
}
