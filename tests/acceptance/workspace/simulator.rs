//! The simulated HCP Terraform, which runs beside a test that waits for Terraform.

use std::sync::OnceLock;

use chrono::Utc;
use tfe_simulator::{Builder, Simulator};
use tokio::runtime::{Builder as RuntimeBuilder, Handle};
use tokio::time::timeout;

use super::running_command::TIMEOUT;

/// An API token of a user who owns every organization.
pub(crate) const OWNER: &str = "owner-token-of-the-acceptance-tests";

/// Returns the runtime of all simulators, which has a thread of its own.
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

/// Waits until something has happened in a simulator, while Terraform runs.
#[track_caller]
pub(crate) fn wait_for<F: Future>(event: F) -> F::Output {
    let waited = runtime().block_on(async { timeout(TIMEOUT, event).await });
    match waited {
        Ok(happened) => happened,
        Err(_) => panic!("nothing happened within {TIMEOUT:?}"),
    }
}

/// Starts a simulator with the organization `my-org-name` and its owner's token [`OWNER`].
///
/// Its clock shows the current time, as the plugin's clock does.
pub(crate) fn start(build: impl FnOnce(Builder) -> Builder) -> Simulator {
    let builder = build(Simulator::builder().clock(Utc::now()).ticking());
    let simulator = runtime().block_on(builder.start()).unwrap();
    simulator.add_organization("my-org-name");
    simulator.add_owner_token(OWNER);
    simulator
}
