//! The data source `tfe_audit_trail_events`: the events that it returns, and its diagnostics.
//!
//! Not here: how the client reads pages while new events arrive (`tests/client`).

mod bad_input;
mod limit;
mod pages;
mod reading;
mod refusals;
mod setup;

use self::setup::{ORGANIZATION, Setup, details};
