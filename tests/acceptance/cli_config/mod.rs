//! The CLI configuration, with a real terraform as the judge of what is in it.
//!
//! A module's registry is asked with the token that terraform found for its host. So terraform tells
//! which token it takes if each host has a registry on loopback, named by a `host` block.

mod corpus;
mod hostnames;
mod precedence;
mod reading;
mod registry;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use terraform_provider_tfe::client::{Arguments, Environment, SettingsError, resolve};

use self::registry::Registry;
use crate::host::host;
use crate::run::Run;

/// A home directory, and the hosts that a practitioner is asked about.
struct Home {
    folder: tempfile::TempDir,
    registry: Registry,
    hosts: Vec<String>,
    variables: BTreeMap<String, String>,
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

    fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// The `host` blocks by which terraform finds the registry.
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

    /// The token that terraform takes for each host, and what it said.
    fn terraforms(&self) -> (BTreeMap<String, Option<String>>, Run) {
        let modules: String = self
            .hosts
            .iter()
            .enumerate()
            .map(|(number, host)| {
                format!("module \"m{number}\" {{\n  source = \"{host}/a/b/c\"\n}}\n")
            })
            .collect();
        self.write("configuration/main.tf", modules);
        let output = Command::new(&host().executable)
            .args(["init", "-no-color", "-backend=false"])
            .current_dir(self.folder.path().join("configuration"))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("CHECKPOINT_DISABLE", "1")
            .envs(&self.variables)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        // No registry has the module, so this fails; a crash would have another code.
        let run = Run::new("terraform init".to_owned(), output).exits(1);
        (self.registry.tokens(), run)
    }

    /// The token that the provider takes for a host, or why it has none, place by place.
    fn ours(&self, host: &str) -> Result<String, Vec<(String, String)>> {
        let environment = self.variables.iter().fold(
            Environment::for_test().home(self.folder.path()),
            |environment, (name, value)| environment.variable(name, value),
        );
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
            Err(SettingsError::NoToken { looked, .. }) => Err(looked),
            Err(error) => panic!("{host}: {error}"),
        }
    }
}
