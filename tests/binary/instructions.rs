//! What runs before Terraform can dial, counted in instructions: unlike milliseconds they are the same on a busy
//! machine, so a change that makes every start slower fails here, and not on somebody's bad day.
//!
//! Memory and threads at that moment have bounds, too. The profile is the one that tests have anyway: what matters
//! is what runs at all. How long it takes is measured by `make bench`.

use std::process::{Command, Stdio};

use crate::host::{Start, within};

/// A debug build's start with AutoMTLS has 3.4 million: a third is relocation, a fifth key and certificate, a seventh
/// the log (benches/README.md). A release build had 1.4 before its last third was saved. The rest is for compilers
/// to come.
const AT_MOST: u64 = if cfg!(debug_assertions) {
    3_900_000
} else {
    1_400_000
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
        .arg(crate::host::EXECUTABLE);

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

/// What only the process itself has; the rest is the executable's file. A debug build has 1.2 MiB, a release build
/// less than a half: pointers in the executable that relocation has written are most of it.
#[tokio::test]
async fn a_start_takes_one_thread_and_little_memory() {
    const AT_MOST: u64 = if cfg!(debug_assertions) { 1600 } else { 640 };
    let plugin = Start::new().handshake().await;
    let id = plugin.child.id().expect("a process that lives");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
    let number = |name: &str| -> u64 {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .unwrap_or_else(|| panic!("no {name} in\n{status}"))
    };

    assert_eq!(number("Threads:"), 1);
    let anonymous = number("RssAnon:");
    assert!(
        (1..=AT_MOST).contains(&anonymous),
        "{anonymous} KiB of its own at the handshake, and at most {AT_MOST} are meant to be: {REMEDY}"
    );
    within(plugin.shutdown()).await.assert_clean();
}
