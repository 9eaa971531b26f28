//! [`CliConfig`]: the tokens and services of hosts in Terraform's CLI configuration.
//!
//! Which files are read, and which of them wins, follows Terraform (internal/command/cliconfig). Other
//! settings are ignored. A file that cannot be read is an error only if no token is found; the reason
//! never contains a token.

mod hcl1;
mod places;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use self::hcl1::Node;
use self::places::{Places, Program};
use super::environment::Environment;
use super::files::Files;
use super::hostname::Hostname;
use super::secret::Secret;

/// Service names and their URLs, from a `host` block.
///
/// `Debug` shows no URL, because it may have a password.
#[derive(Clone)]
pub(crate) struct ServiceOverrides {
    /// The file that has the block.
    pub(crate) file: PathBuf,
    urls: BTreeMap<String, String>,
}

impl ServiceOverrides {
    /// Returns each name and its URL.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let services = self.urls.iter();
        services.map(|(name, url)| (name.as_str(), url.as_str()))
    }
}

impl fmt::Debug for ServiceOverrides {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.urls.keys()).finish()
    }
}

/// A `credentials_helper` block. `Debug` shows no argument, because it may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CredentialsHelper {
    pub(crate) name: String,
    pub(crate) args: Vec<String>,
}

impl fmt::Debug for CredentialsHelper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CredentialsHelper")
            .field("name", &self.name)
            .field("args", &self.args.len())
            .finish()
    }
}

/// The settings of all files.
#[derive(Debug, Default)]
pub(crate) struct CliConfig {
    /// The token of each `credentials` block, or why it has none, and the file.
    credentials: BTreeMap<Hostname, (Result<Secret, &'static str>, PathBuf)>,
    hosts: BTreeMap<Hostname, ServiceOverrides>,
    helper: Option<CredentialsHelper>,
    /// Where the helper is searched for, the directory that wins first.
    plugins: Vec<PathBuf>,
    /// Every file, and why it could not be read.
    files: Vec<(PathBuf, Result<(), String>)>,
    /// The files that cannot be parsed and seem to have a `host` block for the host, and why.
    broken_hosts: Vec<(PathBuf, String)>,
    /// Files that Terraform does not read, whose tokens count only if no other place has one.
    later: Option<Box<CliConfig>>,
}

impl CliConfig {
    /// Reads the files that Terraform would read, or OpenTofu if that runs the provider.
    ///
    /// `hostname` is the host that they are read for.
    pub(crate) async fn load(environment: &Environment, hostname: &Hostname) -> CliConfig {
        let (own, host) = (environment.clone(), hostname.clone());
        let read = environment
            .with_files(move |files| CliConfig::read(&own, files, &host))
            .await;
        read.unwrap_or_else(|error| CliConfig {
            files: vec![("the CLI configuration".into(), Err(error.to_string()))],
            ..CliConfig::default()
        })
    }

    fn read(environment: &Environment, files: &Files, hostname: &Hostname) -> CliConfig {
        let program = Program::of(environment, files);
        let places = match program {
            Program::OpenTofu => Places::of_opentofu(environment, files),
            Program::Terraform | Program::Unknown => Places::of_terraform(environment, files),
        };
        let mut config = CliConfig::default();
        let mut later = CliConfig::default();
        if let Some(path) = places::named_file(environment, files) {
            // Terraform then reads neither the main file nor the directory.
            config.add_file(path, files, hostname);
        } else if let Some(places) = &places {
            config.add_file(places.main.clone(), files, hostname);
            config.add_directory(&places.directory, files, hostname);
            if program == Program::Unknown
                && let Some(others) = Places::of_opentofu(environment, files)
            {
                if others.main != places.main && files.exists(&others.main) {
                    later.add_file(others.main, files, hostname);
                }
                if others.directory != places.directory {
                    later.add_directory(&others.directory, files, hostname);
                }
            }
        }
        if let Some(places) = places {
            let login = places.directory.join("credentials.tfrc.json");
            if !config.files.iter().any(|(known, _)| *known == login) {
                later.add_file(login, files, hostname);
            }
            config.plugins = places.plugins;
        }
        config.later = Some(Box::new(later));
        config
    }

