//! Single RPCs, for tests that send requests which [`Core`](crate::Core) would not send.
//!
//! [`Core::process`](crate::Core::process) starts a plugin for them.

pub use crate::config::{config_value, to_json};
pub use crate::identity::identity_data;
pub use crate::process::Process;
pub use crate::wire::{decode_diagnostics, decode_value, encode_value, malformed_values};
