//! Where the real hashicorp/time provider is, which Go builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The executable of the real hashicorp/time provider, which Go builds once.
pub(crate) fn hashicorp_time() -> PathBuf {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/companions/time.sh");
            let output = Command::new("sh")
                .arg(script)
                .stdin(Stdio::null())
                .output()
                .expect("sh starts");
            assert!(
                output.status.success(),
                "hashicorp/time is not there, nor can it be built (`make companions`):\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8_lossy(&output.stdout).trim().into()
        })
        .clone()
}
