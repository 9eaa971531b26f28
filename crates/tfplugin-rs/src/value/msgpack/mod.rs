//! The msgpack form of values, as Terraform sends and expects it.
//!
//! The protocol's message around it is not handled here: an empty `DynamicValue` is null, and its JSON form is
//! read by [`decode_json`](super::decode_json).

mod decode;
mod encode;
mod reader;
#[cfg(test)]
mod tests;

pub(super) use decode::decode;
pub use decode::decode_msgpack;
pub(crate) use encode::Encoded;
pub(super) use encode::Encoder;
pub use encode::encode_msgpack;
