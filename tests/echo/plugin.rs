//! The provider `echo` as an executable: the example `terraform-provider-echo`, for tests with a real Terraform.
//!
//! Objects get numbers from a random start, for nothing outlives a process but Terraform's state.

#[path = "mod.rs"]
#[allow(
    dead_code,
    reason = "what tests in process do from outside, the executable does not"
)]
mod echo;

use std::process::ExitCode;

use terraform_provider_tfe::tfplugin::Server;
use terraform_provider_tfe::tfplugin::serve::{Plugin, serve};

use self::echo::{Echo, World};

const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-echo",
    version: env!("CARGO_PKG_VERSION"),
    about: "Gives back what it was given, for tests.",
    source: "registry.terraform.io/terraform-provider-tfe/echo",
    documentation: "tests/echo in the provider's repository",
};

fn main() -> ExitCode {
    serve(PLUGIN, |lifecycle| {
        Server::new(
            Echo::new(World::starting_at(fastrand::u64(1..1 << 40))),
            lifecycle,
        )
    })
}
