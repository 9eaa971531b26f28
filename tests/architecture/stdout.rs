//! Stdout belongs to the handshake. (Clippy's `print_stdout` sees `println!` alone.)

use crate::sources::{self, Source, demand};

/// Who may write to stdout, and why.
const PLACES: [(&str, &str); 3] = [
    ("src/tfplugin/serve/handshake.rs", "the handshake"),
    (
        "src/tfplugin/serve/mod.rs",
        "--help and --version, when Terraform is not listening",
    ),
    ("src/bin/tfe-simulator.rs", "is no plugin"),
];

#[test]
fn nothing_but_the_handshake_is_written_to_stdout() {
    let problems: Vec<_> = sources::rust("src")
        .iter()
        .filter(|source| !PLACES.iter().any(|(place, _)| *place == source.path))
        .flat_map(writings)
        .collect();
    demand(
        &problems,
        "Terraform reads the handshake from stdout, and takes anything else for it: log with `tracing` instead.",
    );
}

#[test]
fn every_named_place_writes_to_stdout() {
    let problems: Vec<_> = PLACES
        .iter()
        .filter(|(place, _)| {
            let sources = sources::rust("src");
            let source = sources.iter().find(|source| source.path == *place);
            source.is_none_or(|source| writings(source).is_empty())
        })
        .map(|(place, reason)| format!("{place} ({reason})"))
        .collect();
    demand(
        &problems,
        "It writes nothing (any more): remove it from PLACES.",
    );
}

fn writings(source: &Source) -> Vec<String> {
    let code = source
        .code()
        .replace("eprintln!", "")
        .replace("eprint!", "");
    [
        "println!",
        "print!",
        "stdout()",
        "Stdout",
        "/dev/stdout",
        "dup2_stdout",
    ]
    .into_iter()
    .filter(|word| code.contains(word))
    .map(|word| format!("{}: {word}", source.path))
    .collect()
}

#[test]
fn a_word_to_stdout_is_seen() {
    let check = |text: &str, found: usize| {
        assert_eq!(
            writings(&Source::new("src/client/x.rs", text)).len(),
            found,
            "{text}"
        );
    };
    check("println!(\"x\")", 1);
    check("write(std::io::stdout())", 1);
    check("eprintln!(\"x\") // println!", 0);
    check("command.stdout(Stdio::piped())", 0);
}
