//! The SDK and the provider at the boundary of gRPC: [`core::Core`] plays Terraform, in process.
//!
//! Tests whose names begin with `c` and a number are items of the protocol's conformance checklist.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(not(feature = "simulator"))]
compile_error!(
    "these tests need the simulator: run `make test`, or `cargo test --features simulator`"
);

mod core;
#[path = "../echo/mod.rs"]
mod echo;

mod actions;
mod agreement;
mod applying;
mod audit_trail_events;
mod audit_trail_token;
mod calls;
mod data_sources;
mod deferring;
mod ephemeral_resources;
mod faults;
mod garbage;
mod gate;
mod histories;
mod hosts;
mod identity;
mod lists;
mod moving_state;
mod nesting;
mod planning;
mod promises;
mod random_schemas;
mod reading;
mod schemas;
mod surroundings;
mod tfe;
mod unsound;
mod validating;
mod values;

use self::core::Core;
use self::echo::{Echo, World};

/// Terraform with the provider `echo` and an empty state.
async fn core(world: &World) -> Core<Echo> {
    let world = world.clone();
    Core::start(move || Echo::new(world.clone())).await
}
