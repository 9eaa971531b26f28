//! The SDK and the provider at the boundary of gRPC: [`core::Core`] plays Terraform, in process.
//!
//! Tests whose names begin with `c` and a number are items of the protocol's conformance checklist.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod agreement;
mod audit_trail_events;
mod audit_trail_token;
mod environment;
mod faults;
mod histories;
mod hosts;
mod promises;
mod tfe;
