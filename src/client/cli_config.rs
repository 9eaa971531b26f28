//! [`CliConfig`]: the tokens and services of hosts in Terraform's CLI configuration.
//!
//! Which files are read, and which of them wins, follows Terraform (internal/command/cliconfig). Other
//! settings are ignored. A file that cannot be read is an error only if no token is found; the reason
//! never contains a token.

mod hcl1;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use self::hcl1::Node;
use super::environment::Environment;
use super::hostname::Hostname;
use super::secret::Secret;

/// Service names and their URLs, from a `host` block.
pub(crate) type ServiceOverrides = BTreeMap<String, String>;

/// A `credentials_helper` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CredentialsHelper {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

/// The size of the largest file that is read.
const MAX_SIZE: u64 = 1024 * 1024;

/// The settings of all files.
#[derive(Debug, Default)]
pub(crate) struct CliConfig {
    /// The token of each `credentials` block, or why it has none, and the file.
    credentials: BTreeMap<Hostname, (Result<Secret, &'static str>, PathBuf)>,
    hosts: BTreeMap<Hostname, ServiceOverrides>,
    helper: Option<CredentialsHelper>,
    /// Every file, and why it could not be read.
    files: Vec<(PathBuf, Result<(), String>)>,
}

impl CliConfig {
    /// Reads the files that Terraform would read.
    pub(crate) fn load(environment: &Environment) -> CliConfig {
        let mut config = CliConfig::default();
        let named = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]
            .into_iter()
            .find_map(|name| environment.get(name));
        if let Some(path) = named {
            // Terraform then reads neither the main file nor the directory.
            config.add_file(PathBuf::from(path), environment);
            return config;
        }
        let Some(paths) = CliConfigPaths::of(environment) else {
            return config;
        };
        config.add_file(paths.main, environment);
        // Later files win.
        for path in environment.list(&paths.directory).unwrap_or_default() {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if name.ends_with(".tfrc") || name.ends_with(".tfrc.json") {
                config.add_file(path, environment);
            }
        }
        config
    }

    /// Returns the token of `hostname`'s `credentials` block, and the file. If there is none, adds the
    /// reasons to `searched`.
    pub(crate) fn token(
        &self,
        hostname: &Hostname,
        searched: &mut Vec<(String, String)>,
    ) -> Option<(Secret, PathBuf)> {
        let entry = self.credentials.get(hostname);
        if let Some((Ok(token), path)) = entry {
            return Some((token.clone(), path.clone()));
        }
        if self.files.is_empty() {
            searched.push((
                "the CLI configuration".to_owned(),
                "the home directory is not known, and TF_CLI_CONFIG_FILE is not set".to_owned(),
            ));
        }
        for (path, outcome) in &self.files {
            let why = match (outcome, entry) {
                (Err(why), _) => why.clone(),
                (Ok(()), Some((Err(why), from))) if from == path => {
                    format!("its credentials block for {hostname} {why}")
                }
                (Ok(()), _) => format!("it has no credentials block for {hostname}"),
            };
            searched.push((path.display().to_string(), why));
        }
        None
    }

    /// Returns the token that `terraform login` saved, also where a variable names another file.
    pub(crate) fn token_of_login(
        &self,
        hostname: &Hostname,
        environment: &Environment,
        searched: &mut Vec<(String, String)>,
    ) -> Option<(Secret, PathBuf)> {
        let path = CliConfigPaths::of(environment)?
            .directory
            .join("credentials.tfrc.json");
        if self.files.iter().any(|(known, _)| *known == path) {
            return None;
        }
        let mut login = CliConfig::default();
        login.add_file(path, environment);
        login.token(hostname, searched)
    }

    /// Returns the services that a `host` block sets for `hostname`.
    pub(crate) fn services(&self, hostname: &Hostname) -> Option<&ServiceOverrides> {
        self.hosts.get(hostname)
    }

    /// Returns the `credentials_helper` block.
    pub(crate) fn helper(&self) -> Option<&CredentialsHelper> {
        self.helper.as_ref()
    }

    fn add_file(&mut self, path: PathBuf, environment: &Environment) {
        let outcome = match environment.read_at_most(&path, MAX_SIZE) {
            Ok(contents) => match String::from_utf8(contents) {
                Ok(text) => match hcl1::parse(&text) {
                    Ok(root) => {
                        self.add(&root, &path);
                        Ok(())
                    }
                    Err(error) => Err(format!("it cannot be parsed: {error}")),
                },
                Err(_) => Err("it is not UTF-8".to_owned()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err("there is no such file".to_owned())
            }
            Err(error) => Err(format!("it cannot be read: {error}")),
        };
        if let Err(why) = &outcome {
            tracing::debug!(path = %path.display(), why, "passed over a CLI configuration file");
        }
        self.files.push((path, outcome));
    }

    fn add(&mut self, root: &Node, path: &Path) {
        // The last token of all blocks of a host in a file wins.
        let mut blocks = BTreeMap::<Hostname, Option<&Node>>::new();
        for (host, block) in root.labelled("credentials") {
            let Ok(hostname) = Hostname::parse(host) else {
                continue;
            };
            let token = blocks.entry(hostname).or_default();
            *token = block.last("token").or(*token);
        }
        for (hostname, token) in blocks {
            let credentials = match token.map(Node::as_str) {
                None => Err("has no token"),
                Some(None) => Err("has a token that is not a string"),
                Some(Some(text)) => match Secret::trimmed(text) {
                    None => Err("has an empty token"),
                    Some(token) if token.is_sendable() => Ok(token),
                    Some(_) => Err("has a token with a control character"),
                },
            };
            self.credentials
                .insert(hostname, (credentials, path.to_owned()));
        }
        for (host, block) in root.labelled("host") {
            let Ok(hostname) = Hostname::parse(host) else {
                continue;
            };
            let mut services = ServiceOverrides::new();
            for (name, value) in block.all("services").flat_map(Node::entries) {
                if let Some(url) = value.as_str() {
                    services.insert(name.to_owned(), url.to_owned());
                }
            }
            self.hosts.insert(hostname, services);
        }
        for (name, block) in root.labelled("credentials_helper") {
            let args = block.all("args").last();
            let args = args.map(Node::strings).unwrap_or_default();
            self.helper = Some(CredentialsHelper {
                name: name.to_owned(),
                args,
            });
        }
    }
}

/// Where the CLI configuration is when no variable names a file.
pub(crate) struct CliConfigPaths {
    pub(crate) main: PathBuf,
    pub(crate) directory: PathBuf,
}

impl CliConfigPaths {
    pub(crate) fn of(environment: &Environment) -> Option<CliConfigPaths> {
        if cfg!(windows) {
            let roaming = PathBuf::from(environment.get("APPDATA")?);
            return Some(CliConfigPaths {
                main: roaming.join("terraform.rc"),
                directory: roaming.join("terraform.d"),
            });
        }
        let home = environment.home_directory()?;
        Some(CliConfigPaths {
            main: home.join(".terraformrc"),
            directory: home.join(".terraform.d"),
        })
    }
}
