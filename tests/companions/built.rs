//! Where the companions are: executables that are not the package's own, but its examples.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A companion's executable. Cargo builds the examples before it runs all tests, but not for
/// `--test NAME` alone: what is missing is built then.
pub(crate) fn companion(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    let folder = Path::new(env!("CARGO_BIN_EXE_terraform-provider-tfe"))
        .parent()
        .expect("an executable is in a folder")
        .join("examples");
    let path = folder.join(name);
    if !path.is_file() {
        BUILT.get_or_init(build);
    }
    assert!(
        path.is_file(),
        "{} is missing: `make test` builds it, or `cargo build --examples` for the debug profile",
        path.display()
    );
    path
}

fn build() {
    let build = Command::new(env!("CARGO"))
        .args(["build", "--examples", "--features", "simulator"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("cargo starts");
    assert!(
        build.status.success(),
        "the companions do not build:\n{}",
        String::from_utf8_lossy(&build.stderr)
    );
}
