//! Where the plugins are: the provider, and its companions in configurations.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

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

/// An executable that is not the package's own, but one of its examples: Cargo says where it is,
/// after building it if need be.
fn companion(name: &str) -> PathBuf {
    static BUILT: OnceLock<Vec<PathBuf>> = OnceLock::new();
    BUILT
        .get_or_init(build_examples)
        .iter()
        .find(|path| path.file_name().is_some_and(|file| file == name))
        .unwrap_or_else(|| panic!("no example is called {name}"))
        .clone()
}

fn build_examples() -> Vec<PathBuf> {
    let build = Command::new(env!("CARGO"))
        .args(["build", "--examples", "--features", "simulator"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        build.status.success(),
        "the companions do not build:\n{}",
        String::from_utf8_lossy(&build.stderr)
    );
    String::from_utf8(build.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let message: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(PathBuf::from(message["executable"].as_str()?))
        })
        .collect()
}

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
            candidates
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
                })
        })
        .clone()
}
