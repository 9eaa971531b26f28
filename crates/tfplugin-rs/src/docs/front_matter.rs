//! The front matter of a page, which the Registry reads: title, subcategory, summary.

/// Renders the front matter. The provider's page has no subcategory, and other pages have an empty one.
///
/// The description becomes the page's summary in search results, so its Markdown is removed.
pub(super) fn render(page_title: &str, subcategory: Option<&str>, description: &str) -> String {
    let mut text = format!("---\npage_title: {}\n", quoted(page_title));
    if let Some(subcategory) = subcategory {
        text.push_str(&format!("subcategory: {}\n", quoted(subcategory)));
    }
    text.push_str("description: |-\n");
    for line in plain(description).lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text.push_str("---\n");
    text
}

/// Returns a YAML string between double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns the first paragraph of a Markdown text on one line, without links, code and emphasis.
fn plain(markdown: &str) -> String {
    let paragraph = markdown.trim().split("\n\n").next().unwrap_or_default();
    let joined = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some((before, label, after)) = next_link(rest) {
        text.push_str(before);
        text.push_str(label);
        rest = after;
    }
    text.push_str(rest);
    text.replace("**", "").replace('`', "")
}

/// Returns the text before the next `[label](target)`, its label, and the text after it.
fn next_link(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (label, rest) = rest.split_once("](")?;
    let (_target, after) = rest.split_once(')')?;
    Some((before, label, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_characters_with_a_meaning_in_yaml() {
        assert_eq!(
            render("say \"tfe\": \\", Some(""), "One line."),
            "---\npage_title: \"say \\\"tfe\\\": \\\\\"\nsubcategory: \"\"\n\
             description: |-\n  One line.\n---\n"
        );
    }

    #[test]
    fn the_summary_is_the_first_paragraph_without_markdown() {
        #[track_caller]
        fn check(markdown: &str, expected: &str) {
            assert_eq!(plain(markdown), expected, "{markdown}");
        }
        check("One.\nTwo.\n\nThree.", "One. Two.");
        check("A `token`, **not** a key.", "A token, not a key.");
        check(
            "See [the guide](https://example.com/a) and [b](c).",
            "See the guide and b.",
        );
        check("An array[0] of one.", "An array[0] of one.");
        check("", "");
    }
}
