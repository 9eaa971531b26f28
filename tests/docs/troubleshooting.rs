//! The guide that explains every diagnostic explains those that there are.

use std::collections::BTreeSet;

const GUIDE: &str = include_str!("../../docs/templates/guides/troubleshoot.md.tmpl");
/// Every message, as `src/provider/messages` shows them on a page.
const MESSAGES: &str = include_str!("../../src/provider/messages/snapshot.txt");

/// `Error: …` or `Warning: …`, of every message, without the attribute that it is about.
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

/// The headings that are a diagnostic's first line.
fn explained() -> Vec<&'static str> {
    GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect()
}

#[test]
fn every_diagnostic_is_explained_and_none_that_no_longer_exists() {
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
        "docs/templates/guides/troubleshoot.md.tmpl has to explain {missing:#?}, and no longer \
         {gone:#?}; then run `make generate`"
    );
    let once: BTreeSet<_> = explained.iter().collect();
    assert_eq!(once.len(), explained.len(), "one is explained twice");
}
