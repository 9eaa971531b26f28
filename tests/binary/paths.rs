//! Where executables are is Cargo's business: with a target named in `.cargo/config.toml`, or with
//! `CARGO_TARGET_DIR`, it is not where it used to be.

use std::path::Path;
use std::process::Command;

#[test]
fn no_file_knows_where_cargo_puts_executables() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .expect("git is there");
    assert!(listed.status.success(), "git lists the repository's files");
    let listed = String::from_utf8(listed.stdout).expect("paths in UTF-8");
    let mut culprits = Vec::new();
    for path in listed.split_terminator('\0') {
        // Binary files name nothing; one that was deleted neither.
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
