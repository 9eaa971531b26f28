//! The pages in `docs/` are rendered from the schemas, the templates and the examples.
//!
//! `make generate` (the same tests with `UPDATE=1`) rewrites them.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions only"
)]

mod descriptions;
mod links;
mod troubleshooting;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_tfe::provider::Tfe;
use tfplugin::Provider as _;
use tfplugin::docs::{Guide, Page};
use tfplugin::schema::{ObjectKind, Schema};

/// The provider's page, and one for each of its objects.
fn pages() -> Vec<Page> {
    let page =
        |kind| move |(name, schema): (_, &Schema)| Page::new("tfe", kind, name, schema.clone());
    let registry = Tfe::registry();
    let mut pages = vec![Page::new("tfe", ObjectKind::Provider, "tfe", Tfe::schema())];
    pages.extend(registry.resources().map(page(ObjectKind::Resource)));
    pages.extend(
        registry
            .ephemeral_resources()
            .map(page(ObjectKind::EphemeralResource)),
    );
    pages.extend(registry.data_sources().map(page(ObjectKind::DataSource)));
    pages.extend(
        registry
            .list_resources()
            .map(page(ObjectKind::ListResource)),
    );
    pages.extend(registry.actions().map(page(ObjectKind::Action)));
    pages
}

/// A file of this repository.
fn file(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a page, rendered.
fn rendered(page: &Page) -> String {
    let template = format!("docs/templates/{}.tmpl", page.path());
    let text = match fs::read_to_string(file(&template)) {
        Ok(text) => text,
        Err(_) => page.default_template(),
    };
    let example = |path: &str| fs::read_to_string(file("examples").join(path)).ok();
    page.render(&text, &example)
        .unwrap_or_else(|error| panic!("{template}: {error}"))
}

/// Every page by its path below `docs/`, rendered: those of objects, and a guide for each template of one.
fn documents() -> Vec<(String, String)> {
    let example = |path: &str| fs::read_to_string(file("examples").join(path)).ok();
    let objects = pages()
        .into_iter()
        .map(|page| (page.path(), rendered(&page)));
    let guides = files_below(&file("docs/templates/guides"));
    let guides = guides.into_iter().map(|path| {
        let name = path.to_str().unwrap();
        let guide = Guide::new(name.strip_suffix(".md.tmpl").unwrap());
        let text = fs::read_to_string(file("docs/templates/guides").join(name)).unwrap();
        let text = guide.render(&text, &example);
        let text = text.unwrap_or_else(|error| panic!("{name}: {error}"));
        (guide.path(), text)
    });
    objects.chain(guides).collect()
}

/// Every file below a folder, as a path from it.
fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    fn collect(folder: &Path, root: &Path, found: &mut BTreeSet<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, root, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(folder, folder, &mut found);
    found
}

#[test]
fn every_page_is_what_the_schema_renders() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for (page, expected) in documents() {
        let path = file("docs").join(&page);
        if fs::read_to_string(&path).is_ok_and(|text| text == expected) {
            continue;
        }
        if update {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, expected).unwrap();
        } else {
            stale.push(page);
        }
    }
    assert!(
        stale.is_empty(),
        "not what the schemas render: {stale:?}; run `make generate` and commit docs/"
    );
}

#[test]
fn there_is_no_page_and_no_template_without_its_object() {
    let expected: BTreeSet<PathBuf> = documents()
        .into_iter()
        .flat_map(|(page, _)| [format!("templates/{page}.tmpl"), page])
        .map(PathBuf::from)
        .collect();
    let left_over: Vec<_> = files_below(&file("docs"))
        .into_iter()
        .filter(|path| !expected.contains(path))
        .collect();
    assert!(
        left_over.is_empty(),
        "these belong to no object: {left_over:?}"
    );
}

#[test]
fn every_object_has_an_example() {
    for page in pages() {
        let example = page.example();
        assert!(
            file("examples").join(&example).is_file(),
            "examples/{example} is missing"
        );
    }
}

#[test]
fn every_example_is_on_a_page() {
    let pages: String = documents().into_iter().map(|(_, text)| text).collect();
    for path in files_below(&file("examples")) {
        // Programs in Python, which no page shows.
        if path.starts_with("cdktf") {
            continue;
        }
        let text = fs::read_to_string(file("examples").join(&path)).unwrap();
        assert!(
            pages.contains(text.trim_end()),
            "no page shows examples/{path}; write `{{{{ example \"{path}\" }}}}` into {}. A page without a template \
             shows its first example only.",
            template_for(path.parent().unwrap()),
            path = path.display()
        );
    }
}

/// The template of the page that should show the examples in a folder.
fn template_for(folder: &Path) -> String {
    let of_object = pages()
        .into_iter()
        .find(|page| Path::new(&page.example()).parent() == Some(folder));
    match of_object {
        Some(page) => format!("docs/templates/{}.tmpl", page.path()),
        None => format!("docs/templates/{}.md.tmpl", folder.display()),
    }
}
