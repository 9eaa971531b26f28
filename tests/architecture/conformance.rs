//! Every item of the protocol's conformance checklist has a test, and a page for developers lists them.
//!
//! A test carries its numbers: its name begins with one (`c18_…`), or its doc comment says them (`Conformance: 18, 25.`).
//! `make generate` (the same test with `UPDATE=1`) rewrites the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::sources::{self, Source, demand};

/// The page, beside most of the tests that it names.
const PAGE: &str = "crates/tfplugin-rs/tests/conformance.md";
const PAGE_FOLDER: &str = "crates/tfplugin-rs/tests/";

const OPENING: &str = "\
# Conformance to the plugin protocol

What Terraform, OpenTofu and go-plugin require of a provider's process, item by item, and the tests that check it, in
the whole repository. A test carries its numbers: its name begins with one (`c18_…`), or its doc comment says them
(`Conformance: 18, 25.`). [conformance.rs](../../../tests/architecture/conformance.rs) collects them and fails if an item
has none. `make generate` rewrites this page.
";

/// The parts of the checklist by their first items.
const PARTS: [(usize, &str); 12] = [
    (1, "Process"),
    (9, "TLS"),
    (15, "gRPC"),
    (24, "Signals and stopping"),
    (28, "Logs"),
    (31, "Debug mode"),
    (35, "Schema"),
    (40, "Values"),
    (48, "Managed resources"),
    (65, "Everything else that a provider offers"),
    (72, "Deferral"),
    (73, "Packaging"),
];

/// The items of the checklist: the first is number 1.
const ITEMS: [&str; 75] = [
    "Without the cookie or with a wrong one, it prints a notice on stderr, nothing on stdout, and ends with status 1",
    "The handshake line has six fields, in any order of the host's versions",
    "The certificate in the line is one that Go's TLS accepts",
    "Without a host certificate it serves plain HTTP/2, on a socket that exists before the line is written",
    "The socket is in the requested folder, is removed with the process, and survives a long TMPDIR",
    "Stdin is never read",
    "Stdout carries only the handshake line, through a whole apply at TRACE",
    "All arguments but `-debug` are ignored",
    "A host with a P-521 certificate connects with TLS 1.2 and 1.3",
    "A host without a certificate is refused",
    "Another certificate with the same subject is refused",
    "ALPN selects h2",
    "TLS presents the certificate of the handshake line",
    "Plain text on a TLS socket is refused and disturbs no other connection",
    "Health reports SERVING for `plugin`",
    "StreamStdio stays open and silent",
    "StartStream stays open and silent",
    "Shutdown ends it with status 0 within two seconds, with work in flight and streams open",
    "A request of 32 MiB is read",
    "An unknown method is UNIMPLEMENTED",
    "Calls run concurrently",
    "It goes on serving after an abrupt disconnect",
    "Replies are not compressed",
    "SIGINT is ignored, and the call in flight completes",
    "StopProvider answers at once, ends waits, and calls may follow",
    "It ends when its host is killed",
    "SIGTERM ends it",
    "Every line of stderr is one that Terraform's logger reads",
    "A panic is a diagnostic, and Terraform shows a crash report",
    "No secret is in any log",
    "`-debug` prints how to reattach",
    "In debug mode a bare connection is tolerated",
    "In debug mode plans and applies of both tools work, and the last configuration counts",
    "In debug mode SIGINT ends it",
    "The schema is available before configuration, and every host shows it",
    "No schema breaks a rule of Terraform",
    "The server announces its capabilities, and the schema is optional",
    "GetMetadata, GetFunctions and GetResourceIdentitySchemas agree with the schema",
    "The schema is smaller than 64 MiB",
    "Every form of an unknown value is unknown",
    "A number is the same in every form",
    "The order of keys does not matter; a missing or unknown key is an error",
    "A reply has every attribute, and no block is nil",
    "An empty value is null, and JSON is read",
    "A dynamic value is null, of a type, or unknown",
    "Garbage causes a diagnostic, and the process goes on",
    "Bytes of an API that are not UTF-8 become text",
    "A plan keeps the configuration: all null, all set, all unknown",
    "A plan without changes is the prior state, with its private data",
    "Only computed attributes that are not configured are planned unknown",
    "Planning twice gives the same plan",
    "Only a real change replaces, and the second plan of a replacement works",
    "A destruction is planned as null",
    "An applied value is known, as planned, and has no write-only values; a deleted object leaves the state",
    "A create that fails after the object exists returns the object with the error",
    "A failed delete keeps the state",
    "Reading removes a missing object from the state, and keeps private data and identity of an existing one",
    "The same instant in another spelling is no change",
    "After an import, by ID or by identity, the plan is empty; a bad ID is reported",
    "A stored state is read leniently; a state from before Terraform 0.12 is refused",
    "A missing stored identity causes no crash",
    "An unsupported move is reported",
    "A configuration of unknown values is valid, before anything is configured",
    "A write-only value on a host that would store it is an error",
    "The result of a data source is known and not null",
    "An ephemeral result is known and keeps its arguments; every host can close it",
    "Renewing keeps the private data and does not repeat at once",
    "Functions are pure and report errors at their arguments",
    "A list has identities, keeps its limit, stops when cancelled, and reports errors as events",
    "An action ends with exactly one completion",
    "Every RPC for an object that is not offered returns an error, and none hangs",
    "Nothing is deferred where the host does not allow it",
    "The archive has one executable; mirrors, lock file and overrides work with both tools",
    "The manifest names protocol 6.0",
    "A hundred runs leave no process and no socket",
];

