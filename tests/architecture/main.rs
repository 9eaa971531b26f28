//! The rules of the house that the compiler and clippy cannot check, read from the source text.
//!
//! A rule that is broken says where, and how to mend it. Each rule is also tested with a text that breaks it.

mod circles;
mod conformance;
mod dependencies;
mod diagnostics;
mod imports;
mod layers;
mod names;
mod security;
mod sources;
mod text;
mod tokens;
mod tutorial;
