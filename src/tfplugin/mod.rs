//! A Terraform plugin SDK: protocol 6, in Rust.

mod attr;
mod context;
mod data_source;
mod diag;
pub mod docs;
mod ephemeral;
mod host;
mod lifecycle;
mod path;
mod private;
mod provider;
mod resource;
pub mod schema;
mod sensitive;
pub mod serve;
pub mod server;
pub mod value;

pub use attr::Attr;
pub use context::Context;
pub use data_source::DataSource;
pub use diag::{Diagnostic, Diagnostics, Severity};
pub use ephemeral::EphemeralResource;
pub use host::Host;
pub use lifecycle::{Lifecycle, WorkGuard};
pub use path::{Path, Step};
pub use private::Private;
pub use provider::{Provider, Registry};
pub use resource::{Change, Resource};
pub use schema::{Attribute, Schema};
pub use sensitive::Sensitive;
pub use server::Server;
pub use value::{Type, Value};
