//! What the targets share: random types, live providers, and the checks of what a provider returns.
//!
//! Not here: what a target does with them.

pub mod any_type;
pub mod checks;
#[allow(
    dead_code,
    unused_imports,
    reason = "its own tests read its world, too"
)]
#[path = "../../crates/tfplugin-rs/tests/echo/mod.rs"]
mod echo;
#[path = "../../tests/protocol/environment.rs"]
mod environment;
pub mod live;
