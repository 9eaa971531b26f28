//! The table host × feature of the README: what the last run of `make test-hosts` did.
//!
//! A run leaves two files of each host: which test was about what, by the tests, and what became of each
//! test, by libtest. The table is made of both. Without a run it is compared with what hosts are known to
//! have: a feature cannot be added or taken away beside it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Feature, Host, named};
use crate::workspace::repository;

/// Where `make test-hosts` has left its results.
const RESULTS: &str = "HOST_TABLE";
/// Whether the README is only compared with them.
const CHECK: &str = "CHECK";

const BEGIN: &str = "<!-- hosts: written by `make test-hosts` -->\n";
const END: &str = "<!-- end of hosts -->\n";

const YES: &str = "yes";
const ABSENT: &str = "not in this host";

/// What a test was about, in the results of a host.
pub(super) fn line(host: &Host, feature: Feature, is_there: bool, test: &str) -> String {
    let there = if is_there { "shown" } else { "absent" };
    format!("{host}\t{feature}\t{there}\t{test}\n")
}

/// One host's cells, by the name of the feature.
#[derive(Debug, PartialEq)]
struct Column {
    host: String,
    cells: BTreeMap<String, String>,
}

impl Column {
    /// Of what the tests and libtest have said.
    fn of(tests: &str, log: &str) -> Self {
        let outcome = |test: &str| {
            let said = log.lines().find_map(|line| {
                let rest = line.strip_prefix("test ")?.strip_prefix(test)?;
                rest.strip_prefix(" ... ")
            });
            said == Some("ok")
        };
        let mut host = String::new();
        let mut cells = BTreeMap::new();
        for line in tests.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [name, feature, there, test] = fields.as_slice() else {
                panic!("no line of a result: {line:?}")
            };
            host = (*name).to_owned();
            let cell = match (*there, outcome(test)) {
                (_, false) => "fails",
                ("absent", true) => ABSENT,
                _ => YES,
            };
            // One that fails is never made good by another.
            let known = cells
                .entry((*feature).to_owned())
                .or_insert(cell.to_owned());
            if cell == "fails" {
                *known = cell.to_owned();
            }
        }
        // What it lacks may have no test at all; that it lacks it has one.
        let lacks_are_shown = outcome("host::feature::what_the_host_is_said_to_lack_it_refuses");
        for feature in Feature::ALL {
            let lacks = lacks_are_shown && !known(&host).has(*feature);
            let cell = if lacks { ABSENT } else { "not tried" };
            cells.entry(feature.to_string()).or_insert(cell.to_owned());
        }
        Self { host, cells }
    }

    /// What is not as it should be.
    fn problems(&self) -> Vec<String> {
        let expected = expected(&self.host);
        let wrong = self.cells.iter().filter(|(feature, cell)| {
            let expected = expected.cells.get(*feature);
            expected.is_none_or(|expected| expected != *cell)
        });
        wrong
            .map(|(feature, cell)| format!("{}: {feature}: {cell}", self.host))
            .collect()
    }
}

/// What a host is known to have.
fn expected(name: &str) -> Column {
    let host = known(name);
    let cells = Feature::ALL.iter().map(|feature| {
        let cell = if host.has(*feature) { YES } else { ABSENT };
        (feature.to_string(), cell.to_owned())
    });
    Column {
        host: name.to_owned(),
        cells: cells.collect(),
    }
}

/// The host of this name.
fn known(name: &str) -> Host {
    let (product, version) = named(&name.replacen(' ', " v", 1))
        .unwrap_or_else(|| panic!("no host has this name: {name:?}"));
    Host {
        product,
        version,
        executable: "".into(),
    }
}

/// The results of a run, in the order of their numbers.
fn columns(folder: &Path) -> Vec<Column> {
    let read = |number: usize, kind: &str| {
        fs::read_to_string(folder.join(format!("{number}.{kind}"))).ok()
    };
    let numbers = (1..).map_while(|number| Some((read(number, "tests")?, read(number, "log")?)));
    numbers
        .map(|(tests, log)| Column::of(&tests, &log))
        .collect()
}

