//! The msgpack form of values, as Terraform sends and expects it.
//!
//! Nothing here knows of the protocol's message around it: an empty `DynamicValue` is null, and its
//! JSON form is [`decode_json`](super::decode_json)'s.

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
