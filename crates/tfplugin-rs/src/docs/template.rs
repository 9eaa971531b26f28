//! The placeholders of a template.
//!
//! A placeholder is alone on its line: `{{ header }}`, `{{ schema }}`, or `{{ example "path" }}` with a path below the
//! folder of examples. A guide has examples only. All other lines are copied.

/// Why a page cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A placeholder does not exist, or not on this kind of page.
    #[error("line {line}: {placeholder} is not a placeholder")]
    UnknownPlaceholder {
        /// The line's number, from 1.
        line: usize,
        /// The text between the braces.
        placeholder: String,
    },
    /// A guide's template does not begin with a title (`# …`) and a paragraph.
    #[error("a guide begins with a title, and a paragraph that says what it is about")]
    NoTitle,
    /// An example does not exist.
    #[error("line {line}: there is no example {path}")]
    NoExample {
        /// The line's number, from 1.
        line: usize,
        /// The example's path below the folder of examples.
        path: String,
    },
}

/// What replaces the placeholders.
pub(super) struct Parts<'a> {
    /// The object of the page. `None` for a guide.
    pub(super) object: Option<Object<'a>>,
    pub(super) example: &'a dyn Fn(&str) -> Option<String>,
}

/// The rendered parts of an object.
pub(super) struct Object<'a> {
    pub(super) header: &'a str,
    pub(super) schema: &'a str,
}

/// Replaces the placeholders of a template.
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

/// Returns the text between the braces, if the line is a placeholder.
fn placeholder(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim())
}

/// Returns the replacement of a placeholder, with a line break at its end.
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

/// Renders a block of code. Its language follows from the file's name.
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
    fn replaces_placeholders_that_are_alone_on_their_line() {
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
    fn reports_the_line_of_a_wrong_placeholder() {
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
