//! A Terraform plugin SDK: protocol 6, in Rust.

mod attr;
mod diag;
mod path;
mod sensitive;
pub mod value;

pub use attr::Attr;
pub use diag::{Diagnostic, Diagnostics, Severity};
pub use path::{Path, Step};
pub use sensitive::Sensitive;
pub use value::{Type, Value};
