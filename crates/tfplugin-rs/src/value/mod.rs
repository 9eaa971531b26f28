//! [`Value`] and [`Type`]: Terraform's values and their types, and how a struct holds them.
//!
//! # Models
//!
//! A model is a struct with serde derives and one field per attribute, named like it. [`from_value`] reads it,
//! [`to_value`] writes it. The SDK calls both: an author's methods take and return models.
//!
//! | schema type | Rust type |
//! |---|---|
//! | [`Type::String`] | `String`, an enum of unit variants, or what serde reads from a string, such as `IpAddr` |
//! | [`Type::Bool`] | `bool` |
//! | [`Type::Number`] | [`Number`] for any number without loss, `f64`, `i64`, `u16` and the other integers |
//! | [`Type::List`] | `Vec<T>` |
//! | [`Type::Set`] | `Vec<T>`, `BTreeSet<T>`, `HashSet<T>` |
//! | [`Type::Map`] | `BTreeMap<String, T>`, `HashMap<String, T>` |
//! | [`Type::Tuple`] | a tuple such as `(String, bool)` |
//! | [`Type::Object`], [`Nested`](crate::schema::Nested), [`Block`](crate::schema::Block) | a model |
//! | [`Type::Dynamic`] | [`Value`], or any of these where the provider alone sets it |
//!
//! The wrapper of the type decides what else the field can hold. A value that a field cannot hold is reported as a bug
//! in the provider, with the attribute's path. This is so even if the practitioner made the mistake:
//!
//! - **Integers**: an integer field refuses a fraction, and a number out of its range. If a practitioner sets the
//!   attribute, use `Number` or `f64`, and a validator.
//! - **Forgotten fields**: an attribute without a field is planned and stored as null. The SDK does not report it, and
//!   Terraform refuses the plan only if the attribute is configured. With `#[serde(deny_unknown_fields)]` on the model,
//!   every call reports it as a bug in the provider.
//!
//! | field | null | unknown | known | for |
//! |---|---|---|---|---|
//! | [`Attr<T>`](crate::Attr) | yes | yes | `T` | all arguments, and all computed attributes |
//! | `Option<T>` | yes | no | `T` | values that only the provider makes, inside of a computed attribute |
//! | `T` | no | no | `T` | the same, if they are never null |
//! | [`Value`] | yes | yes | anything | attributes of dynamic type |
//!
//! - **Sensitive**: wrap the type in [`Sensitive`](crate::Sensitive), as in `Attr<Sensitive<String>>`, so that it is
//!   never printed.
//! - **Write-only**: the field is null in plan and state. A call reads the value from the configuration.
//! - **Elements**: an element of a list, set or map may be null or unknown as well. `Attr<Vec<Attr<String>>>` holds a list
//!   with such elements. With `Attr<Vec<String>>`, the configuration `[other.example.output]` is refused as a bug in the
//!   provider.
//! - **Blocks**: a list, set or map of blocks is never null, but may be unknown.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use std::collections::BTreeMap;
//! use tfplugin::value::{from_value, to_value};
//! use tfplugin::{Attr, Sensitive, Type, Value};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Model {
//!     name: Attr<String>,
//!     id: Attr<String>,
//!     password: Attr<Sensitive<String>>,
//!     labels: Attr<BTreeMap<String, Attr<String>>>,
//! }
//!
//! let ty = Type::object([
//!     ("name", Type::String),
//!     ("id", Type::String),
//!     ("password", Type::String),
//!     ("labels", Type::map(Type::String)),
//! ]);
//! let model = Model {
//!     name: Attr::Known("example".to_owned()),
//!     id: Attr::Unknown,
//!     password: Attr::Null,
//!     labels: Attr::Null,
//! };
//! let value = to_value(&model, &ty).unwrap();
//! assert!(value.attribute("id").is_some_and(Value::is_unknown));
//! let model: Model = from_value(&value).unwrap();
//! assert_eq!(model.name.as_deref(), Some("example"));
//! ```
//!
//! `#[serde(rename)]` works as usual. `flatten`, `alias` and untagged enums do not: use one field for each attribute.
//! `#[serde(default)]` has no effect when a model is read, because every attribute is present, at least as null.
//!
//! # Forms
//!
//! A value is read and written together with its type: the same bytes can be a list or a set, a map or an object,
//! and a number can be text.
//!
//! - [`decode_msgpack`], [`encode_msgpack`]: the form on the wire.
//! - [`decode_json`], [`encode_json`]: the form in a state file.
//!
//! Not here: what a schema says beyond types (computed, sensitive, nesting of blocks), and Terraform's own functions
//! on values (conversion, unification, refinement of unknown values).

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
