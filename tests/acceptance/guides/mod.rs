//! What the guides promise, done as they say: their configurations applied, their outputs seen.
//!
//! A guide's files are in `examples/guides/`, and the page shows them; what a page shows of an
//! output is an excerpt there, which has to be in the real one.

mod adopting;
mod authenticating;
mod beside_hashicorp_tfe;
mod excerpt;
mod generating;
mod incidents;
mod rotating;
mod sealing;

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde_json::Value;
use tfe_simulator::Token;

use self::excerpt::shows;
use crate::workspace::{Workspace, repository};

const TOKEN: &str = "tfe_audit_trail_token";
const KEY: &str = "Z3VpZGVzIG9mIHRoZSBwcm92aWRlciwgYSBrZXkgIDE=";
const OTHER_KEY: &str = "Z3VpZGVzIG9mIHRoZSBwcm92aWRlciwgYSBrZXkgIDI=";

/// A file of a guide.
fn file(path: &str) -> String {
    let full = repository("examples/guides").join(path);
    fs::read_to_string(&full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A workspace whose configuration is one file of a guide.
fn workspace(path: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.tf", &file(path));
    workspace
}

/// The token that the organization has.
#[track_caller]
fn token(workspace: &Workspace) -> Token {
    let token = workspace.simulator.audit_trail_token("my-org-name");
    token.expect("my-org-name has an audit trail token")
}

/// Lets the clock of HCP Terraform go on, so that another token has another creation time.
fn later(workspace: &Workspace) {
    let seconds = std::time::Duration::from_secs(2);
    workspace.simulator.advance(seconds);
}

/// The stand-in for a secret store, as a folder.
fn with_store(workspace: &mut Workspace) {
    let store = workspace.path("store");
    fs::create_dir_all(&store).unwrap();
    workspace.set("STAND_IN_VAULT", &store.display().to_string());
    workspace.set("TFE_SEALING_KEY", KEY);
}

/// The secret that the store has.
fn stored(workspace: &Workspace) -> Value {
    let path = workspace.path("store").join("siem-audit-trail");
    let text = fs::read_to_string(path).unwrap_or_default();
    let content: Value = serde_json::from_str(&text).unwrap_or_default();
    content["token"].clone()
}

/// The store has the secret of the token that the organization has; no state of Terraform does.
#[track_caller]
fn check_delivered(workspace: &Workspace) {
    let secret = token(workspace).secret;
    assert_eq!(stored(workspace), secret.expose());
    for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
        assert!(!workspace.read(state).contains(secret.expose()), "{state}");
    }
}

/// Every file under a folder.
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
    assert!(unused.is_empty(), "tried by no test: {unused:?}");
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
            assert!(run.ended_with(0), "{}\n{run}", path.display());
        }
    }
}

/// An instant in a state.
fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}