    /// Adds the files of a directory, of which later ones win.
    fn add_directory(&mut self, directory: &Path, files: &Files, hostname: &Hostname) {
        for path in files.list(directory).unwrap_or_default() {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if name.ends_with(".tfrc") || name.ends_with(".tfrc.json") {
                self.add_file(path, files, hostname);
            }
        }
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
                "neither HOME nor /etc/passwd names the home directory, and TF_CLI_CONFIG_FILE names no \
                 file"
                    .to_owned(),
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

    /// Returns the token of a file that Terraform does not read here: what `terraform login` saved, where
    /// a variable names another file, and OpenTofu's files, if it is not known which program runs the
    /// provider.
    pub(crate) fn later_token(
        &self,
        hostname: &Hostname,
        searched: &mut Vec<(String, String)>,
    ) -> Option<(Secret, PathBuf)> {
        let later = self.later.as_ref()?;
        if later.files.is_empty() {
            return None;
        }
        later.token(hostname, searched)
    }

    /// Returns the files that cannot be parsed and seem to have a `host` block for the host, and why.
    pub(crate) fn broken_hosts(&self) -> &[(PathBuf, String)] {
        &self.broken_hosts
    }

    /// Returns the services that a `host` block sets for `hostname`.
    pub(crate) fn services(&self, hostname: &Hostname) -> Option<&ServiceOverrides> {
        self.hosts.get(hostname)
    }

    /// Returns the `credentials_helper` block, and the directories where its program is searched for.
    pub(crate) fn helper(&self) -> Option<(&CredentialsHelper, &[PathBuf])> {
        Some((self.helper.as_ref()?, &self.plugins))
    }

    fn add_file(&mut self, path: PathBuf, files: &Files, hostname: &Hostname) {
        let outcome = match files.read(&path) {
            Ok(contents) => match String::from_utf8(contents) {
                Ok(text) => match hcl1::parse(&text) {
                    Ok(root) => {
                        self.add(&root, &path);
                        Ok(())
                    }
                    Err(error) => {
                        let why = format!("it cannot be parsed: {error}");
                        if seems_to_have_host(&text, hostname) {
                            self.broken_hosts.push((path.clone(), why.clone()));
                        }
                        Err(why)
                    }
                },
                Err(_) => Err("it is not UTF-8".to_owned()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err("there is no such file".to_owned())
            }
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                Err("it cannot be read: it is not a regular file".to_owned())
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
            let mut urls = BTreeMap::new();
            for (name, value) in block.all("services").flat_map(Node::entries) {
                if let Some(url) = value.as_str() {
                    urls.insert(name.to_owned(), url.to_owned());
                }
            }
            let file = path.to_owned();
            self.hosts.insert(hostname, ServiceOverrides { file, urls });
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

/// Whether a text that cannot be parsed seems to have a `host` block for this host.
fn seems_to_have_host(text: &str, hostname: &Hostname) -> bool {
    let is_word = |next: char| next.is_alphanumeric() || matches!(next, '_' | '-' | '.');
    let has_block = text
        .split(|next| !is_word(next))
        .any(|word| word.eq_ignore_ascii_case("host"));
    // A name with other letters may be written in another form.
    let name = hostname.to_string();
    has_block && (!name.is_ascii() || text.to_lowercase().contains(&name.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An argument of a helper may be a password, and a URL of a `host` block may have one.
    #[tokio::test]
    async fn debug_shows_neither_arguments_nor_urls() {
        let environment = Environment::in_memory()
            .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
            .file(
                "/cli.tfrc",
                "credentials_helper \"x\" { args = [\"--password\", \"planted\"] }\n\
                 credentials \"app.terraform.io\" { token = \"planted\" }\n\
                 host \"app.terraform.io\" { services { \"tfe.v2\" = \"https://u:planted@x/\" } }\n",
            );
        let hostname = Hostname::parse("app.terraform.io").unwrap();
        let config = CliConfig::load(&environment, &hostname).await;
        assert_eq!(
            config.helper.as_ref().map(|helper| helper.args.len()),
            Some(2)
        );
        let shown = format!("{config:?}");
        assert!(
            shown.contains("args: 2") && shown.contains("tfe.v2"),
            "{shown}"
        );
        assert!(!shown.contains("planted"), "{shown}");
    }
}
