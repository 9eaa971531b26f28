//! [`built_example`]: the path of an executable that is an example of a package.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// Returns the path of the executable of a Cargo example in the same workspace, such as a provider to start as a plugin.
///
/// Cargo builds the examples of a package before it runs all tests of that package, but not before `--test NAME`, and
/// not before the tests of another package. In these cases this builds a missing example.
///
/// # Panics
///
/// Panics if Cargo cannot build the example.
pub fn built_example(package: &str, name: &str) -> PathBuf {
    static BUILDING: Mutex<()> = Mutex::new(());
    let test = std::env::current_exe().expect("the path of this test's executable");
    // target/PLATFORM/PROFILE/deps/TEST
    let folder = test
        .ancestors()
        .nth(2)
        .expect("Cargo's folder of a profile");
    let path = folder.join("examples").join(name);
    let _one_at_a_time = BUILDING.lock();
    if !path.is_file() {
        build(package, name, folder);
    }
    assert!(path.is_file(), "{} is missing", path.display());
    path
}

fn build(package: &str, name: &str, folder: &Path) {
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        None | Some("debug") => "dev",
        Some(other) => other,
    };
    let build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--profile",
            profile,
            "--package",
            package,
            "--example",
            name,
        ])
        .stdin(Stdio::null())
        .output()
        .expect("cargo starts");
    assert!(
        build.status.success(),
        "the example {name} of {package} does not build:\n{}",
        String::from_utf8_lossy(&build.stderr)
    );
}
