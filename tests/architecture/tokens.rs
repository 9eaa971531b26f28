//! The tokens of Rust source text, as far as the rules need them.

/// Splits a text into names, numbers, `::` and single signs. Comments and literals of text are left out, and so are
/// items under `#[cfg(test)]`.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    without_test_items(&all(text))
}

fn all(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match literal(rest) {
            Some(length) => length,
            None => {
                let length = match first {
                    _ if is_name(rest) => name(rest),
                    ':' if rest.starts_with("::") => 2,
                    _ => first.len_utf8(),
                };
                tokens.push(&rest[..length]);
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    tokens
}

/// The length of the comment, text, character or lifetime that begins here.
fn literal(rest: &str) -> Option<usize> {
    let until = |end: &str, from: usize| {
        let found = rest[from..].find(end);
        found.map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return Some(until("\n", 2));
    }
    if rest.starts_with("/*") {
        return Some(until("*/", 2));
    }
    let text = rest.trim_start_matches(['b', 'c']);
    let prefix = rest.len() - text.len();
    if text.starts_with('"') && prefix <= 1 {
        return Some(prefix + quoted(text, b'"'));
    }
    if let Some(raw) = text.strip_prefix('r')
        && prefix <= 1
    {
        let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            return Some(until(&end, prefix + 1 + hashes + 1));
        }
    }
    let character = rest.strip_prefix('\'')?;
    let mut characters = character.chars();
    match (characters.next()?, characters.next()?) {
        ('\\', _) => Some(quoted(rest, b'\'')),
        (one, '\'') => Some(1 + one.len_utf8() + 1),
        _ => Some(1 + name(character).max(1)),
    }
}

/// The length of a text with its quotes.
fn quoted(text: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether a text begins with a name, a keyword or a number.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphanumeric() || first == '_')
}

fn name(text: &str) -> usize {
    text.find(|one: char| !(one.is_alphanumeric() || one == '_'))
        .unwrap_or(text.len())
}

fn without_test_items<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at..].starts_with(&TEST) {
            at = end_of_item(tokens, at + TEST.len());
        } else {
            kept.push(tokens[at]);
            at += 1;
        }
    }
    kept
}

/// Where the item ends that begins at a token: behind its `;`, or behind the braces that it opens.
fn end_of_item(tokens: &[&str], begin: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(begin) {
        match *token {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                // `use x::{…};` goes on to its semicolon.
                if depth == 0 && tokens.get(at + 1) != Some(&";") {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

#[test]
fn comments_literals_and_test_items_are_left_out() {
    let text = r##"
        //! crate::a
        /* crate::b */
        let x = ["crate::c // {", 'd', '\'', b"e"];
        let y: &'static str = r#"crate::"f"#;
        #[cfg(test)]
        use crate::{g, h};
        #[cfg(test)]
        #[allow(unused)]
        mod tests { use crate::i; }
        j::k()
    "##;
    let expected = "let x = [ , , , ] ; let y : & str = ; j :: k ( )";
    assert_eq!(tokens(text).join(" "), expected);
}
