//! Every example is a configuration that Terraform accepts. (Those of the guides, which belong
//! together, are tried in `guides`.)

use std::fs;
use std::path::{Path, PathBuf};

use crate::host::{self, Feature, host};
use crate::run::Run;
use crate::service::OWNER;
use crate::workspace::{Workspace, repository};

const KEY: &str = "YWNjZXB0YW5jZSB0ZXN0cywga2V5IG51bWJlciBvbmU=";

/// Every file with this ending below a folder, the guides' aside.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if folder.ends_with("guides") {
        return found;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|one| one == ending) {
            found.push(path);
        }
    }
    found
}

/// A workspace with one example in it.
fn workspace_with(path: &Path) -> Workspace {
    let text = fs::read_to_string(path).unwrap();
    let workspace = Workspace::new();
    if !text.contains("required_providers") {
        workspace.write(
            "versions.tf",
            "terraform {\n  required_providers {\n    \
             tfe = { source = \"terraform-provider-tfe/tfe\" }\n  }\n}\n",
        );
    }
    workspace.write("main.tf", &text);
    workspace
}

#[track_caller]
fn check(path: &Path, run: &Run, code: i32) {
    assert!(run.ended_with(code), "{}\n{run}", path.display());
}

/// The examples for this host; those that it cannot read are told.
fn examples() -> Vec<PathBuf> {
    let (actions, others): (Vec<_>, Vec<_>) = files(&repository("examples"), "tf")
        .into_iter()
        .partition(|path| path.starts_with(repository("examples/actions")));
    assert!(!actions.is_empty() && !others.is_empty());
    let (by_identity, mut all): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|path| path.ends_with("import-by-identity.tf"));
    assert!(!by_identity.is_empty());
    if !host::lacks(Feature::ImportByIdentity) {
        all.extend(by_identity);
    }
    if !host::lacks(Feature::Actions) {
        all.extend(actions);
    }
    all
}

/// Without a token, a network or an organization: Terraform validates in any checkout.
#[test]
fn every_example_is_valid() {
    for path in examples() {
        let mut workspace = workspace_with(&path);
        workspace.unset("TFE_TOKEN");
        check(&path, &workspace.validate(), 0);
        assert!(workspace.simulator.requests().is_empty());
    }
}

#[test]
fn every_example_applies_and_leaves_nothing_to_do() {
    for path in examples() {
        let mut workspace = workspace_with(&path);
        workspace.set("TF_VAR_compromised_token_id", "at-compromised");
        workspace.set(
            "TF_VAR_incident",
            "{ ticket = \"1\", token_id = \"at-compromised\" }",
        );
        workspace.set("TFE_SEALING_KEY", KEY);
        workspace.set("TF_VAR_tfe_token", OWNER);
        workspace.set("TF_VAR_tfe_sealing_key", KEY);
        let name = path.display().to_string();
        let generates = name.contains("new-token");
        if name.contains("import") || (name.contains("data-sources") && !generates) {
            workspace.simulator.regenerate_elsewhere("my-org-name");
        }
        if name.contains("tfe_audit_trail_events") {
            // No user's token reads the trail.
            let own = workspace
                .simulator
                .regenerate_organization_token("my-org-name");
            workspace.set("TFE_TOKEN", own.secret.expose());
        }
        check(&path, &workspace.try_apply(), 0);
        let unchanged = match generates {
            true => host().plans_no_change_behind_an_ephemeral(),
            false => 0,
        };
        check(&path, &workspace.plan(), unchanged);
    }
}

#[test]
fn every_example_is_formatted() {
    for folder in ["examples", "demo"] {
        let path = repository(folder).display().to_string();
        Workspace::new()
            .terraform(&["fmt", "-check", "-recursive", "-no-color", &path])
            .succeeds();
    }
}

#[test]
fn the_import_command_imports() {
    let path = repository("examples/resources/tfe_audit_trail_token/import.sh");
    let script = fs::read_to_string(path).unwrap();
    let command = script.lines().last().unwrap();
    let arguments: Vec<_> = command.split(' ').skip(1).collect();

    let workspace = Workspace::new();
    let token = workspace.simulator.regenerate_elsewhere("my-org-name");
    workspace.configure("resource \"tfe_audit_trail_token\" \"example\" {}\n");
    workspace.terraform(&arguments).succeeds();
    assert_eq!(
        workspace.example("tfe_audit_trail_token")["token_id"],
        token.id
    );
}
