//! The number of instructions that a start executes before Terraform can connect. It is the same on a busy machine,
//! unlike milliseconds, so a change that makes every start slower fails here.
//!
//! `make instructions` runs it. It has a feature of its own because it needs valgrind, which `make test` does not
//! require. It uses the profile of the tests. `make bench` measures the time of a release build.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

use std::process::{Command, Stdio};

use tfplugin_testing::executable::Start;

/// The plugin.
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");

/// A debug build's start with AutoMTLS takes 3.5 million: a quarter each is the relocation of the executable, and key and
/// certificate (benches/README.md). A release build takes 0.85 million. The rest is room for other compilers.
const AT_MOST: u64 = if cfg!(debug_assertions) {
    3_900_000
} else {
    1_000_000
};

const REMEDY: &str = "find them with `callgrind_annotate --inclusive=yes`, and move what Terraform does not wait for \
                      behind the handshake (crates/tfplugin-rs/src/serve/process.rs)";

/// Fails without valgrind, instead of passing without a check.
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
    // The end costs little, and always the same.
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
        "{count} instructions from exec to handshake, more than {AT_MOST}: {REMEDY}"
    );
}
