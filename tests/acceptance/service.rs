//! The pretend HCP Terraform, running beside tests that block while terraform runs.

use std::sync::OnceLock;

use chrono::Utc;
use tfe_simulator::{Builder, Simulator};
use tokio::runtime::{Builder as RuntimeBuilder, Handle};
use tokio::time::timeout;

use crate::running::LIMIT;

/// An API token of somebody who owns every organization.
pub(crate) const OWNER: &str = "owner-token-of-the-acceptance-tests";

/// One runtime, on a thread of its own, for the simulators of all tests.
fn runtime() -> &'static Handle {
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let runtime = RuntimeBuilder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let handle = runtime.handle().clone();
        std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
        handle
    })
}

/// Waits for something that has to happen, while terraform runs.
#[track_caller]
pub(crate) fn within<F: Future>(future: F) -> F::Output {
    let waited = runtime().block_on(async { timeout(LIMIT, future).await });
    match waited {
        Ok(happened) => happened,
        Err(_) => panic!("nothing happened within {LIMIT:?}"),
    }
}

/// Starts a simulator whose clock shows the current time, as the plugin's does, with the
/// organization `my-org-name` and the caller [`OWNER`].
pub(crate) fn start(build: impl FnOnce(Builder) -> Builder) -> Simulator {
    let builder = build(Simulator::builder().clock(Utc::now()).ticking());
    let simulator = runtime().block_on(builder.start()).unwrap();
    simulator.add_organization("my-org-name");
    simulator.add_owner_token(OWNER);
    simulator
}
