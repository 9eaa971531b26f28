//! The data source `tfe_audit_trail_events` at the boundary of gRPC: what a practitioner gets of a trail, and is told.
//!
//! Not here: how pages are walked while they move (`tests/client`).

mod bad_input;
mod economy;
mod numbers;
mod reading;
mod refusals;
mod setup;

use self::setup::{ORGANIZATION, Setup, details};
