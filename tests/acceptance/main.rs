//! Real Terraform, the built plugin and a simulated HCP Terraform: what only a real host can show.
//!
//! The rules of the provider are tested in process, in `tests/protocol`. Here are: what the guides
//! and examples promise, one full life of each object, what differs between hosts, and everything
//! about processes, connections and installation.
//!
//! Every test has a [`Workspace`](workspace::Workspace) of its own: a folder, an environment that
//! inherits nothing, and a simulator. The tests need `terraform`, 1.11 or newer, on `PATH` or named
//! by the variable `TF`.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml exempts test functions, but not the code that they share"
)]

mod host;
mod hostile;
mod workspace;

// What the documentation promises.
mod examples;
mod guides;
mod mistakes;
mod schemas;

/// What practitioners write in a configuration.
mod objects {
    mod actions;
    mod audit_trail_events;
    mod concurrency;
    mod consent;
    mod data_source;
    mod destroy_false;
    mod ephemeral;
    mod failing_plans;
    mod import;
    mod import_by_identity;
    mod moved;
    mod nesting;
    mod other_names;
    mod other_tokens;
    mod query;
    mod replacing;
    mod resource;
    mod sealed;
    mod two_objects;
    mod unknown_configuration;
}

/// The plugin as an executable: installed, started, interrupted, killed.
mod plugin {
    mod debug_mode;
    mod installation;
    mod interrupted_waits;
    mod interrupts;
    #[cfg(target_os = "linux")]
    mod killed_processes;
    mod output_streams;
    mod tcp;
}

// How the provider reaches HCP Terraform, and with which token.
mod cli_config;
mod proxy;
mod secrets;
mod tls;
