//! Links in the pages, and in the files for developers, lead to files and headings that exist.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::{documents, file};

/// Files with links that are not pages of the provider.
const FOR_DEVELOPERS: [&str; 8] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "benches/README.md",
    "crates/tfe-simulator/README.md",
    "crates/tfplugin-rs/README.md",
    "crates/tfplugin-rs/tests/conformance.md",
    "crates/tfplugin-testing/README.md",
];

/// The targets of a page's links, without those in code.
fn links(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let targets = line.split("](").skip(1);
            links.extend(targets.filter_map(|rest| rest.split_once(')').map(|(link, _)| link)));
        }
    }
    links
}

/// The anchor of a heading, as GitHub and the Registry make it.
fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|one| match one {
            ' ' => Some('-'),
            '-' | '_' => Some(one),
            _ => one.is_alphanumeric().then_some(one),
        })
        .collect()
}

/// Every anchor of a page: its headings, and what it names itself.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    for line in text.lines() {
        if let Some((_, rest)) = line.split_once("<a id=\"") {
            anchors.extend(rest.split_once('"').map(|(id, _)| id.to_owned()));
        } else if line.starts_with('#') {
            anchors.push(anchor(line.trim_start_matches('#').trim()));
        }
    }
    anchors
}

/// A path without `.` and `..`.
fn straight(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(straight.pop()),
            Component::CurDir => {}
            other => straight.push(other),
        }
    }
    straight
}

#[test]
fn every_link_leads_to_a_page_and_a_heading_of_it() {
    let for_developers = FOR_DEVELOPERS.map(|path| {
        let text = std::fs::read_to_string(file(path)).unwrap();
        (path.into(), text)
    });
    let pages: BTreeMap<PathBuf, String> = documents()
        .into_iter()
        .map(|(path, text)| (Path::new("docs").join(path), text))
        .chain(for_developers)
        .collect();
    let mut broken = Vec::new();
    for (page, text) in &pages {
        for link in links(text) {
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                _ => straight(&page.parent().unwrap().join(path)),
            };
            let leads = match pages.get(&target) {
                Some(text) => heading.is_empty() || anchors(text).iter().any(|one| one == heading),
                None => heading.is_empty() && file(&target).exists(),
            };
            if !leads {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "these links lead to nothing: {broken:#?}"
    );
}

/// Files that name others by their paths from the root of the repository.
const WITH_PATHS: [&str; 4] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "benches/README.md",
];

/// The paths of files and folders in a text: what is in backquotes and begins with a folder of the repository.
fn paths(text: &str) -> Vec<&str> {
    let folders = [
        "src", "crates", "proto", "tests", "docs", "examples", "benches", "fuzz", "hosts", "demo",
        "scripts",
    ];
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|code| {
            let folder = code.split_once('/').map(|(folder, _)| folder);
            folder.is_some_and(|folder| folders.contains(&folder))
        })
        .collect()
}

#[test]
fn every_path_in_the_files_for_developers_exists() {
    let missing: Vec<_> = WITH_PATHS
        .iter()
        .flat_map(|name| {
            let text = std::fs::read_to_string(file(name)).unwrap();
            let paths: Vec<_> = paths(&text).into_iter().map(str::to_owned).collect();
            paths.into_iter().map(move |path| (*name, path))
        })
        .filter(|(_, path)| !file(path).exists())
        .collect();
    assert!(missing.is_empty(), "these paths do not exist: {missing:#?}");
}

#[test]
fn paths_are_found_in_backquotes() {
    let text = "`src/x.rs` is not `README.md`,\nbut src/y.rs and `docs/z`.";
    assert_eq!(paths(text), ["src/x.rs", "docs/z"]);
}

#[test]
fn anchors_are_made_as_github_makes_them() {
    assert_eq!(
        anchor("From hashicorp/tfe, and `back`"),
        "from-hashicorptfe-and-back"
    );
    assert_eq!(
        anchor("The state's own 2 places"),
        "the-states-own-2-places"
    );
}

/// The README repeats parts of guides.
#[test]
fn the_readme_shows_the_picture_and_the_table_of_the_guides() {
    let readme = std::fs::read_to_string(file("README.md")).unwrap();
    for (guide, from, to) in [
        ("sealed-token-into-a-secret-store", "```text\n", "\n```\n"),
        (
            "beside-hashicorp-tfe",
            "What hashicorp/tfe did with",
            " | [sealed tokens](",
        ),
    ] {
        let path = format!("docs/templates/guides/{guide}.md.tmpl");
        let guide = std::fs::read_to_string(file(&path)).unwrap();
        let start = guide.find(from).unwrap();
        let length = guide[start..].find(to).unwrap();
        assert!(
            readme.contains(&guide[start..start + length]),
            "README.md has another picture or table than {path}"
        );
    }
}
