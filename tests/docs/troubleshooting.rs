//! The guide *troubleshoot* explains exactly the diagnostics that exist.

use std::collections::BTreeSet;

const GUIDE: &str = include_str!("../../docs/templates/guides/troubleshoot.md.tmpl");
/// Every diagnostic, from the snapshot test.
const MESSAGES: &str = include_str!("../../src/provider/diagnostics/snapshot.txt");

/// `Error: …` or `Warning: …` of every diagnostic, without its attribute.
fn summaries() -> BTreeSet<&'static str> {
    let (messages, _) = MESSAGES
        .split_once("What helps, by what went wrong:")
        .unwrap();
    messages
        .split("\n----\n\n")
        .filter_map(|message| message.lines().next())
        .filter(|line| line.starts_with("Error: ") || line.starts_with("Warning: "))
        .map(|line| {
            line.split_once(" (at ")
                .map_or(line, |(summary, _)| summary)
        })
        .collect()
}

/// The headings of the guide, each a diagnostic's first line.
fn explained() -> Vec<&'static str> {
    GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect()
}

#[test]
fn the_guide_explains_every_diagnostic_and_no_other() {
    let summaries = summaries();
    assert!(summaries.contains("Error: An audit trail token already exists"));
    let explained = explained();
    let missing: Vec<_> = summaries
        .iter()
        .filter(|one| !explained.contains(one))
        .collect();
    let gone: Vec<_> = explained
        .iter()
        .filter(|one| !summaries.contains(**one))
        .collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "explain {missing:#?} in docs/templates/guides/troubleshoot.md.tmpl, remove {gone:#?} from it, \
         and run `make generate`"
    );
    let once: BTreeSet<_> = explained.iter().collect();
    assert_eq!(once.len(), explained.len(), "one is explained twice");
}
