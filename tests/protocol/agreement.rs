//! The RPCs that describe the provider agree with each other: items 35 to 39 and 68 of the conformance checklist.

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::{assert_agrees, assert_has_no_functions};

/// Returns a process of the provider that is not configured.
fn tfe() -> Process<Tfe> {
    let clock = Clock::from_fn(|| panic!("a schema needs no clock"));
    let provider = Tfe::new(Environment::in_memory(), clock, Timing::default());
    Process::start(provider)
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn the_schemas_agree_in_every_rpc_that_returns_them() {
    assert_agrees(tfe()).await;
}

#[tokio::test]
async fn c68_the_provider_has_no_functions_configured_or_not() {
    assert_has_no_functions(tfe()).await;
}
