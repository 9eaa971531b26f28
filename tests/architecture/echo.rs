//! The second provider shows that the SDK's public API is enough to write one: it uses nothing else of the crate.

use crate::sources::{self, Source, demand};

/// All that the second provider may name of the crate.
const API: &str = "tfplugin";

#[test]
fn the_second_provider_uses_nothing_but_the_sdk() {
    let mut files = sources::rust("tests/echo");
    files.extend(
        sources::rust("tests/companions")
            .into_iter()
            .filter(|one| one.path.ends_with("/echo.rs")),
    );
    let problems: Vec<_> = files.iter().flat_map(foreign).collect();
    demand(
        &problems,
        "Offer what it needs in the SDK's public API, or do without: another provider could not have it either.",
    );
}

/// What a file names of the crate beside the SDK, and what it includes from elsewhere.
fn foreign(source: &Source) -> Vec<String> {
    let code = source.code();
    let crates = code
        .match_indices("terraform_provider_tfe")
        .filter_map(|(at, _)| {
            let path = &code[at..];
            let rest = path.strip_prefix(API);
            let is_api = rest.is_some_and(|rest| {
                !rest.starts_with(|one: char| one.is_alphanumeric() || one == '_')
            });
            (!is_api).then(|| path.lines().next().unwrap_or_default())
        });
    // Where it is included it is a module of another crate, of which it may name nothing.
    let parents = code
        .match_indices("crate::")
        .map(|(at, _)| code[at..].lines().next().unwrap_or_default());
    crates
        .chain(parents)
        .map(|path| format!("{}: {path}", source.path))
        .collect()
}

#[test]
fn a_way_around_the_sdk_is_seen() {
    for (text, expected) in [
        ("use tfplugin::{Schema, Type};\n", 0),
        ("use tfplugin::serve::serve;\nuse super::world::World;\n", 0),
        ("use terraform_provider_tfe::client::Client;\n", 1),
        ("use tfplugins::x;\n", 1),
        ("use terraform_provider_tfe::{client, tfplugin};\n", 1),
        ("use tfplugin_testing::Core;\n", 1),
    ] {
        let found = foreign(&Source::new("tests/echo/x.rs", text));
        assert_eq!(found.len(), expected, "{text}: {found:?}");
    }
}
