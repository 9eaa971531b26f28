//! Terraform's CLI configuration, as far as it tells tokens and services of hosts.
//!
//! Which files there are and which of them wins follows Terraform's own command line
//! (internal/command/cliconfig). What a file says of other things is ignored, and a file that
//! cannot be read is remembered, not reported: it matters only if no token is found at all.
//! Tokens are never part of such a reason.

mod hcl1;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use self::hcl1::Node;
use super::environment::Environment;
use super::hostname::Hostname;
use super::secret::Secret;
use super::settings::{is_sendable, trimmed};

/// Service identifiers and their URLs, from a `host` block.
pub(crate) type ServiceOverrides = BTreeMap<String, String>;

/// A `credentials_helper` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Helper {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

/// More than any configuration needs.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// The files that were read, merged.
#[derive(Debug, Default)]
pub(crate) struct CliConfig {
    credentials: BTreeMap<Hostname, (Credentials, PathBuf)>,
    hosts: BTreeMap<Hostname, ServiceOverrides>,
    helper: Option<Helper>,
    /// Every file that was looked at, and what came of it.
    files: Vec<(PathBuf, Outcome)>,
}

#[derive(Clone, Debug)]
enum Credentials {
    Token(Secret),
    /// The block is there, but gives no token for this reason.
    None(&'static str),
}

#[derive(Debug)]
enum Outcome {
    Read,
    Failed(String),
}

impl CliConfig {
    /// Reads the files that Terraform would read.
    pub(crate) fn load(environment: &Environment) -> CliConfig {
        let mut config = CliConfig::default();
        let named = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]
            .into_iter()
            .find_map(|name| environment.get(name));
        if let Some(path) = named {
            // A named file replaces the directory as well.
            config.add_file(PathBuf::from(path), environment);
            return config;
        }
        let Some(places) = Places::of(environment) else {
            return config;
        };
        config.add_file(places.main, environment);
        // Later files win, so the directory wins over the main file.
        for path in environment.list(&places.directory).unwrap_or_default() {
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

    /// The token of `hostname`'s `credentials` block; reasons for having none go to `looked`.
    pub(crate) fn token(
        &self,
        hostname: &Hostname,
        looked: &mut Vec<(String, String)>,
    ) -> Option<(Secret, PathBuf)> {
        let entry = self.credentials.get(hostname);
        if let Some((Credentials::Token(token), path)) = entry {
            return Some((token.clone(), path.clone()));
        }
        if self.files.is_empty() {
            looked.push((
                "the CLI configuration".to_owned(),
                "the home directory is not known, and TF_CLI_CONFIG_FILE is not set".to_owned(),
            ));
        }
        for (path, outcome) in &self.files {
            let why = match (outcome, entry) {
                (Outcome::Failed(why), _) => why.clone(),
                (Outcome::Read, Some((Credentials::None(why), from))) if from == path => {
                    format!("its credentials block for {hostname} {why}")
                }
                (Outcome::Read, _) => format!("it has no credentials block for {hostname}"),
            };
            looked.push((path.display().to_string(), why));
        }
        None
    }

    /// The token that `terraform login` saved, for whom a named configuration file hides it.
    pub(crate) fn token_of_login(
        &self,
        hostname: &Hostname,
        environment: &Environment,
        looked: &mut Vec<(String, String)>,
    ) -> Option<(Secret, PathBuf)> {
        let path = Places::of(environment)?
            .directory
            .join("credentials.tfrc.json");
        if self.files.iter().any(|(known, _)| *known == path) {
            return None;
        }
        let mut login = CliConfig::default();
        login.add_file(path, environment);
        login.token(hostname, looked)
    }

    /// The services that a `host` block sets for `hostname`.
    pub(crate) fn services(&self, hostname: &Hostname) -> Option<&ServiceOverrides> {
        self.hosts.get(hostname)
    }

    /// The credentials helper, if one is configured.
    pub(crate) fn helper(&self) -> Option<&Helper> {
        self.helper.as_ref()
    }

    fn add_file(&mut self, path: PathBuf, environment: &Environment) {
        let outcome = match environment.read_at_most(&path, SIZE_LIMIT) {
            Ok(contents) => match String::from_utf8(contents) {
                Ok(text) => match hcl1::parse(&text) {
                    Ok(root) => {
                        self.add(&root, &path);
                        Outcome::Read
                    }
                    Err(error) => Outcome::Failed(format!("it cannot be parsed: {error}")),
                },
                Err(_) => Outcome::Failed("it is not UTF-8".to_owned()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Outcome::Failed("there is no such file".to_owned())
            }
            Err(error) => Outcome::Failed(format!("it cannot be read: {error}")),
        };
        self.files.push((path, outcome));
    }

    fn add(&mut self, root: &Node, path: &Path) {
        // The blocks of one host in one file count as one block, whose last token wins.
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
                None => Credentials::None("has no token"),
                Some(None) => Credentials::None("has a token that is not a string"),
                Some(Some(text)) => match trimmed(text) {
                    None => Credentials::None("has an empty token"),
                    Some(token) if is_sendable(&token) => Credentials::Token(token),
                    Some(_) => Credentials::None("has a token with a control character"),
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
            self.helper = Some(Helper {
                name: name.to_owned(),
                args,
            });
        }
    }
}

/// Where the CLI configuration lies when no variable names a file.
pub(crate) struct Places {
    pub(crate) main: PathBuf,
    pub(crate) directory: PathBuf,
}

impl Places {
    pub(crate) fn of(environment: &Environment) -> Option<Places> {
        if cfg!(windows) {
            let roaming = PathBuf::from(environment.get("APPDATA")?);
            return Some(Places {
                main: roaming.join("terraform.rc"),
                directory: roaming.join("terraform.d"),
            });
        }
        let home = environment.home_directory()?;
        Some(Places {
            main: home.join(".terraformrc"),
            directory: home.join(".terraform.d"),
        })
    }
}