/// Remarks on items, by number.
const REMARKS: [(usize, &str); 2] = [
    (4, "the certificate's field is empty"),
    (
        68,
        "the SDK offers no functions: a provider without them answers properly",
    ),
];

/// The tests of each item, as file and name.
type Found = BTreeMap<usize, Vec<(String, String)>>;

/// Collects the numbers of the tests in a file; returns the problems with them.
fn collect(source: &Source, found: &mut Found) -> Vec<String> {
    let mut problems = Vec::new();
    let mut stated = None;
    let mut is_test = false;
    for (number, line) in source.text.lines().enumerate() {
        let mut problem =
            |what: &str| problems.push(format!("{}:{}: {what}", source.path, number + 1));
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("///") {
            if let Some(numbers) = comment.trim().strip_prefix("Conformance:") {
                match read(numbers) {
                    Some(numbers) => stated = Some(numbers),
                    None => problem("write the numbers as in `/// Conformance: 18, 25.`"),
                }
            }
        } else if line.starts_with("#[") {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
        } else if let Some(name) = function(line) {
            let mut numbers = stated.take().unwrap_or_default();
            if !numbers.is_empty() && !is_test {
                problem("only a test can have numbers of the checklist");
            }
            if is_test {
                numbers.extend(prefix(name));
                numbers.sort_unstable();
                numbers.dedup();
                for item in numbers {
                    let test = (source.path.clone(), name.to_owned());
                    found.entry(item).or_default().push(test);
                }
            }
            is_test = false;
        }
    }
    problems
}

/// ` 18, 25.`
fn read(numbers: &str) -> Option<Vec<usize>> {
    let numbers = numbers.trim().strip_suffix('.')?;
    let numbers = numbers.split(", ").map(|one| one.parse().ok());
    numbers.collect()
}

/// The name in `async fn name(`.
fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = line.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// The 18 of `c18_…`.
fn prefix(name: &str) -> Option<usize> {
    let (digits, _) = name.strip_prefix('c')?.split_once('_')?;
    digits.parse().ok().filter(|_| digits.len() == 2)
}

