//! Broken files of the CLI configuration: each loses its own tokens and no others.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use terraform_provider_tfe::client::{Arguments, Environment, SettingsError, resolve};

use crate::corpus::{Sample, samples};

const HOME: &str = "/home/me";
const KEPT: &str = "credentials \"app.terraform.io\" { token = \"kept\" }";

/// Checks that a token is found beside any main file.
fn check(main: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let environment = Environment::in_memory()
        .home(HOME)
        .file(format!("{HOME}/.terraformrc"), main)
        .file(format!("{HOME}/.terraform.d/a.tfrc"), KEPT);
    let found = runtime.block_on(resolve(Arguments::default(), &environment));
    assert_eq!(found.unwrap().token.expose(), "kept");
}

/// Pieces with a meaning in HCL 1 or JSON.
const PIECES: [&str; 28] = [
    "{",
    "}",
    "[",
    "]",
    "=",
    ",",
    ":",
    "\"",
    "\n",
    "\r",
    " ",
    "#",
    "/*",
    "*/",
    "<<",
    "<<T\n",
    "<<-T\n",
    "T\n",
    "${",
    "\\",
    "\\u00e9",
    "\\777",
    "\u{0}",
    "0x",
    "-",
    ".",
    "true",
    "credentials",
];

fn changed(sample: &Sample, changes: &[(Index, Index, &str)]) -> Vec<u8> {
    let mut text = sample.text.clone();
    for (from, to, piece) in changes {
        let from = from.index(text.len() + 1);
        let to = (from + to.index(4)).min(text.len());
        text.splice(from..to, piece.bytes());
    }
    text
}

fn small_samples() -> Vec<Sample> {
    let mut samples = samples();
    samples.retain(|sample| sample.text.len() < 10_000);
    samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_broken_file_does_not_affect_others(
        sample in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), select(&PIECES[..])), 1..8),
    ) {
        let samples = small_samples();
        check(&changed(sample.get(&samples), &changes));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes);
    }
}

/// Returns why a main file is not read. The token of another file is found all the same.
fn why(make: impl FnOnce(&Path)) -> String {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".terraform.d")).unwrap();
    make(&home.path().join(".terraformrc"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let environment = Environment::in_memory().home(home.path());
    let find = || runtime.block_on(resolve(Arguments::default(), &environment));
    let SettingsError::NoToken { searched, .. } = find().unwrap_err() else {
        panic!("there is no token, and nothing else is wrong");
    };
    fs::write(home.path().join(".terraform.d/a.tfrc"), KEPT).unwrap();
    assert_eq!(find().unwrap().token.expose(), "kept");
    let main = searched
        .into_iter()
        .find(|(place, _)| place.ends_with(".terraformrc"));
    main.expect("the main file was searched").1
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    use std::os::unix::fs::symlink;
    let reason = "it cannot be read: it is not a regular file";
    assert_eq!(why(|path| symlink("/dev/zero", path).unwrap()), reason);
    assert_eq!(why(|path| fs::create_dir(path).unwrap()), reason);
    let make_pipe = |path: &Path| {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    };
    assert_eq!(why(make_pipe), reason);
}

#[test]
fn a_file_of_more_than_16_megabytes_is_not_read() {
    let sized = |more: usize| {
        let text = format!("# {}\n", "x".repeat(16 * 1024 * 1024 - 3 + more));
        why(|path| fs::write(path, text).unwrap())
    };
    assert_eq!(sized(0), "it has no credentials block for app.terraform.io");
    assert_eq!(
        sized(1),
        "it cannot be read: it is larger than 16777216 bytes"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_has_a_reason() {
    use std::os::unix::fs::symlink;
    let reason = why(|path| symlink(path, path).unwrap());
    assert!(reason.starts_with("it cannot be read: "), "{reason}");
}

#[test]
fn json_that_cannot_be_read_is_refused_with_its_line() {
    for (text, why_not) in [
        ("{\n\n\"credentials\": planted}", "line 3: expected JSON"),
        (
            "{\n\"credentials\": {\"a.example.com\": {\"token\": \"planted",
            "line 2: expected the end of a string",
        ),
    ] {
        let expected = format!("it cannot be parsed: {why_not}");
        assert_eq!(why(|path| fs::write(path, text).unwrap()), expected);
    }
}