fn table(columns: &[Column]) -> String {
    let row = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    let hosts: Vec<_> = columns.iter().map(|column| column.host.as_str()).collect();
    let mut text = row([&[""], hosts.as_slice()].concat());
    text += &format!("|{}\n", "---|".repeat(columns.len() + 1));
    for feature in Feature::ALL {
        let name = feature.to_string();
        let cells = columns.iter().map(|column| column.cells[&name].as_str());
        text += &row(std::iter::once(name.as_str()).chain(cells).collect());
    }
    text
}

/// The README before the table, the table, and the README after it.
fn readme() -> (String, String, String) {
    let text = fs::read_to_string(repository("README.md")).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the README has a table");
    let (table, after) = rest.split_once(END).expect("the table has an end");
    (before.to_owned(), table.to_owned(), after.to_owned())
}

#[test]
fn the_readme_says_what_every_host_did() {
    let (before, said, after) = readme();
    let Some(folder) = std::env::var_os(RESULTS) else {
        // No run has written it yet; .ci/run takes no empty table.
        if said.is_empty() {
            return;
        }
        let names = said.lines().next().unwrap_or_default().trim_matches('|');
        let hosts = names
            .split('|')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let columns: Vec<_> = hosts.map(expected).collect();
        assert_eq!(
            said,
            table(&columns),
            "`make test-hosts` writes the README's table"
        );
        return;
    };
    let columns = columns(Path::new(&folder));
    let done = table(&columns);
    println!("{done}");
    let problems: Vec<_> = columns.iter().flat_map(Column::problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    if std::env::var_os(CHECK).is_some_and(|check| !check.is_empty()) {
        assert_eq!(said, done, "`make test-hosts` writes the README's table");
    } else {
        let text = format!("{before}{BEGIN}{done}{END}{after}");
        fs::write(repository("README.md"), text).unwrap();
    }
}

#[test]
fn a_column_is_what_tests_and_libtest_say() {
    let tests = "Terraform 1.11.4\tdata sources\tshown\ta::b\n\
                 Terraform 1.11.4\tactions\tabsent\tc::d\n\
                 Terraform 1.11.4\tmanaged resource\tshown\te::f\n\
                 Terraform 1.11.4\tmanaged resource\tshown\ta::b\n\
                 Terraform 1.11.4\timport by ID\tshown\tg::h\n";
    let log = "running 5 tests\ntest a::b ... ok\ntest c::d ... ok\ntest e::f ... FAILED\n\
               test host::feature::what_the_host_is_said_to_lack_it_refuses ... ok\n";
    let column = Column::of(tests, log);
    for (feature, cell) in [
        (Feature::DataSources, YES),
        (Feature::Actions, ABSENT),
        // One of its tests failed, and the other one does not make that good.
        (Feature::ManagedResource, "fails"),
        // It was begun, and libtest knows of no end.
        (Feature::ImportById, "fails"),
        // No test, and it is known that the host lacks it.
        (Feature::Query, ABSENT),
        (Feature::Interrupts, "not tried"),
    ] {
        assert_eq!(column.cells[&feature.to_string()], cell, "{feature}");
    }
    let problems = column.problems();
    let told = |text: &str| problems.iter().any(|problem| problem.contains(text));
    assert!(told("managed resource: fails") && told("interrupts: not tried"));
    assert!(!told("actions") && !told("data sources"), "{problems:?}");
}

#[test]
fn a_feature_that_is_there_and_called_absent_is_a_problem() {
    let tests = "Terraform 1.16.4\tactions\tabsent\tc::d\n";
    let column = Column::of(tests, "test c::d ... ok\n");
    let problem = "Terraform 1.16.4: actions: not in this host".to_owned();
    assert!(
        column.problems().contains(&problem),
        "{:?}",
        column.problems()
    );
}
