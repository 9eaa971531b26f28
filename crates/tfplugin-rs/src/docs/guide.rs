//! [`Guide`]: a page about a task.

use super::front_matter;
use super::template::{self, Parts, TemplateError};

/// A page about a task. Its template begins with the title and a summary, of which the front matter is made. Its only
/// placeholders are examples.
///
/// ```
/// use tfplugin::docs::Guide;
///
/// let guide = Guide::new("change-a-bulb");
/// let template = "# Change a bulb\n\nWithout a fall.\n\n{{ example \"guides/bulb.tf\" }}\n";
///
/// assert_eq!(guide.path(), "guides/change-a-bulb.md");
/// let page = guide.render(template, &|_| Some("bulb {}".to_owned())).unwrap();
/// assert!(page.starts_with("---\npage_title: \"Change a bulb\"\n"));
/// assert!(page.contains("```terraform\nbulb {}\n```\n"));
/// ```
#[derive(Clone, Debug)]
pub struct Guide {
    name: String,
}

impl Guide {
    /// Makes the guide of this name, which is also the name of its file.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns its path below the folder of pages. The template has the same path with `.tmpl` appended.
    pub fn path(&self) -> String {
        format!("guides/{}.md", self.name)
    }

    /// Renders the page: a front matter, and the template with its placeholders replaced. `example` returns the text
    /// of a file below the folder of examples.
    ///
    /// # Errors
    ///
    /// Returns an error if the template has no title, an unknown placeholder, or an example that does not exist.
    pub fn render(
        &self,
        template: &str,
        example: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, TemplateError> {
        let (title, rest) = template
            .strip_prefix("# ")
            .and_then(|text| text.split_once("\n\n"))
            .ok_or(TemplateError::NoTitle)?;
        let text = template::fill(
            template,
            &Parts {
                object: None,
                example,
            },
        )?;
        Ok(format!(
            "{}\n{text}",
            front_matter::render(title, Some(""), rest)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(template: &str) -> Result<String, TemplateError> {
        Guide::new("change").render(template, &|_| None)
    }

    #[test]
    fn the_front_matter_is_made_of_the_title_and_the_first_paragraph() {
        assert_eq!(
            rendered("# Change a \"bulb\"\n\nWithout\na `fall`.\n\n## First\n").as_deref(),
            Ok(
                "---\npage_title: \"Change a \\\"bulb\\\"\"\nsubcategory: \"\"\ndescription: |-\n  \
                 Without a fall.\n---\n\n# Change a \"bulb\"\n\nWithout\na `fall`.\n\n## First\n"
            )
        );
    }

    #[test]
    fn placeholders_of_an_object_are_refused() {
        for placeholder in ["{{ schema }}", "{{ header }}"] {
            let error = rendered(&format!("# Title\n\nText.\n\n{placeholder}\n")).unwrap_err();
            assert!(error.to_string().contains("line 5"), "{error}");
        }
    }

    #[test]
    fn a_template_without_a_title_is_refused() {
        for template in ["", "Text.\n\nMore.\n", "# Title only\n"] {
            assert_eq!(
                rendered(template),
                Err(TemplateError::NoTitle),
                "{template}"
            );
        }
    }
}
