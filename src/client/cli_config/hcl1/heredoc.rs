//! Heredocs of HCL 1 (hashicorp/hcl: hcl/scanner/scanner.go, hcl/token/token.go).

use super::char_reader::CharReader;
use super::error::ParseError;

/// Reads a heredoc, after its first `<`: from `<<MARK` up to a line that holds only `MARK`.
///
/// After `<<-MARK` every line loses the indentation of the closing mark, if all of them have it. The
/// closing line of such a heredoc must be indented.
pub(super) fn read(reader: &mut CharReader<'_>) -> Result<String, ParseError> {
    if reader.next() != Some('<') {
        return Err(reader.error("a second \"<\" of a heredoc"));
    }
    let indented = reader.peek() == Some('-');
    if indented {
        reader.next();
    }
    let mark = reader.take_while(|next| next.is_alphabetic() || next.is_numeric() || next == '_');
    if mark.is_empty() || reader.peek() != Some('\n') {
        return Err(reader.error("a heredoc's mark"));
    }
    reader.next();
    let shortest = mark.len() + usize::from(indented);
    let body = reader.rest();
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        let Some(line) = line.strip_suffix('\n') else {
            break;
        };
        let indentation = &line[..line.len() - line.trim_start_matches(is_space).len()];
        let closes = line[indentation.len()..].trim_end_matches('\r') == mark;
        if closes && line.len() >= shortest {
            reader.skip(length + line.len() + 1);
            let text = &body[..length];
            return Ok(if indented {
                unindented(text, indentation)
            } else {
                text.to_owned()
            });
        }
        length += line.len() + 1;
    }
    Err(reader.error("the end of a heredoc"))
}

fn unindented(text: &str, indentation: &str) -> String {
    let lines = || text.split_inclusive('\n');
    if lines().all(|line| line.starts_with(indentation)) {
        lines().map(|line| &line[indentation.len()..]).collect()
    } else {
        text.to_owned()
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\u{b}' | '\u{c}' | '\r')
}
