//! The whole: a real `terraform`, the built plugin, and a pretend HCP Terraform.
//!
//! Every test has a [`Workspace`](workspace::Workspace) of its own: a folder, an environment of
//! which nothing is inherited, and a simulator. They need `terraform`, 1.11 or newer, on `PATH`, or
//! as the variable `TF`.

#![cfg(feature = "simulator")]

mod plugins;
mod run;
mod service;
mod workspace;

mod bad_input;
mod data_source;
mod ephemeral;
mod examples;
mod import;
mod resource;
mod schemas;
mod sealed;
mod secrets;
mod service_discovery;
