//! What the guides promise, done as they say: their configurations applied, their outputs compared.
//!
//! A guide's files are in `examples/guides/`, and its page shows them. Where a page shows an output,
//! the file is an excerpt of what Terraform prints.

mod adopt_a_token_in_use;
mod authenticate;
mod beside_hashicorp_tfe;
mod excerpt;
mod generating_ephemeral;
mod guide;
mod respond_to_an_incident;
mod rotate_without_a_gap;
mod sealed_token_into_a_secret_store;

use std::fs;
use std::path::PathBuf;

use crate::workspace::{Workspace, repository};

/// Returns every file below a folder.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_file_of_a_guide_is_used_in_a_test() {
    let tests: String = files(repository("tests/acceptance/guides"))
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let folder = repository("examples/guides");
    let unused: Vec<_> = files(folder.clone())
        .into_iter()
        .map(|path| path.strip_prefix(&folder).unwrap().display().to_string())
        .filter(|name| !tests.contains(&format!("\"{name}\"")))
        .collect();
    assert!(unused.is_empty(), "used by no test: {unused:?}");
}

/// Without a token, a network or an organization.
#[test]
fn every_configuration_of_a_guide_is_valid_by_itself() {
    for path in files(repository("examples/guides")) {
        let text = fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|ending| ending == "tf") && text.starts_with("terraform {")
        {
            let mut workspace = Workspace::new();
            workspace.write("main.tf", &text);
            workspace.unset("TFE_TOKEN");
            let run = workspace.validate();
            assert!(run.exited_with(0), "{}\n{run}", path.display());
        }
    }
}
