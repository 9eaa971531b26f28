//! Finds the real hashicorp/time provider, which Go builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The script's exit code without Go.
const NO_GO: i32 = 3;

/// Returns the executable of the real hashicorp/time provider, which Go builds once; `None` without Go, if it was not
/// built before.
pub(crate) fn hashicorp_time() -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/companions/time.sh");
            let output = Command::new("sh")
                .arg(script)
                .stdin(Stdio::null())
                .output()
                .expect("sh starts");
            let stderr = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => Some(String::from_utf8_lossy(&output.stdout).trim().into()),
                Some(NO_GO) => None,
                _ => panic!("hashicorp/time could not be built (`make companions`):\n{stderr}"),
            }
        })
        .clone()
}
