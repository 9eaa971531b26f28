//! Every dependency has its reason, and so has every lint.

use crate::sources::{self, demand};

/// The sections of a `Cargo.toml` whose lines say why they are there. (`workspace.dependencies` has versions alone: each
/// member says why it needs one.)
const SECTIONS: [&str; 4] = [
    "dependencies",
    "dev-dependencies",
    "workspace.lints.rust",
    "workspace.lints.clippy",
];

#[test]
fn every_dependency_and_lint_says_why_it_is_there() {
    let manifests = sources::under("")
        .into_iter()
        .filter(|source| source.path.ends_with("Cargo.toml"));
    let problems: Vec<_> = manifests
        .flat_map(|manifest| {
            let lines = unexplained(&manifest.text).into_iter();
            lines.map(move |line| format!("{}: {line}", manifest.path))
        })
        .collect();
    demand(
        &problems,
        "Write the reason behind the line: `name = \"1\" # what only it can do here`.",
    );
}

fn unexplained(manifest: &str) -> Vec<String> {
    let mut section = "";
    let mut problems = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']);
        } else if explains_itself(section)
            && line.contains('=')
            && !line.starts_with('#')
            && line
                .rsplit_once(" # ")
                .is_none_or(|(_, why)| why.len() <= 5)
        {
            problems.push(format!("[{section}] {line}"));
        }
    }
    problems
}

/// True for `dependencies`, and for those of one platform.
fn explains_itself(section: &str) -> bool {
    SECTIONS.contains(&section)
        || (section.starts_with("target.") && section.ends_with("dependencies"))
}

#[test]
fn a_line_without_a_reason_is_found() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\nurl = \"2\" # service URLs\nrand = \"1\"\n\
                    [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n\
                    [features]\na = []\n[workspace.dependencies]\nurl = \"2\"\n";
    let expected = [
        "[dependencies] rand = \"1\"",
        "[target.'cfg(unix)'.dependencies] libc = \"1\"",
    ];
    assert_eq!(unexplained(manifest), expected);
}
