//! [`Value`] and [`Type`]: what Terraform and a provider exchange.
//!
//! A value is read and written with its type at hand: the wire forms do not tell a list from a set
//! or a map from an object, and a number may come as text.
//!
//! - [`decode_msgpack`], [`encode_msgpack`]: the form on the wire.
//! - [`decode_json`], [`encode_json`]: the form in a state file.
//! - [`from_value`], [`to_value`]: the bridge to an author's model, a struct with serde derives.
//!
//! Not here: what a schema says beyond types (computed, sensitive, nesting of blocks), and
//! Terraform's own functions on values (conversion, unification, refinement of unknowns).

mod access;
mod bridge;
mod fault;
mod json;
mod msgpack;
mod number;
#[cfg(test)]
mod strategies;
mod ty;
mod type_json;
mod unknown;
#[expect(
    clippy::module_inception,
    reason = "a file is named after the one thing in it"
)]
mod value;

pub(crate) use bridge::encode_model;
pub use bridge::{from_value, to_value};
pub use json::{Leniency, decode_json, encode_json};
pub(crate) use msgpack::Encoded;
pub use msgpack::{decode_msgpack, encode_msgpack};
pub use number::{Number, NumberError};
pub use ty::{ObjectType, Type};
pub use type_json::TypeError;
pub use unknown::Unknown;
pub use value::Value;

/// How deep values and types may nest. Terraform's own stay far below.
const MAX_DEPTH: usize = 128;
