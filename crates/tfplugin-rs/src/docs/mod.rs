//! Renders the Terraform Registry's pages from a [`Schema`].
//!
//! A page is a template filled in: what the schema knows comes from the schema, examples come from
//! files that are tested, and the template only says what neither can. Its layout is the one the
//! Registry expects and its readers know (terraform-plugin-docs). Everything here is pure: text in,
//! text out; who calls it reads and writes the files.
//!
//! ```
//! use tfplugin::docs::{Kind, Page};
//! use tfplugin::{Attribute, Schema, Type};
//!
//! let schema = Schema::new("A lamp. It shines.")
//!     .attribute("colour", Attribute::required(Type::String, "What it looks like."));
//! let page = Page::new("house", Kind::Resource, "house_lamp", schema);
//! let example = |path: &str| (path == page.example()).then(|| "resource …".to_owned());
//!
//! assert_eq!(page.path(), "resources/lamp.md");
//! assert_eq!(page.example(), "resources/house_lamp/resource.tf");
//! let text = page.render(&page.default_template(), &example).unwrap();
//! assert!(text.contains("- `colour` (String) What it looks like."));
//! ```
//!
//! - [`Page`]: where a page belongs, and its rendering;
//! - [`Guide`]: a page about a task;
//! - `front_matter`: what the Registry reads, and a reader does not see;
//! - `schema_section`: the lists of attributes and blocks;
//! - `template`: the placeholders.
//!
//! Not here: a check that the pages in a repository are the rendered ones, which is a test's work;
//! functions, which no provider has yet.

mod front_matter;
mod guide;
mod page;
mod schema_section;
mod template;

pub use guide::Guide;
pub use page::{Kind, Page};
pub use template::TemplateError;

#[cfg(doc)]
use super::schema::Schema;
