//! serve
mod proto;
