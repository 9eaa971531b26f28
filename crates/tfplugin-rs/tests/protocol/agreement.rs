//! What a process tells of itself, whichever way it is asked: items 35 to 39 and 68 of the conformance checklist.

use tfplugin_testing::rpc::Process;
use tfplugin_testing::{assert_agrees, assert_has_no_functions};

use crate::echo::{Echo, World};

fn echo() -> Process<Echo> {
    Process::start(Echo::new(World::starting_at(1)))
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn what_echo_tells_of_itself_agrees() {
    assert_agrees(echo()).await;
}

#[tokio::test]
async fn c68_without_functions_it_says_so_unconfigured_and_every_time() {
    assert_has_no_functions(echo()).await;
}
