//! Every item of the protocol's conformance checklist has a test, and the developer's table says which.
//!
//! A test carries its numbers: its name begins with one (`c18_…`), or its doc comment says them (`Conformance: 18, 25.`).
//! `make generate` (the same test with `UPDATE=1`) rewrites the table.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::sources::{self, Source, demand};

/// The developer's table.
const PAGE: &str = "tests/conformance.md";

const OPENING: &str = "\
# Conformance to the plugin protocol

What Terraform, OpenTofu and go-plugin demand of a provider's process, item by item, and the tests that hold this one
to it. A test carries its numbers: its name begins with one (`c18_…`), or its doc comment says them
(`Conformance: 18, 25.`). `tests/architecture/conformance.rs` gathers them and fails where an item has none; this page
is what it found, and `make generate` rewrites it.
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

/// What the items are about: the first is number 1.
const ITEMS: [&str; 75] = [
    "Without the cookie, or with a wrong one: a notice on stderr, nothing on stdout, status 1",
    "One handshake line of six fields, in whatever order the host lists its versions",
    "The certificate in the line is one that Go's TLS accepts",
    "Without a host certificate: plain HTTP/2, on a socket that is there when the line is",
    "The socket is where it was asked for, goes with the process, and survives a long TMPDIR",
    "Stdin stays unread, whatever it is",
    "Stdout carries nothing but the line, through a whole apply at TRACE",
    "Arguments do not matter, but for `-debug`",
    "A P-521 client certificate connects with TLS 1.2 and 1.3",
    "A host without a certificate is refused",
    "Another certificate with the same subject is refused",
    "ALPN selects h2",
    "TLS presents the certificate of the line",
    "Plain text on a TLS socket is refused and harms nobody",
    "Health says SERVING for `plugin`",
    "StreamStdio stays open and silent",
    "StartStream stays open and silent",
    "Shutdown ends it with status 0 in two seconds, with work in flight and streams open",
    "A request of 32 MiB is read",
    "An unknown method is UNIMPLEMENTED",
    "Calls progress together",
    "After an abrupt disconnect it serves on",
    "Replies are not compressed",
    "SIGINT is ignored, and the call in flight ends well",
    "StopProvider answers at once, ends waits, and calls may follow",
    "When its host is killed it ends by itself",
    "SIGTERM ends it",
    "Every line of stderr is one that Terraform's logger reads",
    "A panic is a diagnostic, and Terraform shows a crash report",
    "No secret is in any log",
    "`-debug` tells how to reattach",
    "In debug mode a bare connection is tolerated",
    "In debug mode plans and applies of both tools work, and the last configuration counts",
    "In debug mode SIGINT ends it",
    "The schema is told unconfigured, and every host shows it",
    "No schema breaks a rule of Terraform's",
    "Capabilities are as they are meant, and the schema need not be asked for",
    "GetMetadata, GetFunctions and GetResourceIdentitySchemas agree with the schema",
    "The schema is smaller than 64 MiB",
    "Every form of an unknown value is unknown",
    "A number is the same in every form",
    "The order of keys does not matter; a missing or strange one is an error",
    "A reply has every attribute, and no block is nil",
    "An empty value is null, and JSON is read",
    "A dynamic value is null, of a type, or unknown",
    "Garbage is a diagnostic, and the process lives",
    "What an API says in bytes that are no UTF-8 becomes text",
    "Plans keep to the configuration: all null, all set, all unknown",
    "A plan without changes is the prior state, with its private data",
    "Only computed attributes that are not configured are planned unknown",
    "A plan that is made twice is the same",
    "Only a real change replaces, and the second plan of a replacement works",
    "A destruction is planned as null",
    "What is applied is known, as planned, without write-only values; what is gone is deleted",
    "A creation that fails after the object exists returns it with the error",
    "A deletion that fails keeps the state",
    "What is gone leaves the state; what is there keeps private data and identity",
    "The same instant in another spelling is no change",
    "After an import, by ID or by identity, the plan is empty; a bad ID is told",
    "A stored state is read leniently; one from before Terraform 0.12 is refused",
    "An identity that was never stored crashes nothing",
    "A move that is not supported is told",
    "A configuration of unknown values is valid, before anything is configured",
    "A write-only value on a host that would store it is an error",
    "What a data source reads is known and not null",
    "An ephemeral result is known and keeps its arguments; every host can close it",
    "Renewing keeps the private data and does not run hot",
    "Functions are pure and blame their arguments",
    "A list has identities, keeps its limit, stops when cancelled, and tells errors as events",
    "An action ends with exactly one completion",
    "Every RPC of what is not offered says so, and none hangs",
    "Nothing is deferred where the host does not allow it",
    "The archive has one executable; mirrors, lock file and overrides work with both tools",
    "The manifest names protocol 6.0",
    "A hundred runs leave no process and no socket",
];

