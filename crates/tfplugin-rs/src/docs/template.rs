//! The placeholders of a template.
//!
//! A placeholder stands alone on its line: `{{ header }}`, `{{ schema }}`, or
//! `{{ example "path" }}`, where the path is one below the examples' folder. A guide is about no
//! object, and has examples only. Everything else is Markdown and stays as it is.

/// Why a page cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A line looks like a placeholder, and is none of those there are.
    #[error("line {line}: {placeholder} is not a placeholder")]
    UnknownPlaceholder {
        /// The line's number, from 1.
        line: usize,
        /// What stands there.
        placeholder: String,
    },
    /// A guide's template does not begin with `# `, a title, and a text below it.
    #[error("a guide begins with a title, and a paragraph that says what it is about")]
    NoTitle,
    /// The example is not there.
    #[error("line {line}: there is no example {path}")]
    NoExample {
        /// The line's number, from 1.
        line: usize,
        /// The example's path below the examples' folder.
        path: String,
    },
}

/// What fills the placeholders.
pub(super) struct Parts<'a> {
    /// What the page is about; `None` for a guide.
    pub(super) object: Option<Object<'a>>,
    pub(super) example: &'a dyn Fn(&str) -> Option<String>,
}

/// What is known of the object of a page.
pub(super) struct Object<'a> {
    pub(super) header: &'a str,
    pub(super) schema: &'a str,
}

/// Fills a template in.
pub(super) fn fill(template: &str, parts: &Parts<'_>) -> Result<String, TemplateError> {
    let mut page = String::with_capacity(template.len());
    for (index, line) in template.lines().enumerate() {
        match placeholder(line) {
            Some(placeholder) => page.push_str(&part(placeholder, index + 1, parts)?),
            None => {
                page.push_str(line);
                page.push('\n');
            }
        }
    }
    Ok(page)
}

/// What is between the braces, if the line is a placeholder.
fn placeholder(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim())
}

/// What takes a placeholder's place, with a line break at its end.
fn part(placeholder: &str, line: usize, parts: &Parts<'_>) -> Result<String, TemplateError> {
    let path = placeholder
        .strip_prefix("example ")
        .and_then(|path| path.trim().strip_prefix('"')?.strip_suffix('"'));
    match (placeholder, path, &parts.object) {
        ("header", _, Some(object)) => Ok(object.header.to_owned()),
        ("schema", _, Some(object)) => Ok(object.schema.to_owned()),
        (_, Some(path), _) => match (parts.example)(path) {
            Some(text) => Ok(fenced(path, &text)),
            None => Err(TemplateError::NoExample {
                line,
                path: path.to_owned(),
            }),
        },
        (_, None, _) => Err(TemplateError::UnknownPlaceholder {
            line,
            placeholder: placeholder.to_owned(),
        }),
    }
}

/// A block of code, in the language that the file's name tells.
fn fenced(path: &str, text: &str) -> String {
    let language = match path.rsplit_once('.') {
        Some((_, "tf" | "hcl")) => "terraform",
        Some((_, "sh")) => "shell",
        _ => "text",
    };
    format!("```{language}\n{}\n```\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Result<String, TemplateError> {
        fill(
            template,
            &Parts {
                object: Some(Object {
                    header: "HEADER\n",
                    schema: "SCHEMA\n",
                }),
                example: &|path| {
                    ["a.tf", "b.sh", "c.md", "d.tfquery.hcl"]
                        .contains(&path)
                        .then(|| format!("text of {path}\n\n"))
                },
            },
        )
    }

    #[test]
    fn fills_in_placeholders_that_stand_alone_on_their_line() {
        #[track_caller]
        fn check(template: &str, expected: &str) {
            assert_eq!(filled(template).as_deref(), Ok(expected), "{template}");
        }
        check("{{ header }}\nText.\n", "HEADER\nText.\n");
        check("{{schema}}", "SCHEMA\n");
        check(
            "{{ example \"a.tf\" }}\n",
            "```terraform\ntext of a.tf\n```\n",
        );
        check(
            "{{ example \"d.tfquery.hcl\" }}\n",
            "```terraform\ntext of d.tfquery.hcl\n```\n",
        );
        check("{{ example \"b.sh\" }}\n", "```shell\ntext of b.sh\n```\n");
        check("{{ example \"c.md\" }}\n", "```text\ntext of c.md\n```\n");
        check("Inline {{ header }} stays.", "Inline {{ header }} stays.\n");
    }

    #[test]
    fn says_on_which_line_a_placeholder_is_wrong() {
        assert_eq!(
            filled("\n{{ shema }}").unwrap_err().to_string(),
            "line 2: shema is not a placeholder"
        );
        assert_eq!(
            filled("{{ example a.tf }}").unwrap_err().to_string(),
            "line 1: example a.tf is not a placeholder"
        );
        assert_eq!(
            filled("{{ example \"e.tf\" }}").unwrap_err().to_string(),
            "line 1: there is no example e.tf"
        );
    }
}
