//! A file is named after the one thing in it.

use crate::sources::{self, demand};

/// Names that do not say what is in a file.
const EMPTY: [&str; 10] = [
    "common", "helper", "helpers", "misc", "shared", "stuff", "types", "util", "utils", "base",
];

#[test]
fn files_and_folders_are_named_after_what_is_in_them() {
    let problems: Vec<_> = sources::under("")
        .into_iter()
        .filter(|source| is_empty_name(&source.path))
        .map(|source| source.path)
        .collect();
    demand(
        &problems,
        "Name the file after the one thing in it; if there are several, there are several files.",
    );
}

fn is_empty_name(path: &str) -> bool {
    path.split('/')
        .filter_map(|part| part.split('.').find(|stem| !stem.is_empty()))
        .any(|stem| EMPTY.contains(&stem))
}

#[test]
fn an_empty_name_is_found() {
    for path in ["src/client/utils.rs", "tests/common/mod.rs", "docs/misc.md"] {
        assert!(is_empty_name(path), "{path}");
    }
    for path in [
        "src/client/transport.rs",
        ".cargo/config.toml",
        "tests/echo/mod.rs",
    ] {
        assert!(!is_empty_name(path), "{path}");
    }
}
