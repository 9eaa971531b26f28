//! What the guides have in common: their files, a clock that goes on, and a secret store.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::workspace::{Workspace, repository};

pub(super) const KEY: &str = "Z3VpZGVzIG9mIHRoZSBwcm92aWRlciwgYSBrZXkgIDE=";
pub(super) const OTHER_KEY: &str = "Z3VpZGVzIG9mIHRoZSBwcm92aWRlciwgYSBrZXkgIDI=";

/// Reads a file of a guide.
pub(super) fn file(path: &str) -> String {
    let full = repository("examples/guides").join(path);
    fs::read_to_string(&full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns a workspace whose configuration is one file of a guide.
pub(super) fn workspace(path: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("main.tf", &file(path));
    workspace
}

/// Advances the clock of HCP Terraform, so that the next token has another creation time.
pub(super) fn later(workspace: &Workspace) {
    workspace.simulator.advance(Duration::from_secs(2));
}

/// Gives the workspace a secret store, which is a folder, and a sealing key.
pub(super) fn with_store(workspace: &mut Workspace) {
    let store = workspace.path("store");
    fs::create_dir_all(&store).unwrap();
    workspace.set("STAND_IN_VAULT", &store.display().to_string());
    workspace.set("TFE_SEALING_KEY", KEY);
}

/// Returns the secret that the store holds.
pub(super) fn stored(workspace: &Workspace) -> Value {
    let path = workspace.path("store").join("siem-audit-trail");
    let text = fs::read_to_string(path).unwrap_or_default();
    let content: Value = serde_json::from_str(&text).unwrap_or_default();
    content["token"].clone()
}

/// Expects that the store holds the secret of the organization's token, and that no state does.
#[track_caller]
pub(super) fn check_delivered(workspace: &Workspace) {
    let secret = workspace.token().secret;
    assert_eq!(stored(workspace), secret.expose());
    for state in ["terraform.tfstate", "terraform.tfstate.backup"] {
        assert!(!workspace.read(state).contains(secret.expose()), "{state}");
    }
}
