//! No two files import each other, directly or in a circle of more.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Imports, imports};
use crate::sources::{self, Source, demand};

#[test]
fn no_two_files_import_each_other() {
    let imports = imports(&sources::rust(""));
    let circles = circles(&imports);
    let problems: Vec<_> = circles
        .iter()
        .map(|circle| story(circle, &imports))
        .collect();
    demand(
        &problems,
        "Move what the first file takes from the second into the first, or both into a third, or hand it in as an \
         argument.",
    );
}

/// The files of each circle: all that reach each other.
fn circles(imports: &Imports) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|file| (file.as_str(), reached(imports, file)))
        .collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for (file, others) in &reached {
        let seen = circles.iter().any(|circle| circle.contains(*file));
        if others.contains(file) && !seen {
            let back = others
                .iter()
                .filter(|other| reached[**other].contains(file));
            circles.push(back.map(|other| (*other).to_owned()).collect());
        }
    }
    circles
}

/// All files that a file uses, and those that they use, and so on.
fn reached<'a>(imports: &'a Imports, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut left: Vec<_> = imports[file].keys().collect();
    while let Some(next) = left.pop() {
        if reached.insert(next.as_str()) {
            left.extend(imports[next].keys());
        }
    }
    reached
}

/// Each use within a circle, one a line.
fn story(circle: &BTreeSet<String>, imports: &Imports) -> String {
    let mut story = format!("a circle of {} files:", circle.len());
    for file in circle {
        for (other, names) in imports[file]
            .iter()
            .filter(|(other, _)| circle.contains(*other))
        {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            story.push_str(&format!("\n  {file} -> {other}: {}", names.join(", ")));
        }
    }
    story
}

#[test]
fn a_circle_is_found() {
    let check = |texts: [(&str, &str); 4], expected: &[&[&str]]| {
        let sources = texts.map(|(path, text)| Source::new(path, text));
        let circles = circles(&imports(&sources));
        assert_eq!(circles.len(), expected.len(), "{circles:?}");
        for (circle, expected) in circles.iter().zip(expected) {
            assert!(circle.iter().eq(*expected), "{circle:?}");
        }
    };
    // A parent that re-exports its child is in no circle with it.
    check(
        [
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a/mod.rs", "mod c; pub use c::C; pub struct A;"),
            ("src/a/c.rs", "use super::A; pub struct C(A);"),
            ("src/b.rs", "use crate::a::{A, C};"),
        ],
        &[],
    );
    // A parent that uses its child is.
    check(
        [
            ("src/lib.rs", "mod a; mod b;"),
            ("src/a/mod.rs", "mod c; use c::C; pub struct A(C);"),
            ("src/a/c.rs", "use super::A; pub struct C(Box<A>);"),
            ("src/b.rs", "use crate::a::{A, C};"),
        ],
        &[&["src/a/c.rs", "src/a/mod.rs"]],
    );
    // Three in a row, the last by a re-export.
    check(
        [
            ("src/lib.rs", "mod a; mod b; pub use a::A;"),
            ("src/a/mod.rs", "mod c; use c::C; pub struct A(C);"),
            ("src/a/c.rs", "use crate::b; pub struct C(b::B);"),
            ("src/b.rs", "pub struct B; fn f(_: crate::A) {}"),
        ],
        &[&["src/a/c.rs", "src/a/mod.rs", "src/b.rs"]],
    );
}
