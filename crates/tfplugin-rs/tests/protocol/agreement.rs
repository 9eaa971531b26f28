//! The RPCs that describe a provider agree: items 35 to 39 and 68 of the conformance checklist.

use tfplugin_testing::rpc::Process;
use tfplugin_testing::{assert_agrees, assert_has_no_functions};

use crate::echo::{Echo, World};

fn echo() -> Process<Echo> {
    Process::start(Echo::new(World::starting_at(1)))
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn the_descriptions_of_echo_agree() {
    assert_agrees(echo()).await;
}

#[tokio::test]
async fn c68_a_call_of_a_function_that_does_not_exist_is_always_the_same_error() {
    assert_has_no_functions(echo()).await;
}
