//! No file names the folders in which Cargo puts executables: `.cargo/config.toml` and `CARGO_TARGET_DIR` change them.

use std::path::Path;
use std::process::Command;

#[test]
fn no_file_names_cargos_folders() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .expect("git is installed");
    assert!(listed.status.success(), "git lists the repository's files");
    let listed = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    let mut culprits = Vec::new();
    for path in listed.split_terminator('\0') {
        // Skips binary files, and files that were deleted.
        let Ok(text) = std::fs::read_to_string(root.join(path)) else {
            continue;
        };
        for profile in ["release", "debug"] {
            if text.contains(&format!("target/{profile}")) {
                culprits.push(path);
            }
        }
    }
    assert!(
        culprits.is_empty(),
        "these files name Cargo's folders; ask Cargo instead (CARGO_BIN_EXE_…, or the field \
         `executable` of `cargo build --message-format json`): {culprits:?}"
    );
}
