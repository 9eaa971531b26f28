//! Where the plugins are: the provider, and its companions in configurations.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::built::companion;

/// Puts every plugin into a folder under the name by which Terraform looks for it.
pub(crate) fn link_into(folder: &Path) {
    let links = [
        ("tfe", env!("CARGO_BIN_EXE_terraform-provider-tfe").into()),
        ("echo", companion("terraform-provider-echo")),
        ("time", companion("stand-in")),
        ("vault", companion("stand-in")),
    ];
    for (name, executable) in links {
        let link = folder.join(format!("terraform-provider-{name}"));
        std::os::unix::fs::symlink(&executable, &link).unwrap();
    }
}

/// The source addresses that are served from that folder.
pub(crate) const SOURCES: [&str; 5] = [
    "terraform-provider-tfe/tfe",
    "hashicorp/tfe",
    "terraform-provider-tfe/echo",
    "hashicorp/time",
    "hashicorp/vault",
];

/// Terraform's executable: the variable `TF`, else `terraform` on `PATH`.
pub(crate) fn terraform() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let name = std::env::var_os("TF").unwrap_or_else(|| "terraform".into());
            let path = std::env::var_os("PATH").unwrap_or_default();
            let mut candidates = vec![PathBuf::from(&name)];
            if candidates[0].components().count() == 1 {
                candidates = std::env::split_paths(&path)
                    .map(|f| f.join(&name))
                    .collect();
            }
            let found = candidates
                .into_iter()
                .find(|candidate| candidate.is_file())
                .and_then(|found| found.canonicalize().ok())
                .unwrap_or_else(|| {
                    panic!(
                        "These tests need terraform, 1.11 or newer: install it from \
                         https://developer.hashicorp.com/terraform/install, or set TF to its \
                         executable (now {}).",
                        Path::new(&name).display()
                    )
                });
            let version = version(&found);
            assert!(
                at_least_1_11(&version),
                "These tests need Terraform 1.11 or newer; found {version:?}: {}.",
                found.display()
            );
            found
        })
        .clone()
}

fn version(terraform: &Path) -> String {
    let output = Command::new(terraform)
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    told["terraform_version"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Write-only arguments came with 1.11.
fn at_least_1_11(version: &str) -> bool {
    let mut numbers = version
        .split(['.', '-'])
        .map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next()) >= (1_u32, 11_u32)
}

#[test]
fn versions_of_terraform_are_compared_by_number() {
    for (version, enough) in [
        ("1.5.7", false),
        ("1.10.5", false),
        ("1.11.0", true),
        ("1.11.0-beta1", true),
        ("1.16.0-alpha20260101", true),
        ("2.0.0", true),
        ("", false),
    ] {
        assert_eq!(at_least_1_11(version), enough, "{version}");
    }
}
