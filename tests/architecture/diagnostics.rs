//! The snapshot of the provider's diagnostics shows each of them.

use crate::sources::{self, Source, demand};
use crate::tokens::tokens;

const FOLDER: &str = "src/provider/diagnostics/";
/// The file with the lists of what the snapshot shows.
const LISTS: &str = "src/provider/diagnostics/tests.rs";
/// Functions that the lists leave out, because they show another one that returns the same.
const SHOWN_BY_ANOTHER: [(&str, &str); 1] = [("trail_not_read", "trail_refused")];

#[test]
fn the_snapshot_shows_every_diagnostic() {
    demand(
        &not_shown(&sources::rust(FOLDER)),
        "Add a call to a list in src/provider/diagnostics/tests.rs, with the name of the module if that is public, and run \
         `UPDATE=1 cargo test --lib diagnostics`.",
    );
}

/// The functions that return diagnostics and are not called in the lists. A function of a public module is called with
/// the module's name, because another module may have a function of the same name.
fn not_shown(sources: &[Source]) -> Vec<String> {
    let text = |path: &str| {
        let source = sources.iter().find(|source| source.path == path);
        source
            .map(|source| tokens(&source.text))
            .unwrap_or_default()
    };
    let (lists, declarations) = (text(LISTS), text(&format!("{FOLDER}mod.rs")));
    let is_called = |name: &str| {
        let in_the_list = SHOWN_BY_ANOTHER.iter().find(|(other, _)| *other == name);
        let name = in_the_list.map_or(name, |(_, shown)| shown);
        let (module, function) = name.rsplit_once("::").unwrap_or(("", name));
        lists.windows(4).any(|four| match four {
            [before, "::", called, "("] => *before == module && *called == function,
            [_, _, called, "("] => module.is_empty() && *called == function,
            _ => false,
        })
    };
    let mut missing = Vec::new();
    for source in sources.iter().filter(|source| source.path != LISTS) {
        let module = source.path[FOLDER.len()..].split(['/', '.']).next();
        let module = module.unwrap_or_default();
        let is_public = declarations
            .windows(6)
            .any(|six| six == ["pub", "(", "crate", ")", "mod", module]);
        for function in functions(&tokens(&source.text)) {
            let name = match is_public {
                true => format!("{module}::{function}"),
                false => function.to_owned(),
            };
            if !is_called(&name) {
                missing.push(format!("{}: {name} is not in the snapshot", source.path));
            }
        }
    }
    missing
}

/// The names of the functions for the whole crate that return diagnostics.
fn functions<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    const BEGIN: [&str; 5] = ["pub", "(", "crate", ")", "fn"];
    let begins = (0..tokens.len()).filter(|at| tokens[*at..].starts_with(&BEGIN));
    begins
        .filter_map(|at| {
            let signature = tokens[at + BEGIN.len()..].split(|token| *token == "{");
            let signature = signature.into_iter().next()?;
            let arrow = signature.windows(2).rposition(|two| two == ["-", ">"])?;
            let returns = &signature[arrow..];
            let is_diagnostic = returns
                .iter()
                .any(|token| ["Diagnostic", "Diagnostics"].contains(token));
            is_diagnostic.then(|| signature[0])
        })
        .collect()
}

#[test]
fn a_diagnostic_that_is_not_in_the_lists_is_found() {
    let check = |lists: &str, expected: &[&str]| {
        let sources = [
            Source::new(
                "src/provider/diagnostics/mod.rs",
                "mod state; pub(crate) mod team_token; pub(crate) use self::state::*;",
            ),
            Source::new(
                "src/provider/diagnostics/state.rs",
                "pub(crate) fn gone(id: &str) -> Diagnostic { f() } pub(crate) fn name() -> String { g() }
                 fn private() -> Diagnostic { h() }",
            ),
            Source::new(
                "src/provider/diagnostics/team_token.rs",
                "pub(crate) fn gone(why: impl Fn() -> String) -> Vec<Diagnostic> { f() }",
            ),
            Source::new(LISTS, lists),
        ];
        assert_eq!(not_shown(&sources), expected, "{lists}");
    };
    let first = "src/provider/diagnostics/state.rs: gone is not in the snapshot";
    let second = "src/provider/diagnostics/team_token.rs: team_token::gone is not in the snapshot";
    check("vec![gone(id), team_token::gone(why)]", &[]);
    check("vec![gone(id)]", &[second]);
    check("vec![team_token::gone(why)]", &[first]);
    check("vec![] // gone(id)", &[first, second]);
}
