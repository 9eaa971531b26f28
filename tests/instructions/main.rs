//! What runs before Terraform can dial, counted in instructions: unlike milliseconds they are the same on a busy
//! machine, so a change that makes every start slower fails here, and not on somebody's bad day.
//!
//! `make instructions` runs it. It has a feature of its own because it needs valgrind, which `make test` does not ask
//! of a newcomer. The profile is the one that tests have anyway: what matters is what runs at all. How long it takes
//! is measured by `make bench`.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

use std::process::{Command, Stdio};

use tfplugin_testing::executable::Start;

/// The plugin.
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");

/// A debug build's start with AutoMTLS has 2.4 million: a third is key and certificate, a fifth the log
/// (benches/README.md). A release build has fewer than half as many. The rest is for compilers to come.
const AT_MOST: u64 = if cfg!(debug_assertions) {
    2_800_000
} else {
    1_200_000
};

const REMEDY: &str = "look where they are with `callgrind_annotate --inclusive=yes`, and move what Terraform need \
                      not wait for behind the handshake (src/tfplugin/serve/process.rs)";

/// Needs valgrind, and fails without it: a test that passes because it did not run guards nothing.
#[tokio::test]
#[cfg(target_arch = "x86_64")]
async fn a_start_takes_few_instructions() {
    let valgrind = Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    assert!(
        valgrind.is_ok_and(|status| status.success()),
        "this test counts instructions by callgrind: install the package valgrind"
    );
    let folder = tempfile::tempdir().expect("a directory");
    let mut command = tokio::process::Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg("--callgrind-out-file=/dev/null")
        .arg(format!(
            "--log-file={}",
            folder.path().join("log").display()
        ))
        .arg(crate::EXECUTABLE);

    let plugin = Start::command(command).with_tls().handshake().await;
    // At once: what the end costs is little, and always the same.
    plugin.signal(rustix::process::Signal::TERM);
    plugin.ended().await.assert_clean();

    let log = std::fs::read_to_string(folder.path().join("log")).expect("valgrind's log");
    let count: u64 = log
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok())
        .unwrap_or_else(|| panic!("valgrind counted nothing:\n{log}"));
    assert!(
        (1..=AT_MOST).contains(&count),
        "{count} instructions from exec to handshake, and at most {AT_MOST} are meant to be: {REMEDY}"
    );
}
