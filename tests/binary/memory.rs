//! Memory and threads of a process at its handshake.
//!
//! How many instructions a start takes is counted in `tests/instructions`.

use crate::EXECUTABLE;
use tfplugin_testing::executable::{Start, within};

const REMEDY: &str = "look where they are with `callgrind_annotate --inclusive=yes`, and move what Terraform need \
                      not wait for behind the handshake (src/tfplugin/serve/process.rs)";

/// What only the process itself has; the rest is the executable's file. A quarter of a MiB; it would be five times
/// as much if the executable had to be relocated.
#[tokio::test]
async fn a_start_takes_one_thread_and_little_memory() {
    const AT_MOST: u64 = 512;
    let plugin = Start::new(EXECUTABLE).handshake().await;
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
