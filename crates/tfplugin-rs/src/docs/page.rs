//! [`Page`]: a page about an object of the provider.

use super::template::{self, Object, Parts, TemplateError};
use super::{front_matter, schema_section};
use crate::schema::{ObjectKind, Schema};

impl ObjectKind {
    /// Returns the folder of its pages and examples. `None` for the provider, whose page is at the top.
    fn folder(self) -> Option<&'static str> {
        match self {
            Self::Provider => None,
            Self::Resource => Some("resources"),
            Self::EphemeralResource => Some("ephemeral-resources"),
            Self::DataSource => Some("data-sources"),
            Self::ListResource => Some("list-resources"),
            Self::Action => Some("actions"),
        }
    }

    /// Returns the file of its first example.
    fn example_file(self) -> &'static str {
        match self {
            Self::Provider => "provider.tf",
            Self::Resource => "resource.tf",
            Self::EphemeralResource => "ephemeral-resource.tf",
            Self::DataSource => "data-source.tf",
            Self::ListResource => "list-resource.tfquery.hcl",
            Self::Action => "action.tf",
        }
    }

    /// Returns the name of the kind in titles.
    fn title(self) -> &'static str {
        match self {
            Self::Provider => "Provider",
            Self::Resource => "Resource",
            Self::EphemeralResource => "Ephemeral Resource",
            Self::DataSource => "Data Source",
            Self::ListResource => "List Resource",
            Self::Action => "Action",
        }
    }
}

/// A page about an object of the provider: its path and its text.
#[derive(Clone, Debug)]
pub struct Page {
    provider: &'static str,
    kind: ObjectKind,
    name: &'static str,
    schema: Schema,
}

impl Page {
    /// Makes the page about an object of a provider. `name` is its full name, such as `tfe_project`; for
    /// [`ObjectKind::Provider`], the name of the provider.
    pub fn new(
        provider: &'static str,
        kind: ObjectKind,
        name: &'static str,
        schema: Schema,
    ) -> Self {
        Self {
            provider,
            kind,
            name,
            schema,
        }
    }

    /// Returns the kind of object.
    pub fn kind(&self) -> ObjectKind {
        self.kind
    }

    /// Returns the schema of the object.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Returns its path below the folder of pages, such as `resources/project.md`. The template has the same path with
    /// `.tmpl` appended.
    pub fn path(&self) -> String {
        match self.kind.folder() {
            None => "index.md".to_owned(),
            Some(folder) => {
                let name = self
                    .name
                    .strip_prefix(self.provider)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .unwrap_or(self.name);
                format!("{folder}/{name}.md")
            }
        }
    }

    /// Returns the path of its first example below the folder of examples.
    pub fn example(&self) -> String {
        let file = self.kind.example_file();
        match self.kind.folder() {
            None => format!("provider/{file}"),
            Some(folder) => format!("{folder}/{}/{file}", self.name),
        }
    }

    /// Returns the template for a page without text of its own: header, first example, schema.
    pub fn default_template(&self) -> String {
        format!(
            "{{{{ header }}}}\n\n## Example Usage\n\n{{{{ example \"{}\" }}}}\n\n{{{{ schema }}}}\n",
            self.example()
        )
    }

    /// Renders the page: the template with its placeholders replaced. `example` returns the text of a file below the
    /// folder of examples.
    ///
    /// # Errors
    ///
    /// Returns an error if the template has an unknown placeholder, or an example that does not exist.
    pub fn render(
        &self,
        template: &str,
        example: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, TemplateError> {
        template::fill(
            template,
            &Parts {
                object: Some(Object {
                    header: &self.header(),
                    schema: &schema_section::render(&self.schema),
                }),
                example,
            },
        )
    }

    /// Renders front matter, title and description.
    fn header(&self) -> String {
        let (page_title, title) = match self.kind {
            ObjectKind::Provider => (
                format!("Provider: {}", self.name),
                format!("{} Provider", self.name),
            ),
            kind => (
                format!("{} {} - {}", self.name, kind.title(), self.provider),
                format!("{} ({})", self.name, kind.title()),
            ),
        };
        let description = self.schema.description().trim();
        let subcategory = self.kind.folder().map(|_| "");
        let mut text = front_matter::render(&page_title, subcategory, description);
        text.push_str(&format!("\n# {title}\n\n{description}\n"));
        if let Some(instead) = self.schema.deprecation() {
            text.push_str(&format!("\n~> **Deprecated:** {instead}\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Attribute;
    use crate::value::Type;

    fn lamp() -> Schema {
        Schema::new("A [lamp](https://example.com).\n\nIt shines.")
            .deprecated("Use a candle.")
            .attribute("id", Attribute::computed(Type::String, "Which lamp."))
    }

    #[test]
    fn every_kind_of_page_has_its_path() {
        #[track_caller]
        fn check(kind: ObjectKind, path: &str, example: &str) {
            let page = Page::new("house", kind, "house_lamp", lamp());
            assert_eq!(
                (page.path().as_str(), page.example().as_str()),
                (path, example)
            );
        }
        check(ObjectKind::Provider, "index.md", "provider/provider.tf");
        check(
            ObjectKind::Resource,
            "resources/lamp.md",
            "resources/house_lamp/resource.tf",
        );
        check(
            ObjectKind::EphemeralResource,
            "ephemeral-resources/lamp.md",
            "ephemeral-resources/house_lamp/ephemeral-resource.tf",
        );
        check(
            ObjectKind::DataSource,
            "data-sources/lamp.md",
            "data-sources/house_lamp/data-source.tf",
        );
        check(
            ObjectKind::ListResource,
            "list-resources/lamp.md",
            "list-resources/house_lamp/list-resource.tfquery.hcl",
        );
        check(
            ObjectKind::Action,
            "actions/lamp.md",
            "actions/house_lamp/action.tf",
        );
    }

    #[test]
    fn a_name_without_the_providers_prefix_is_kept() {
        for name in ["lamp", "houseboat"] {
            let page = Page::new("house", ObjectKind::Resource, name, lamp());
            assert_eq!(page.path(), format!("resources/{name}.md"));
        }
    }

    #[test]
    fn renders_a_whole_page() {
        let page = Page::new("house", ObjectKind::Resource, "house_lamp", lamp());
        let text = page
            .render(&page.default_template(), &|_| Some("lamp {}\n".to_owned()))
            .unwrap();
        assert_eq!(
            text,
            "---\n\
             page_title: \"house_lamp Resource - house\"\n\
             subcategory: \"\"\n\
             description: |-\n  \
               A lamp.\n\
             ---\n\
             \n\
             # house_lamp (Resource)\n\
             \n\
             A [lamp](https://example.com).\n\
             \n\
             It shines.\n\
             \n\
             ~> **Deprecated:** Use a candle.\n\
             \n\
             ## Example Usage\n\
             \n\
             ```terraform\n\
             lamp {}\n\
             ```\n\
             \n\
             ## Schema\n\
             \n\
             ### Read-Only\n\
             \n\
             - `id` (String) Which lamp.\n"
        );
    }

    #[test]
    fn the_providers_page_is_titled_after_the_provider() {
        let page = Page::new("house", ObjectKind::Provider, "house", lamp());
        let text = page.render("{{ header }}", &|_| None).unwrap();
        assert!(text.contains("page_title: \"Provider: house\"\n"));
        assert!(!text.contains("subcategory"));
        assert!(text.contains("\n# house Provider\n"));
    }
}
