//! The CLI configuration: the provider finds the token that a real Terraform finds.
//!
//! Terraform sends the token of a host to the host's module registry. Every host has a registry on
//! localhost here, by a `host` block, which records the token that Terraform sends.

mod corpus;
mod environment;
mod hostnames;
mod precedence;
mod reading;
mod registry;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use terraform_provider_tfe::client::{Arguments, Environment, SettingsError, resolve};

use self::registry::Registry;
use crate::host::host;
use crate::workspace::command_output::CommandOutput;

/// A home directory with CLI configuration, and the hosts whose tokens are compared.
struct Home {
    folder: tempfile::TempDir,
    registry: Registry,
    hosts: Vec<String>,
    variables: BTreeMap<String, OsString>,
}

impl Home {
    fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".terraform.d/plugins")).unwrap();
        fs::create_dir(folder.path().join("configuration")).unwrap();
        Self {
            folder,
            registry: Registry::start(),
            hosts: hosts.into_iter().collect(),
            variables: BTreeMap::new(),
        }
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        fs::write(self.folder.path().join(name), contents).unwrap();
    }

    fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
        let value = value.as_ref().to_owned();
        self.variables.insert(name.to_owned(), value);
    }

    /// Returns the `host` blocks by which Terraform finds the registry.
    fn blocks(&self) -> String {
        self.hosts.iter().fold(String::new(), |mut text, host| {
            let url = self.registry.url(host);
            writeln!(
                text,
                "host \"{host}\" {{ services {{ \"modules.v1\" = \"{url}\" }} }}"
            )
            .unwrap();
            text
        })
    }

    /// Returns the token that Terraform sends to each host, and its output.
    fn tokens_of_terraform(&self) -> (BTreeMap<String, Option<String>>, CommandOutput) {
        let mut command = Command::new(&host().executable);
        command
            .args(["init", "-no-color", "-backend=false"])
            .current_dir(self.folder.path().join("configuration"));
        self.tokens_sent_by(&mut command)
    }

    /// Returns the token that a command with `terraform init` sends to each host, and its output.
    fn tokens_sent_by(
        &self,
        command: &mut Command,
    ) -> (BTreeMap<String, Option<String>>, CommandOutput) {
        let modules: String = self
            .hosts
            .iter()
            .enumerate()
            .map(|(number, host)| {
                format!("module \"m{number}\" {{\n  source = \"{host}/a/b/c\"\n}}\n")
            })
            .collect();
        self.write("configuration/main.tf", modules);
        let output = command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .envs(&self.variables)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        // No registry has the module, so this fails; a crash would have another code.
        let run = CommandOutput::new("terraform init".to_owned(), output).exits(1);
        (self.registry.tokens(), run)
    }

    /// Returns the token that the provider finds for a host, or the places without one and why.
    fn token_of_the_provider(&self, host: &str) -> Result<String, Vec<(String, String)>> {
        self.token_found_in(Environment::in_memory().home(self.folder.path()), host)
    }

    /// Returns the same for an environment to which the variables are added.
    fn token_found_in(
        &self,
        environment: Environment,
        host: &str,
    ) -> Result<String, Vec<(String, String)>> {
        let environment = self
            .variables
            .iter()
            .fold(environment, |environment, (name, value)| {
                environment.variable(name, value)
            });
        let arguments = Arguments {
            hostname: Some(host.to_owned()),
            ..Arguments::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        match runtime.block_on(resolve(arguments, &environment)) {
            Ok(settings) => Ok(settings.token.expose().to_owned()),
            Err(SettingsError::NoToken { searched, .. }) => Err(searched),
            Err(error) => panic!("{host}: {error}"),
        }
    }
}