fn collected() -> (Found, Vec<String>) {
    let mut found = Found::new();
    let mut problems = Vec::new();
    for source in sources::rust("") {
        // The examples in this file are not tests.
        if source.path != "tests/architecture/conformance.rs" {
            problems.extend(collect(&source, &mut found));
        }
    }
    (found, problems)
}

/// Items without a test, and tests with a number that is no item's.
fn gaps(found: &Found) -> Vec<String> {
    let unknown = found
        .keys()
        .filter(|number| !(1..=ITEMS.len()).contains(*number))
        .map(|number| format!("there is no item {number}: {:?}", found[number]));
    let missing = (1..=ITEMS.len())
        .filter(|number| !found.contains_key(number))
        .map(|number| format!("item {number} has no test: {}", ITEMS[number - 1]));
    unknown.chain(missing).collect()
}

fn page(found: &Found) -> String {
    let mut page = OPENING.to_owned();
    for (index, subject) in ITEMS.iter().enumerate() {
        let number = index + 1;
        if let Some((_, part)) = PARTS.iter().find(|(first, _)| *first == number) {
            let _ = write!(page, "\n## {part}\n\n| | what | tests |\n|---|---|---|\n");
        }
        let remark = REMARKS.iter().find(|(item, _)| *item == number);
        let remark = remark.map(|(_, text)| format!(" ({text})"));
        let remark = remark.unwrap_or_default();
        let tests = tests(found.get(&number).map(Vec::as_slice).unwrap_or_default());
        let _ = writeln!(page, "| {number} | {subject}{remark} | {tests} |");
    }
    page
}

/// Formats tests by file, each file with a link from the page.
fn tests(found: &[(String, String)]) -> String {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, name) in found {
        files.entry(path).or_default().push(format!("`{name}`"));
    }
    if files.is_empty() {
        return "none".to_owned();
    }
    let files: Vec<_> = files
        .into_iter()
        .map(|(path, names)| {
            let link = link(path);
            format!("[{path}]({link}): {}", names.join(", "))
        })
        .collect();
    files.join("<br>")
}

/// The path of a file from the page.
fn link(path: &str) -> String {
    match path.strip_prefix(PAGE_FOLDER) {
        Some(beside) => beside.to_owned(),
        None => "../".repeat(PAGE_FOLDER.matches('/').count()) + path,
    }
}

#[test]
fn every_item_of_the_checklist_has_a_test() {
    let (found, mut problems) = collected();
    problems.extend(gaps(&found));
    demand(
        &problems,
        "Write a test that holds the provider to the item and carries its number: `fn c18_…`, or \
         `/// Conformance: 18, 25.` above it.",
    );
}

#[test]
fn the_conformance_page_is_up_to_date() {
    let (found, _) = collected();
    let expected = page(&found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &expected).expect("the page can be written");
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{PAGE} is out of date; run `make generate` and commit it"
    );
}

#[test]
fn numbers_are_read_from_names_and_comments() {
    let text = "\
/// Sends it.
///
/// Conformance: 7, 25.
#[tokio::test]
async fn it_is_sent() {}
#[test]
fn c18_it_ends() {}
/// Conformance: 3.
fn no_test() {}
    /// Conformance: all.
    #[test]
    fn c9_too_short() {}
#[cfg(test)]
fn c20_no_test_either() {}
";
    let mut found = Found::new();
    let problems = collect(&Source::new("tests/x.rs", text), &mut found);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [7, 18, 25]);
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn an_item_without_a_test_is_found() {
    let test = || vec![("tests/x.rs".to_owned(), "c01_x".to_owned())];
    let mut found: Found = (1..=75).map(|number| (number, test())).collect();
    assert_eq!(gaps(&found), Vec::<String>::new());
    found.remove(&5);
    assert!(gaps(&found)[0].starts_with("item 5 has no test"));
    found.insert(76, test());
    assert_eq!(gaps(&found).len(), 2);
    let page = page(&found);
    assert!(page.contains("| 5 | The socket") && page.contains(" | none |"));
}
