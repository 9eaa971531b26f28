//! The table host × feature of the README, which shows what the last `make test-hosts` found.
//!
//! Of each host `make test-hosts` leaves two files: which test is about which feature, written by the
//! tests, and the outcome of each test, written by libtest. The table is made of both. Without them
//! the README is compared with what the hosts are known to have, so that nobody adds or removes a
//! feature and forgets the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Feature, Host, product_and_version};
use crate::workspace::repository;

/// The variable with the folder in which `make test-hosts` leaves its results.
const RESULTS: &str = "HOST_TABLE";
/// The variable that says that the README is only compared with the results.
const CHECK: &str = "CHECK";

const BEGIN: &str = "<!-- hosts: written by `make test-hosts` -->\n";
const END: &str = "<!-- end of hosts -->\n";

const YES: &str = "yes";
const ABSENT: &str = "not in this host";

/// The cells of one host by the name of the feature.
#[derive(Debug, PartialEq)]
struct Column {
    host: String,
    cells: BTreeMap<String, String>,
}

impl Column {
    /// Returns the column that follows from what the tests and libtest have written.
    fn of(tests: &str, log: &str) -> Self {
        let passed = |test: &str| {
            let outcome = log.lines().find_map(|line| {
                let rest = line.strip_prefix("test ")?.strip_prefix(test)?;
                rest.strip_prefix(" ... ")
            });
            outcome == Some("ok")
        };
        let mut host = String::new();
        let mut cells = BTreeMap::new();
        for line in tests.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            let [name, feature, there, test] = fields.as_slice() else {
                panic!("not a line of a result: {line:?}")
            };
            host = (*name).to_owned();
            let cell = match (*there, passed(test)) {
                (_, false) => "fails",
                ("absent", true) => ABSENT,
                _ => YES,
            };
            // If one test of a feature fails, the feature fails.
            let known = cells
                .entry((*feature).to_owned())
                .or_insert(cell.to_owned());
            if cell == "fails" {
                *known = cell.to_owned();
            }
        }
        // A feature that the host lacks may have no test, but the probe has shown that it is missing.
        let probed = passed("host::probe::a_host_refuses_what_it_is_said_to_lack");
        for feature in Feature::ALL {
            let lacks = probed && !known(&host).has(*feature);
            let cell = if lacks { ABSENT } else { "not tried" };
            cells.entry(feature.to_string()).or_insert(cell.to_owned());
        }
        Self { host, cells }
    }

    /// Returns the cells that differ from what the host is known to have.
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

/// Returns the column of what a host is known to have.
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

/// Returns the host of this name, such as `Terraform 1.11.4`.
fn known(name: &str) -> Host {
    let (product, version) = product_and_version(&name.replacen(' ', " v", 1))
        .unwrap_or_else(|| panic!("not the name of a host: {name:?}"));
    Host {
        product,
        version,
        executable: "".into(),
    }
}

/// Reads the results of `make test-hosts`, in the order of their numbers.
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

/// Returns the README before the table, the table, and the README after it.
fn readme() -> (String, String, String) {
    let text = fs::read_to_string(repository("README.md")).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the README has a table");
    let (table, after) = rest.split_once(END).expect("the table has an end");
    (before.to_owned(), table.to_owned(), after.to_owned())
}

#[test]
fn the_readme_shows_what_every_host_has() {
    let (before, shown, after) = readme();
    let Some(folder) = std::env::var_os(RESULTS) else {
        // `make test-hosts` has not written it yet; .ci/run accepts no empty table.
        if shown.is_empty() {
            return;
        }
        let names = shown.lines().next().unwrap_or_default().trim_matches('|');
        let hosts = names
            .split('|')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let columns: Vec<_> = hosts.map(expected).collect();
        assert_eq!(
            shown,
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
        assert_eq!(shown, done, "`make test-hosts` writes the README's table");
    } else {
        let text = format!("{before}{BEGIN}{done}{END}{after}");
        fs::write(repository("README.md"), text).unwrap();
    }
}

#[test]
fn a_column_is_made_of_what_tests_and_libtest_write() {
    let tests = "Terraform 1.11.4\tdata sources\tshown\ta::b\n\
                 Terraform 1.11.4\tactions\tabsent\tc::d\n\
                 Terraform 1.11.4\tmanaged resource\tshown\te::f\n\
                 Terraform 1.11.4\tmanaged resource\tshown\ta::b\n\
                 Terraform 1.11.4\timport by ID\tshown\tg::h\n";
    let log = "running 5 tests\ntest a::b ... ok\ntest c::d ... ok\ntest e::f ... FAILED\n\
               test host::probe::a_host_refuses_what_it_is_said_to_lack ... ok\n";
    let column = Column::of(tests, log);
    for (feature, cell) in [
        (Feature::DataSources, YES),
        (Feature::Actions, ABSENT),
        // One of its two tests failed.
        (Feature::ManagedResource, "fails"),
        // The test began and libtest wrote no outcome.
        (Feature::ImportById, "fails"),
        // No test, and the host is known to lack it.
        (Feature::Query, ABSENT),
        (Feature::Interrupts, "not tried"),
    ] {
        assert_eq!(column.cells[&feature.to_string()], cell, "{feature}");
    }
    let problems = column.problems();
    let reported = |text: &str| problems.iter().any(|problem| problem.contains(text));
    assert!(reported("managed resource: fails") && reported("interrupts: not tried"));
    assert!(
        !reported("actions") && !reported("data sources"),
        "{problems:?}"
    );
}

#[test]
fn a_feature_that_a_host_has_must_not_be_called_absent() {
    let tests = "Terraform 1.16.4\tactions\tabsent\tc::d\n";
    let column = Column::of(tests, "test c::d ... ok\n");
    let problem = "Terraform 1.16.4: actions: not in this host".to_owned();
    assert!(
        column.problems().contains(&problem),
        "{:?}",
        column.problems()
    );
}
