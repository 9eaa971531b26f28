//! Every example is a configuration that Terraform accepts.
//!
//! The examples of the guides, which belong together, are tested in `guides`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::host::{self, Feature, host};
use crate::workspace::checks::SEALING_KEY;
use crate::workspace::command_output::CommandOutput;
use crate::workspace::simulator::OWNER;
use crate::workspace::{Workspace, repository};

/// Returns every file with this ending below a folder, without those of the guides.
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

/// Returns a workspace whose configuration is one example.
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
fn check(path: &Path, run: &CommandOutput, code: i32) {
    assert!(run.exited_with(code), "{}\n{run}", path.display());
}

/// Returns the examples that this host can read, and reports the others.
fn examples() -> Vec<PathBuf> {
    let mut all = files(&repository("examples"), "tf");
    for (feature, part) in [
        (Feature::ImportByIdentity, "import-by-identity.tf"),
        (Feature::ActionsBeforeDestroy, "before-destroy.tf"),
        (Feature::Actions, "examples/actions/"),
    ] {
        let needs = |path: &PathBuf| path.display().to_string().contains(part);
        assert!(all.iter().any(needs), "an example with {part}");
        if host::lacks(feature) {
            all.retain(|path| !needs(path));
        }
    }
    all
}

/// Without a token, a network or an organization, so that any checkout can be validated.
#[test]
fn every_example_is_valid_without_a_token() {
    for path in examples() {
        let mut workspace = workspace_with(&path);
        workspace.unset("TFE_TOKEN");
        check(&path, &workspace.validate(), 0);
        assert!(workspace.simulator.requests().is_empty());
    }
}

#[test]
fn every_example_applies_and_the_next_plan_is_empty() {
    for path in examples() {
        let mut workspace = workspace_with(&path);
        workspace.set("TF_VAR_compromised_token_id", "at-compromised");
        workspace.set(
            "TF_VAR_incident",
            "{ ticket = \"1\", token_id = \"at-compromised\" }",
        );
        workspace.set("TFE_SEALING_KEY", SEALING_KEY);
        workspace.set("TF_VAR_tfe_token", OWNER);
        workspace.set("TF_VAR_tfe_sealing_key", SEALING_KEY);
        let name = path.display().to_string();
        let generates = name.contains("new-token");
        if name.contains("import") || (name.contains("data-sources") && !generates) {
            workspace.simulator.regenerate_elsewhere("my-org-name");
        }
        if name.contains("tfe_audit_trail_events") {
            // A user's token cannot read the audit trail.
            let own = workspace
                .simulator
                .regenerate_organization_token("my-org-name");
            workspace.set("TFE_TOKEN", own.secret.expose());
            workspace.set("TF_VAR_audit_trail_reader", own.secret.expose());
        }
        check(&path, &workspace.try_apply(), 0);
        let unchanged = match generates {
            true => host().exit_code_of_an_empty_plan_behind_an_ephemeral(),
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
fn the_import_command_of_the_example_imports() {
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
