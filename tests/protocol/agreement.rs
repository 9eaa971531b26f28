//! What a process tells of itself, whichever way it is asked: items 35 to 39 and 68 of the conformance checklist.

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::{assert_agrees, assert_has_no_functions};

/// Nothing that is asked here is configured, or needs anything.
fn tfe() -> Process<Tfe> {
    let clock = Clock::from_fn(|| panic!("a schema needs no clock"));
    let provider = Tfe::new(Environment::in_memory(), clock, Timing::default());
    Process::start(provider)
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn what_tfe_tells_of_itself_agrees() {
    assert_agrees(tfe()).await;
}

#[tokio::test]
async fn c68_without_functions_it_says_so_unconfigured_and_every_time() {
    assert_has_no_functions(tfe()).await;
}
