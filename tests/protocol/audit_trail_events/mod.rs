//! The data source and the ephemeral resource `tfe_audit_trail_events`: the events that they return, and the diagnostics.
//!
//! Not here: how the client reads pages while new events arrive (`tests/client`).

mod bad_input;
mod ephemeral;
mod limit;
mod odd_answers;
mod pages;
mod reading;
mod refusals;
mod setup;

use self::setup::{ORGANIZATION, Setup, details};
