//! Nobody reads the clock, except where the program begins.

use crate::sources::{self, Source, demand};

/// Where a clock is read, and why there.
const PLACES: [(&str, &str); 4] = [
    (
        "src/provider/clock.rs",
        "the provider's clock, which tests set",
    ),
    (
        "src/tfplugin/serve/process.rs",
        "the validity of the handshake's certificate",
    ),
    (
        "src/tfplugin/serve/mod.rs",
        "the time stamps of the log, handed in",
    ),
    (
        "src/bin/tfe-simulator.rs",
        "where the pretend service's clock starts",
    ),
];

#[test]
fn the_clock_is_read_in_named_places_only() {
    let problems: Vec<_> = sources::rust("src").iter().flat_map(readings).collect();
    demand(
        &problems,
        "Take the time as an argument, from the provider's Clock, or from tokio's Instant, which tests can stop. A new \
         place where a program begins is named in tests/architecture/clock.rs.",
    );
}

#[test]
fn every_named_place_reads_the_clock() {
    let problems: Vec<_> = PLACES
        .iter()
        .filter(|(place, _)| {
            let sources = sources::rust("src");
            let source = sources.iter().find(|source| source.path == *place);
            source.is_none_or(|source| words(source).is_empty())
        })
        .map(|(place, reason)| format!("{place} ({reason})"))
        .collect();
    demand(
        &problems,
        "It reads no clock (any more): remove it from PLACES.",
    );
}

fn readings(source: &Source) -> Vec<String> {
    if PLACES.iter().any(|(place, _)| *place == source.path) {
        return Vec::new();
    }
    words(source)
        .into_iter()
        .map(|word| format!("{}: {word}", source.path))
        .collect()
}

fn words(source: &Source) -> Vec<&'static str> {
    let code = source.code();
    let mut words: Vec<_> = ["SystemTime::now", "Utc::now", "Local::now"]
        .into_iter()
        .filter(|word| code.contains(word))
        .collect();
    // tokio's stands still when a test pauses it.
    let tokio = code.contains("tokio::time::Instant") || code.contains("tokio::time::{");
    if code.contains("Instant::now") && !tokio {
        words.push("Instant::now");
    }
    words
}

#[test]
fn a_look_at_the_clock_is_seen() {
    let check = |text: &str, expected: &[&str]| {
        let source = Source::new("src/provider/read.rs", text);
        assert_eq!(words(&source), expected, "{text}");
        assert_eq!(readings(&source).len(), expected.len());
    };
    check("let now = clock.now();", &[]);
    check("let now = SystemTime::now();", &["SystemTime::now"]);
    check("let now = Self::from_fn(Utc::now);", &["Utc::now"]);
    check("use std::time::Instant; Instant::now()", &["Instant::now"]);
    check("use tokio::time::Instant; Instant::now()", &[]);
}
