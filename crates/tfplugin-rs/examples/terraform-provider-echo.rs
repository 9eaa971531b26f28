//! The plugin `terraform-provider-echo`: the provider of the SDK's own tests, for a real Terraform.

#[path = "../tests/echo/mod.rs"]
#[expect(dead_code, reason = "only tests in process use all of it")]
mod echo;

use std::process::ExitCode;

use echo::{Echo, World};
use tfplugin::Server;
use tfplugin::serve::{Plugin, serve};

fn main() -> ExitCode {
    let plugin = Plugin {
        name: "terraform-provider-echo",
        version: env!("CARGO_PKG_VERSION"),
        about: "Gives back what it was given.",
        source: "registry.terraform.io/terraform-provider-tfe/echo",
        documentation: "https://github.com/terraform-provider-tfe/terraform-provider-tfe",
    };
    // Several processes serve one configuration; each names what it makes after itself.
    let first = u64::from(std::process::id()) * 1000;
    serve(plugin, |lifecycle| {
        Server::new(Echo::new(World::starting_at(first)), lifecycle)
    })
}
