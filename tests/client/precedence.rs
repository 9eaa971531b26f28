//! The table of places in the guide about authentication, cell by cell.
//!
//! Of every two places the higher one wins, inside and outside a run of HCP Terraform, with and without a
//! named file. `tests/acceptance/cli_config` compares with a real terraform.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use terraform_provider_tfe::client::{Arguments, Environment, Secret, resolve};

const PAGE: &str = include_str!("../../docs/guides/authenticate.md");

/// A row of the table.
struct Row {
    /// The names of its places in [`furnish`]. The first wins.
    places: &'static [&'static str],
    as_a_rule: bool,
    with_a_named_file: bool,
    in_a_run: bool,
}

fn rows() -> Vec<Row> {
    let (_, table) = PAGE
        .split_once("| | Place |")
        .expect("the page has the table");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, _, place, as_a_rule, with_a_named_file, in_a_run, _] = cells[..] else {
            panic!("a row has other cells: {line}");
        };
        let parse = |cell: &str| match cell {
            "yes" => true,
            "no" => false,
            _ => panic!("{cell:?} in {line}"),
        };
        Row {
            places: places(place),
            as_a_rule: parse(as_a_rule),
            with_a_named_file: parse(with_a_named_file),
            in_a_run: parse(in_a_run),
        }
    })
    .collect()
}

fn places(row: &str) -> &'static [&'static str] {
    let known: [(&str, &[&str]); 8] = [
        ("argument `token`", &["argument"]),
        ("`TFE_TOKEN`", &["TFE_TOKEN"]),
        ("`TF_TOKEN_<host>`", &["TF_TOKEN"]),
        ("`TF_CLI_CONFIG_FILE` names", &["named", "older"]),
        ("`*.tfrc` and `*.tfrc.json`", &["last", "login", "first"]),
        ("`~/.terraformrc`", &["main"]),
        ("`credentials_helper`", &["helper"]),
        ("`terraform login` saved", &["login"]),
    ];
    let found = known.iter().find(|(words, _)| row.contains(words));
    found
        .unwrap_or_else(|| panic!("no test knows the place {row:?}"))
        .1
}

/// Where a practitioner works.
#[derive(Clone, Copy, Debug)]
struct Situation {
    /// The variables that name a file, which may have no token.
    named: &'static [&'static str],
    in_a_run: bool,
}

/// Returns the places that count, the one that wins first.
fn order(rows: &[Row], situation: Situation) -> Vec<&'static str> {
    let counts = |row: &&Row| {
        let here = if situation.named.is_empty() {
            row.as_a_rule
        } else {
            row.with_a_named_file
        };
        here && (row.in_a_run || !situation.in_a_run)
    };
    let places = rows
        .iter()
        .filter(counts)
        .flat_map(|row| row.places)
        .copied();
    // Only the first of the named files is read, and none that no variable names.
    let is_read = |place: &&str| match *place {
        "named" => situation.named.contains(&"TF_CLI_CONFIG_FILE"),
        "older" => situation.named == ["TERRAFORM_CONFIG"],
        _ => true,
    };
    places.filter(is_read).collect()
}

const PLACES: [&str; 10] = [
    "argument",
    "TFE_TOKEN",
    "TF_TOKEN",
    "named",
    "older",
    "last",
    "login",
    "first",
    "main",
    "helper",
];

/// Returns the arguments and environment of a practitioner with tokens in some places, each called like its place.
fn furnish(home: &Path, situation: Situation, with: &[&str]) -> (Arguments, Environment) {
    let has = |place: &str| with.contains(&place);
    let block = |place: &str| {
        let text = format!("credentials \"app.terraform.io\" {{ token = \"{place}\" }}\n");
        if has(place) { text } else { String::new() }
    };
    let helper = if has("helper") {
        "credentials_helper \"x\" {}\n"
    } else {
        ""
    };
    let mut environment = Environment::in_memory()
        .home(home)
        .file(home.join(".terraformrc"), block("main") + helper)
        .file(home.join("named.rc"), block("named") + helper)
        .file(home.join("older.rc"), block("older") + helper)
        .file(home.join(".terraform.d/a.tfrc"), block("first"))
        .file(home.join(".terraform.d/z.tfrc"), block("last"));
    if has("login") {
        let saved = r#"{"credentials": {"app.terraform.io": {"token": "login"}}}"#;
        environment = environment.file(home.join(".terraform.d/credentials.tfrc.json"), saved);
    }
    for (variable, place) in [
        ("TFE_TOKEN", "TFE_TOKEN"),
        ("TF_TOKEN_app_terraform_io", "TF_TOKEN"),
    ] {
        if has(place) {
            environment = environment.variable(variable, place);
        }
    }
    for (variable, file) in [
        ("TF_CLI_CONFIG_FILE", "named.rc"),
        ("TERRAFORM_CONFIG", "older.rc"),
    ] {
        if situation.named.contains(&variable) {
            environment = environment.variable(variable, home.join(file));
        }
    }
    if situation.in_a_run {
        environment = environment.variable("TFC_AGENT_VERSION", "1.22.0");
    }
    let arguments = Arguments {
        token: has("argument").then(|| Secret::new("argument".to_owned())),
        ..Arguments::default()
    };
    (arguments, environment)
}

/// Makes a home directory with a credentials helper, which runs only if a block names it.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let plugins = home.path().join(".terraform.d/plugins");
    std::fs::create_dir_all(&plugins).unwrap();
    let program = plugins.join("terraform-credentials-x");
    std::fs::write(&program, "#!/bin/sh\necho '{\"token\": \"helper\"}'\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    home
}

async fn check(named: &'static [&'static str]) {
    let home = home();
    let rows = rows();
    assert_eq!(rows.len(), 8, "the table has a row for each place");
    let mut cells = 0;
    for in_a_run in [false, true] {
        let situation = Situation { named, in_a_run };
        let order = order(&rows, situation);
        for (number, first) in PLACES.iter().enumerate() {
            for second in &PLACES[number..] {
                let with = [*first, *second];
                let (arguments, environment) = furnish(home.path(), situation, &with);
                let expected = order.iter().find(|place| with.contains(*place));
                let found = resolve(arguments, &environment).await;
                let token = found.as_ref().ok().map(|found| found.token.expose());
                assert_eq!(
                    token,
                    expected.copied(),
                    "{first} and {second}, {situation:?}: {found:?}"
                );
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 2 * 55);
}

#[tokio::test]
async fn of_every_two_places_the_higher_one_wins() {
    check(&[]).await;
}

#[tokio::test]
async fn a_named_file_takes_the_place_of_the_others() {
    check(&["TF_CLI_CONFIG_FILE"]).await;
}

#[tokio::test]
async fn the_older_variable_names_a_file_as_well() {
    check(&["TERRAFORM_CONFIG"]).await;
}

#[tokio::test]
async fn of_two_named_files_only_the_one_is_read_that_terraform_reads() {
    check(&["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]).await;
}
