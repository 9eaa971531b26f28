//! Excerpts: what a page shows of an output is what Terraform printed.

use super::guide::file;
use crate::workspace::command_output::CommandOutput;

/// Expects that the output contains the excerpt in a file: the pieces between `…`, in their order.
///
/// IDs, dates, versions of a secret and durations may differ.
#[track_caller]
pub(super) fn shows(run: &CommandOutput, path: &str) {
    let shown = file(path);
    let output = normal(&run.all());
    let mut rest = output.as_str();
    for piece in shown.split('…').map(normal) {
        let Some(at) = rest.find(&piece) else {
            panic!("{path}: Terraform did not print, after the pieces before it: {piece:?}\n{run}");
        };
        rest = &rest[at + piece.len()..];
    }
}

/// Returns a text on one line, without frames, with a placeholder for each ID, date, version and duration.
fn normal(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !frame(word));
    words.map(word).collect::<Vec<_>>().join(" ")
}

/// Returns whether a word is part of the frame that Terraform draws around a diagnostic.
fn frame(word: &str) -> bool {
    word.chars().all(|one| "│╷╵".contains(one))
}

fn word(word: &str) -> String {
    let (before, core, after) = core(word);
    let named = if (core.starts_with("at-") || core.starts_with("user-")) && core.len() > 10 {
        "ID"
    } else if core.parse::<chrono::DateTime<chrono::Utc>>().is_ok() {
        "DATE"
    } else if core.len() == 10 && core.parse::<u32>().is_ok() {
        "VERSION"
    } else if core
        .strip_suffix('s')
        .is_some_and(|seconds| seconds.parse::<u32>().is_ok())
    {
        "SECONDS"
    } else {
        core
    };
    format!("{before}{named}{after}")
}

/// Splits a word from the punctuation around it.
fn core(word: &str) -> (&str, &str, &str) {
    let inside = |one: char| one.is_alphanumeric();
    match (word.find(inside), word.rfind(inside)) {
        (Some(start), Some(last)) => {
            let end = last + word[last..].chars().next().map_or(0, char::len_utf8);
            (&word[..start], &word[start..end], &word[end..])
        }
        _ => ("", word, ""),
    }
}

#[test]
fn ids_dates_seconds_and_frames_make_no_difference() {
    let one = "│ The token at-OwPnQuFi2TZBHBoi (generated 2026-01-01T00:00:00Z),\n│ is \"at-OwPnQuFi2TZBHBoi\".";
    let other = "The token at-HjiS9V51NDjW6INM (generated 2027-02-02T01:01:01Z), is \"at-2222222222222222\".";
    assert_eq!(normal(one), normal(other));
    assert_eq!(
        normal("complete after 0s [id=x]"),
        normal("complete after 12s [id=x]")
    );
    assert_ne!(
        normal(one),
        normal("The token at-1 (generated today), is it.")
    );
}
