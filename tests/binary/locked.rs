//! Every build takes the versions of `Cargo.lock`: without `--locked`, Cargo may take others, which nobody has checked.

use std::path::Path;

/// Makefiles and scripts that run Cargo.
const FILES: [&str; 7] = [
    "Makefile",
    ".ci/run",
    "hosts/test.sh",
    "scripts/build.sh",
    "scripts/cdk.sh",
    "scripts/reproducible.sh",
    "scripts/tour.sh",
];

/// Cargo's commands that choose versions.
const COMMANDS: [&str; 11] = [
    "bench",
    "build",
    "check",
    "clippy",
    "deny check",
    "deny --offline",
    "doc",
    "install",
    "pkgid",
    "run",
    "test",
];

/// Returns the commands of a script that run Cargo without the lock file. The targets of fuzzing have none, and are in no
/// release.
fn unlocked(script: &str) -> Vec<&str> {
    let chooses = |line: &&str| {
        let mut commands = COMMANDS.iter();
        commands.any(|command| line.contains(&format!("cargo {command} ")))
    };
    script
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with('#') && !line.contains("fuzz/Cargo.toml"))
        .filter(chooses)
        .filter(|line| !line.contains("--locked"))
        .collect()
}

#[test]
fn every_build_of_a_script_is_locked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in FILES {
        let script = std::fs::read_to_string(root.join(file)).expect("a script");
        assert_eq!(unlocked(&script), [""; 0], "{file}: add --locked");
    }
}

#[test]
fn a_build_without_the_lock_file_is_found() {
    let script = "# cargo test x\n\tcargo test --workspace\n cargo build --locked --bins\n";
    assert_eq!(unlocked(script), ["cargo test --workspace"]);
}

/// A path of the machine that built it says who built it, and makes each machine's release another one.
#[test]
fn the_compiler_of_a_release_is_pinned() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect("a file");
    let toolchain = read("rust-toolchain.toml");
    let pinned = toolchain
        .lines()
        .find_map(|line| line.strip_prefix("channel = "));
    let pinned = pinned.expect("a channel").trim_matches('"');
    assert_eq!(
        pinned.split('.').count(),
        3,
        "{pinned} is no release of Rust"
    );
    let oldest = format!(
        "rust-version = \"{}\"",
        pinned.rsplit_once('.').expect("a patch").0
    );
    assert!(
        read("Cargo.toml").contains(&oldest),
        "the pinned compiler is the one that is tested"
    );
}
