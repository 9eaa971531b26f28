//! The memory of a plugin holds API tokens, so it is not written to core dumps.

use crate::executable;
use rustix::process::{Resource, Signal, getrlimit};
use tfplugin_testing::executable::{Plugin, Start};

/// Returns the line of `/proc/<process>/limits` about core dumps: the soft and the hard limit.
fn limits(plugin: &Plugin) -> Vec<String> {
    let id = plugin.child.id().expect("a process that lives");
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).expect("limits");
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    let words = line.expect("the limit of core dumps").split_whitespace();
    words.take(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_plugin_writes_no_core_dump() {
    let plugin = Start::new(executable()).handshake().await;
    assert_eq!(limits(&plugin), ["0", "0"]);
    plugin.shutdown().await.assert_clean();
}

/// A practitioner who debugs the process may want a dump, and a debugger.
#[tokio::test]
async fn a_process_that_is_debugged_keeps_its_limits() {
    let plugin = Start::debug(executable()).handshake().await;
    let own = getrlimit(Resource::Core);
    let text = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |limit| limit.to_string());
    assert_eq!(limits(&plugin), [text(own.current), text(own.maximum)]);
    plugin.signal(Signal::INT);
    plugin.ended().await.assert_clean();
}
