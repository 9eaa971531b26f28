//! Memory and threads of a process at its handshake.
//!
//! `tests/instructions` counts the instructions of a start.

use crate::EXECUTABLE;
use tfplugin_testing::executable::{Start, within};

const REMEDY: &str = "find the allocations with `callgrind_annotate --inclusive=yes`, and move what Terraform does not \
                      wait for behind the handshake (crates/tfplugin-rs/src/serve/process.rs)";

/// A static-pie relocates itself when it starts: the kernel copies every page on which a pointer is written, and these
/// pages count as the process's own. They are 0.9 of a debug build's 1.1 MiB, and 0.2 of a release build's 0.4. A fixed
/// address would save them, but give up the randomisation of addresses in a process that holds an owner's token.
#[tokio::test]
async fn a_start_takes_one_thread_and_little_memory() {
    const AT_MOST: u64 = if cfg!(debug_assertions) { 1408 } else { 512 };
    let plugin = Start::new(EXECUTABLE).handshake().await;
    let id = plugin.child.id().expect("a running process");
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
        "the process has {anonymous} KiB of its own at the handshake, more than {AT_MOST}: {REMEDY}"
    );
    within(plugin.shutdown()).await.assert_clean();
}
