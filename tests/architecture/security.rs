//! SECURITY.md names, for every row of its threat model, tests that exist.

use std::fs;
use std::path::Path;

use crate::sources::demand;

const PAGE: &str = "SECURITY.md";
const HEADER: &str = "| Who | What they get, and what they do not get | Shown by |";

/// Returns the rows of the threat model: who, and the tests, each a file and a function.
fn rows(page: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let table = page.lines().skip_while(|line| *line != HEADER).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let tests = cells.get(2).unwrap_or(&"").split("; ");
        (cells[0], tests.filter_map(test).collect())
    })
    .collect()
}

/// Parses `` `FILE`: `FUNCTION` ``.
fn test(text: &str) -> Option<(&str, &str)> {
    let (file, function) = text
        .strip_prefix('`')?
        .strip_suffix('`')?
        .split_once("`: `")?;
    Some((file, function))
}

/// Returns what is wrong with the rows, where `read` returns a file's text.
fn problems(page: &str, read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for (who, tests) in rows(page) {
        if tests.is_empty() {
            problems.push(format!("{who}: no test"));
        }
        for (file, function) in tests {
            let is_there = read(file).is_some_and(|text| {
                text.contains(&format!("fn {function}(")) && text.contains("test]")
            });
            if !is_there {
                problems.push(format!("{who}: there is no test {function} in {file}"));
            }
        }
    }
    problems
}

#[test]
fn every_row_of_the_threat_model_names_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(root.join(file)).ok();
    let page = read(PAGE).expect("the page");
    assert!(rows(&page).len() >= 14, "the table is not found");
    demand(
        &problems(&page, read),
        "name the test that shows the row, in SECURITY.md",
    );
}

#[test]
fn a_row_without_a_test_is_found() {
    let page = format!(
        "{HEADER}\n|---|---|---|\n| Friend | all | `a.rs`: `is_shown` |\n| Foe | none | `a.rs`: `is_gone` |\n\
         | Fool | some | trust us |\n\n| not | a | row |"
    );
    let read = |_: &str| Some("#[test]\nfn is_shown() {}".to_owned());
    assert_eq!(
        problems(&page, read),
        ["Foe: there is no test is_gone in a.rs", "Fool: no test"]
    );
}
