//! [`Workspace`]: a folder, an environment and a simulated HCP Terraform, for one test.

pub(crate) mod checks;
pub(crate) mod command_output;
pub(crate) mod commands;
pub(crate) mod plugins;
pub(crate) mod private_host;
#[cfg(target_os = "linux")]
pub(crate) mod process;
pub(crate) mod running_command;
pub(crate) mod simulator;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tfe_simulator::{Builder, Simulator};

use crate::host;

/// What [`Workspace::configure`] writes beside the configuration.
const REQUIRED_PROVIDERS: &str = r#"terraform {
  required_providers {
    tfe  = { source = "terraform-provider-tfe/tfe" }
    echo = { source = "terraform-provider-tfe/echo" }
  }
}
"#;

/// Where one test runs Terraform.
pub(crate) struct Workspace {
    folder: TempDir,
    environment: BTreeMap<String, String>,
    pub(crate) simulator: Simulator,
}

impl Workspace {
    /// Returns a workspace whose app.terraform.io is a simulator, with the owner's token in
    /// `TFE_TOKEN`.
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// Returns such a workspace with a simulator that is built in another way.
    pub(crate) fn with(build: impl FnOnce(Builder) -> Builder) -> Self {
        Self::beside(simulator::start(build))
    }

    /// Returns a workspace with a state and an environment of its own for an existing simulator.
    pub(crate) fn beside(simulator: Simulator) -> Self {
        host::record_features_of_this_test();
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "plugins", "configuration", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        plugins::link_into(&folder.path().join("plugins"));
        let mut workspace = Self {
            folder,
            environment: BTreeMap::new(),
            simulator,
        };
        let services = workspace.services();
        workspace.cli_configuration(&services);
        let home = workspace.path("home").display().to_string();
        workspace.set("HOME", &home);
        let temporary = workspace.path("tmp").display().to_string();
        workspace.set("TMPDIR", &temporary);
        workspace.set("CHECKPOINT_DISABLE", "1");
        workspace.set("TF_IN_AUTOMATION", "1");
        workspace.set("TF_INPUT", "0");
        workspace.set("TFE_TOKEN", simulator::OWNER);
        workspace
    }

    /// Returns the path of a file or folder; the configuration is in the folder `configuration`.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the block of the CLI configuration by which app.terraform.io is the simulator.
    pub(crate) fn services(&self) -> String {
        let url = self.simulator.api_url();
        format!("host \"app.terraform.io\" {{\n  services = {{ \"tfe.v2.2\" = \"{url}\" }}\n}}\n")
    }

    /// Writes the CLI configuration: where the plugins are, and these blocks.
    pub(crate) fn cli_configuration(&mut self, blocks: &str) {
        let plugins = self.path("plugins");
        let overrides: String = plugins::SOURCES
            .iter()
            .map(|source| format!("    {source:?} = {plugins:?}\n"))
            .collect();
        self.cli_configuration_without_plugins(&format!(
            "provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n}}\n{blocks}"
        ));
    }

    /// Writes the CLI configuration with these blocks alone, so that Terraform finds no plugin.
    pub(crate) fn cli_configuration_without_plugins(&mut self, blocks: &str) {
        let path = self.path("terraform.rc");
        fs::write(&path, blocks).unwrap();
        self.set("TF_CLI_CONFIG_FILE", &path.display().to_string());
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Unsets a variable of the environment.
    pub(crate) fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Makes Terraform and the plugins write everything they log to one file, and returns its path.
    pub(crate) fn log_everything(&mut self) -> PathBuf {
        let log = self.path("log");
        self.set("TF_LOG", "TRACE");
        self.set("TF_LOG_PATH", &log.display().to_string());
        log
    }

    /// Writes the configuration, and beside it the providers that it requires.
    pub(crate) fn configure(&self, text: &str) {
        self.write("providers.tf", REQUIRED_PROVIDERS);
        self.write("main.tf", text);
    }

    /// Writes a file of the configuration's folder, such as `main.tf` or `module/main.tf`.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path("configuration").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file of the configuration's folder; empty if there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("configuration").join(name)).unwrap_or_default()
    }
}

/// Returns the path of a file of this repository.
pub(crate) fn repository(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
