//! No text of the project names the machines on which it was written.

use crate::sources::{self, Source, demand};

/// Parts of paths that only some machines have. (In pieces, or this test would find its own file.)
const MACHINES: [&str; 4] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\Users"),
];

/// An invented home folder, for examples and tests.
const INVENTED: &str = concat!("/ho", "me/me");

/// Hosts of package registries. Only Cargo.lock may name Cargo's.
const REGISTRIES: [&str; 5] = [
    concat!("crates", ".io"),
    concat!("npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("proxy.", "golang.org"),
];

/// The one origin of packages in `Cargo.lock`.
const ORIGIN: &str = concat!(
    "source = \"registry+https://github.com/rust-lang/crates",
    ".io-index\""
);

#[test]
fn no_text_names_a_machine_or_a_package_registry() {
    let problems: Vec<_> = sources::under("").iter().flat_map(foreign).collect();
    demand(
        &problems,
        "Write paths relative to the project, or from an environment variable; leave package registries to cargo's own \
         configuration outside of the project.",
    );
}

fn foreign(source: &Source) -> Vec<String> {
    let lock = source.path == "Cargo.lock";
    let mut problems = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        let elsewhere = lock && line.starts_with("source = ") && line != ORIGIN;
        let line = line.replace(INVENTED, "~");
        let named = MACHINES.iter().chain(&REGISTRIES);
        let found = elsewhere || (line != ORIGIN && named.clone().any(|word| line.contains(word)));
        if found {
            problems.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
        }
    }
    problems
}

#[test]
fn a_text_that_names_a_machine_is_found() {
    let check = |path: &str, text: String, found: usize| {
        assert_eq!(foreign(&Source::new(path, &text)).len(), found, "{text}");
    };
    check("docs/x.md", "see tests/echo".to_owned(), 0);
    check("docs/x.md", format!("see {}somebody/x", MACHINES[0]), 1);
    check("docs/x.md", format!("see {INVENTED}/x"), 0);
    check("Makefile", format!("curl https://{}/x", REGISTRIES[0]), 1);
    check("Cargo.lock", ORIGIN.to_owned(), 0);
    let mirror = ORIGIN.replace("github.com", "mirror.example");
    check("Cargo.lock", mirror, 1);
}
