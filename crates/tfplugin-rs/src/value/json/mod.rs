//! The JSON form of values, as state files and the protocol's JSON carry it.
//!
//! Numbers are read and written as text, so that no digit is lost.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

pub use decode::{Leniency, decode_json};
pub use encode::encode_json;
