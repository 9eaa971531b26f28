//! The descriptions in the schemas, which the pages show.

use crate::pages;

#[test]
fn every_schema_is_sound_and_every_attribute_described() {
    for page in pages() {
        let problems = page.schema().problems(page.kind());
        assert!(problems.is_empty(), "{}: {problems:?}", page.path());
    }
}

#[test]
fn every_description_consists_of_sentences() {
    for page in pages() {
        let descriptions = page
            .schema()
            .attributes()
            .map(|(name, one)| (name, one.description()))
            .chain([("the object", page.schema().description())]);
        for (name, description) in descriptions {
            let text = description.trim();
            assert!(
                text.trim_end_matches(')').ends_with('.') && !text.starts_with(char::is_lowercase),
                "{}: {name}: {text:?} does not consist of sentences",
                page.path()
            );
        }
    }
}
