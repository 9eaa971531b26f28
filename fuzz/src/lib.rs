//! What the targets share: random types, live servers, and what an answer has to be.
//!
//! Not here: what a target does with them.

pub mod answer;
pub mod any_type;
#[allow(dead_code, unused_imports, reason = "tests look into its world, too")]
#[path = "../../crates/tfplugin-rs/tests/echo/mod.rs"]
mod echo;
pub mod live;
pub mod shape;
