//! The house rules of the project, read from its source text.
//!
//! A rule that is broken says where and how to mend it. Each rule is also shown a text that breaks it: a gate that has
//! never been seen closed is not a gate.

mod clock;
mod conformance;
mod dependencies;
mod echo;
mod layers;
mod names;
mod paths;
mod sources;
mod stdout;
mod text;
mod tutorial;
