//! server

pub mod proto;
