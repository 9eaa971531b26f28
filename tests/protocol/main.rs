//! The provider's rules at the boundary of gRPC: [`Core`](tfplugin_testing::Core) plays Terraform, and the
//! [`Simulator`](tfe_simulator::Simulator) plays HCP Terraform, in process.
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
mod provider_block;
mod tfe;
