//! [`plain_text`]: text of the service or another program, made safe for a terminal.

use super::secret::hide_secrets;

/// A longer text of an error body is cut off.
const MAX_CHARACTERS: usize = 1000;

/// Returns the text on one line, without control characters and API tokens, and cut off after 1000 characters.
pub(crate) fn plain_text(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|next| if next.is_control() { ' ' } else { next })
        .collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = hide_secrets(&text);
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_on_one_line_without_control_characters_and_cut_off() {
        assert_eq!(
            plain_text(" \u{1b}[31m red\n\tand  long "),
            "[31m red and long"
        );
        assert_eq!(plain_text("of a.atlasv1.b"), "of (an API token, not shown)");
        let cut = plain_text(&"x".repeat(5000));
        assert_eq!(cut.chars().count(), MAX_CHARACTERS + 1);
    }
}
