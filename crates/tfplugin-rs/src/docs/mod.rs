//! Renders the Terraform Registry's pages from a [`Schema`].
//!
//! A page is rendered from a template. Attributes and descriptions come from the schema, examples from files that are
//! tested, and the template adds the rest. The layout is that of terraform-plugin-docs, which the Registry expects.
//! Functions here take and return text; the caller reads and writes the files. For the crate's feature `docs`.
//!
//! ```
//! use tfplugin::docs::Page;
//! use tfplugin::schema::ObjectKind;
//! use tfplugin::{Attribute, Schema, Type};
//!
//! let schema = Schema::new("A lamp. It shines.")
//!     .attribute("colour", Attribute::required(Type::String, "Colour of the light."));
//! let page = Page::new("house", ObjectKind::Resource, "house_lamp", schema);
//! let example = |path: &str| (path == page.example()).then(|| "resource …".to_owned());
//!
//! assert_eq!(page.path(), "resources/lamp.md");
//! assert_eq!(page.example(), "resources/house_lamp/resource.tf");
//! let text = page.render(&page.default_template(), &example).unwrap();
//! assert!(text.contains("- `colour` (String) Colour of the light."));
//! ```
//!
//! - [`Page`]: a page about an object of the provider: its path and its text;
//! - [`Guide`]: a page about a task;
//! - `front_matter`: title, subcategory and summary for the Registry;
//! - `schema_section`: the lists of attributes and blocks;
//! - `template`: the placeholders.
//!
//! Not here: the comparison of rendered pages with those in a repository, which is a test's work, and pages of
//! functions.

mod front_matter;
mod guide;
mod page;
mod schema_section;
mod template;

pub use guide::Guide;
pub use page::Page;
pub use template::TemplateError;

#[cfg(doc)]
use super::schema::Schema;
