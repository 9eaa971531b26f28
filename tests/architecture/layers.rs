//! Imports within a crate point one way. Cargo checks that between crates.

use crate::imports::{Imports, imports};
use crate::sources::{self, Source, demand};
use crate::tokens::tokens;

/// The order of the SDK's modules: each may use those in its own row and in the rows above.
const SDK: [&[&str]; 10] = [
    &["path", "sensitive", "attr"],
    &["value", "diag"],
    &["schema", "identity", "private", "host", "lifecycle"],
    &["context", "moves"],
    &[
        "resource",
        "ephemeral",
        "data_source",
        "list_resource",
        "action",
    ],
    &["adapter"],
    &["registry"],
    &["provider"],
    &["docs", "server"],
    &["serve"],
];
const SDK_FOLDER: &str = "crates/tfplugin-rs/src/";

/// Crates that speak the plugin protocol, and its messages.
const PROTOCOL: [&str; 5] = ["tfplugin", "tonic", "prost", "prost_types", "proto"];

#[test]
fn the_client_knows_nothing_of_plugins() {
    let sources = sources::rust("src/client");
    let mut problems: Vec<_> = sources.iter().flat_map(protocol).collect();
    problems.extend(upwards(
        &imports(&sources::rust("src")),
        "src/",
        &[&["client"], &["provider"]],
    ));
    demand(
        &problems,
        "src/client is the HCP Terraform API alone. Move the code to src/provider, or hand the value in as an argument.",
    );
}

#[test]
fn protobuf_stays_in_the_sdks_server_and_serve() {
    let mut sources = sources::rust("src/provider");
    sources.extend(sources::rust(SDK_FOLDER).into_iter().filter(|source| {
        let inside = &source.path[SDK_FOLDER.len()..];
        !inside.starts_with("server/") && !inside.starts_with("serve/")
    }));
    let problems: Vec<_> = sources
        .iter()
        .flat_map(|source| {
            protocol(source)
                .into_iter()
                .filter(|word| !word.ends_with(": tfplugin"))
        })
        .collect();
    demand(
        &problems,
        "Turn messages of the protocol into the SDK's own types in crates/tfplugin-rs/src/server, and nowhere else.",
    );
}

#[test]
fn modules_of_the_sdk_use_only_those_before_them() {
    demand(
        &upwards(&imports(&sources::rust(SDK_FOLDER)), SDK_FOLDER, &SDK),
        "Move what is used to a module further up in SDK (tests/architecture/layers.rs), where a new module gets its \
         row too.",
    );
}

/// A file that somebody else has made may be a pipe, a device or huge, and may be on a server that is gone.
#[test]
fn only_files_and_environment_read_what_others_have_made() {
    let mut sources = sources::rust("src");
    sources.retain(|source| {
        let path = source.path.as_str();
        !["src/client/files.rs", "src/client/environment.rs"].contains(&path)
            && !path.ends_with("/tests.rs")
    });
    let problems: Vec<_> = sources
        .iter()
        .filter(|source| reads_files(&source.text))
        .map(|source| source.path.clone())
        .collect();
    demand(
        &problems,
        "Read files with `Environment::with_files`: on another thread, regular files only, within limits; and variables \
         with the methods of `Environment`.",
    );
}

/// Whether a text uses the files or variables of the process.
fn reads_files(text: &str) -> bool {
    tokens(text).windows(3).any(|part| match part {
        ["std", "::", "fs"] | ["tokio", "::", "fs"] | ["File", "::", "open"] => true,
        ["env", "::", name] => name.starts_with("var"),
        _ => false,
    })
}

#[test]
fn a_use_of_files_or_variables_is_found() {
    assert!(reads_files("use std::fs::File;"));
    assert!(reads_files("let text = std::env::var(\"A\");"));
    assert!(!reads_files(
        "let list = std::env::split_paths(list); // std::fs"
    ));
    assert!(!reads_files("#[cfg(test)]\nmod tests { use std::fs; }"));
}

/// What a file names of the protocol.
fn protocol(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.text);
    PROTOCOL
        .iter()
        .filter(|word| tokens.contains(word))
        .map(|word| format!("{}: {word}", source.path))
        .collect()
}

/// Every use of a module by one in a row above it, and every module without a row.
fn upwards(imports: &Imports, folder: &str, rows: &[&[&str]]) -> Vec<String> {
    let module = |path: &str| {
        let inside = path.strip_prefix(folder)?;
        let module = inside.split(['/', '.']).next().unwrap_or_default();
        (!["lib", "main"].contains(&module)).then(|| module.to_owned())
    };
    let row = |module: &str| rows.iter().position(|row| row.contains(&module));
    let mut problems = Vec::new();
    for (path, uses) in imports {
        let Some(user) = module(path) else { continue };
        let Some(highest) = row(&user) else {
            problems.push(format!("{path}: {user} has no row"));
            continue;
        };
        for (other, names) in uses {
            if module(other).and_then(|used| row(&used)) > Some(highest) {
                problems.push(format!("{path} -> {other}: {names:?}"));
            }
        }
    }
    problems
}

#[test]
fn an_upward_use_is_found() {
    let check = |path: &str, text: &str, expected: &[&str]| {
        let sources = [
            Source::new("src/lib.rs", "pub mod diag; pub use diag::Diagnostic;"),
            Source::new("src/path.rs", "pub struct Path;"),
            Source::new("src/diag.rs", "pub struct Diagnostic;"),
            Source::new(path, text),
        ];
        let rows: [&[&str]; 3] = [&["path", "attr"], &["diag"], &["server"]];
        assert_eq!(upwards(&imports(&sources), "src/", &rows), expected);
    };
    check(
        "src/server/x.rs",
        "use crate::{path::Path, Diagnostic};",
        &[],
    );
    check(
        "src/attr.rs",
        "use crate::{path::Path, Diagnostic};",
        &["src/attr.rs -> src/diag.rs: {\"Diagnostic\"}"],
    );
    check("src/new.rs", "", &["src/new.rs: new has no row"]);
}

#[test]
fn a_name_of_the_protocol_is_found() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(protocol(&Source::new("x.rs", text)), expected, "{text}");
    };
    check("use tfplugin::Value;", &["x.rs: tfplugin"]);
    check("fn f(_: prost_types::Timestamp) {}", &["x.rs: prost_types"]);
    check(
        "use crate::{path::Path, server::{proto::Diagnostic}};",
        &["x.rs: proto"],
    );
    check("// tfplugin\nlet prototype = \"tonic\";", &[]);
}