/// What a reader has to know besides, by number.
const REMARKS: [(usize, &str); 2] = [
    (4, "the certificate's field is empty then"),
    (
        68,
        "the SDK offers no functions: a provider without them answers properly",
    ),
];

/// Items whose capability is not here yet. One that gets a test has to leave this list.
const OPEN: [usize; 0] = [];

/// The tests of each item, as `file: name`.
type Found = BTreeMap<usize, Vec<(String, String)>>;

/// The numbers of the tests in a file, and what is wrong with them.
fn gather(source: &Source, found: &mut Found) -> Vec<String> {
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
                    None => problem("a test says its numbers as in `/// Conformance: 18, 25.`"),
                }
            }
        } else if line.starts_with("#[") {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
        } else if let Some(name) = function(line) {
            let mut numbers = stated.take().unwrap_or_default();
            if !numbers.is_empty() && !is_test {
                problem("only a test has numbers of the checklist");
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

fn gathered() -> (Found, Vec<String>) {
    let mut found = Found::new();
    let mut problems = Vec::new();
    for folder in ["src", "tests"] {
        for source in sources::rust(folder) {
            // This file's own examples are none.
            if source.path != "tests/architecture/conformance.rs" {
                problems.extend(gather(&source, &mut found));
            }
        }
    }
    (found, problems)
}

/// What is wrong with the items that have tests, and with those that have none.
fn gaps(found: &Found, open: &[usize]) -> Vec<String> {
    let strange = found
        .keys()
        .filter(|number| !(1..=ITEMS.len()).contains(*number))
        .map(|number| format!("there is no item {number}: {:?}", found[number]));
    let missing = (1..=ITEMS.len())
        .filter(|number| !found.contains_key(number) && !open.contains(number))
        .map(|number| format!("item {number} has no test: {}", ITEMS[number - 1]));
    let closed = open
        .iter()
        .filter(|number| found.contains_key(number))
        .map(|number| format!("item {number} has a test and is still in OPEN"));
    strange.chain(missing).chain(closed).collect()
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

/// Tests file by file, each file a link from the page.
fn tests(found: &[(String, String)]) -> String {
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, name) in found {
        files.entry(path).or_default().push(format!("`{name}`"));
    }
    if files.is_empty() {
        return "not here yet".to_owned();
    }
    let files: Vec<_> = files
        .into_iter()
        .map(|(path, names)| {
            let link = match path.strip_prefix("tests/") {
                Some(beside) => beside.to_owned(),
                None => format!("../{path}"),
            };
            format!("[{path}]({link}): {}", names.join(", "))
        })
        .collect();
    files.join("<br>")
}

#[test]
fn every_item_of_the_checklist_has_a_test() {
    let (found, mut problems) = gathered();
    problems.extend(gaps(&found, &OPEN));
    demand(
        &problems,
        "Write a test that holds the provider to the item and carries its number: `fn c18_…`, or \
         `/// Conformance: 18, 25.` above it.",
    );
}

#[test]
fn the_table_of_the_checklist_is_what_the_tests_say() {
    let (found, _) = gathered();
    let expected = page(&found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &expected).expect("the table can be written");
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "{PAGE} is not what the tests say; run `make generate` and commit it"
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
    let problems = gather(&Source::new("tests/x.rs", text), &mut found);
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), [7, 18, 25]);
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn a_gap_is_seen() {
    let test = || vec![("tests/x.rs".to_owned(), "c01_x".to_owned())];
    let mut found: Found = (1..=75).map(|number| (number, test())).collect();
    assert_eq!(gaps(&found, &[]), Vec::<String>::new());
    assert_eq!(gaps(&found, &[5]).len(), 1);
    found.remove(&5);
    assert_eq!(gaps(&found, &[5]), Vec::<String>::new());
    assert!(gaps(&found, &[])[0].starts_with("item 5 has no test"));
    found.insert(76, test());
    assert_eq!(gaps(&found, &[5]).len(), 1);
    let page = page(&found);
    assert!(page.contains("| 5 | The socket") && page.contains("not here yet"));
}
