//! The whole: a real `terraform`, the built plugin, and a pretend HCP Terraform.
//!
//! Every test has a [`Workspace`](workspace::Workspace) of its own: a folder, an environment of
//! which nothing is inherited, and a simulator. They need `terraform`, 1.11 or newer, on `PATH`, or
//! as the variable `TF`.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml spares test functions, not what they share"
)]

mod host;
mod plugins;
#[cfg(target_os = "linux")]
mod processes;
mod run;
mod running;
mod service;
mod side_by_side;
#[path = "../companions/time.rs"]
mod time;
mod workspace;

mod actions;
mod audit_trail_events;
mod bad_input;
mod cli_config;
mod data_source;
#[cfg(target_os = "linux")]
mod deaths;
mod debug_mode;
mod ephemeral;
mod examples;
mod faults;
mod guides;
mod host_reads;
mod identity;
mod import;
mod installing;
mod interrupts;
mod many;
mod moved;
mod nesting;
mod query;
mod races;
mod resource;
mod schemas;
mod sealed;
mod secrets;
mod service_discovery;
mod tcp;
mod tls;
mod unknown_configuration;
mod upstream_state;
mod waits;
