//! The provider's executable.

#![deny(clippy::disallowed_methods)]

use std::process::ExitCode;

use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tfplugin::Server;
use tfplugin::serve::{Plugin, serve};

const PLUGIN: Plugin = Plugin {
    name: "terraform-provider-tfe",
    version: env!("CARGO_PKG_VERSION"),
    about: "Manages the audit trail tokens of HCP Terraform.",
    source: "registry.terraform.io/terraform-provider-tfe/tfe",
    documentation: "https://registry.terraform.io/providers/terraform-provider-tfe/tfe/latest/docs",
};

fn main() -> ExitCode {
    serve(PLUGIN, |lifecycle| {
        let provider = Tfe::new(Environment::system(), Clock::system(), Timing::default());
        Server::new(provider, lifecycle)
    })
}
