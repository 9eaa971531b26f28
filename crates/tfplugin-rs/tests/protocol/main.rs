//! The SDK in process: `Core` plays Terraform for the provider `echo`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../echo/mod.rs"]
mod echo;

mod actions;
mod agreement;
mod applying;
mod broken_rules;
mod calls;
mod data_sources;
mod deferring;
mod ephemeral_resources;
mod garbage;
mod identity;
mod lists;
mod moving_state;
mod nesting;
mod planning;
mod random_schemas;
mod reading;
mod schemas;
mod unsound;
mod validating;
mod values;

use self::echo::{Echo, World};
use tfplugin_testing::Core;

async fn core(world: &World) -> Core<Echo> {
    let world = world.clone();
    Core::start(move || Echo::new(world.clone())).await
}
