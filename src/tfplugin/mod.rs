//! A Terraform plugin SDK: protocol 6, in Rust.

mod diag;
mod path;

pub use diag::{Diagnostic, Diagnostics, Severity};
pub use path::{Path, Step};
