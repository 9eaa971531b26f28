//! The SDK's tutorial is short.

use crate::sources;

const LIBRARY: &str = "crates/tfplugin-rs/src/lib.rs";
const LONGEST: usize = 60;

#[test]
fn a_whole_provider_takes_at_most_sixty_lines() {
    let library = sources::rust("crates/tfplugin-rs/src")
        .into_iter()
        .find(|source| source.path == LIBRARY);
    let lines = example(&library.expect("the SDK has a library").text);
    assert!(
        (1..=LONGEST).contains(&lines),
        "The first example in {LIBRARY} has {lines} lines, and at most {LONGEST} are allowed: make the SDK ask less of \
         an author, or leave something out."
    );
}

/// Counts the lines of the first example in a module's documentation.
fn example(text: &str) -> usize {
    let documentation = text.lines().map_while(|line| line.strip_prefix("//!"));
    let mut lines = documentation.skip_while(|line| !line.starts_with(" ```"));
    lines.next();
    lines.take_while(|line| !line.starts_with(" ```")).count()
}

#[test]
fn an_example_is_counted_without_its_fences() {
    assert_eq!(
        example(
            "//! A thing.\n//!\n//! ```no_run\n//! one\n//! two\n//! ```\n//! more\nfn x() {}\n"
        ),
        2
    );
    assert_eq!(example("//! A thing.\nfn x() {}\n"), 0);
}
