//! [`Settings`]: the host and the token, from the provider block, the environment and Terraform's CLI
//! configuration.
//!
//! No request is sent here. The only process that may be started is the practitioner's credentials
//! helper.

mod error;
mod token;

use std::path::PathBuf;

pub use self::error::SettingsError;
use super::cli_config::{CliConfig, ServiceOverrides};
use super::environment::Environment;
use super::hostname::Hostname;
use super::secret::Secret;
use super::token_source::TokenSource;

/// The hostname of HCP Terraform.
const DEFAULT_HOSTNAME: &str = "app.terraform.io";

/// The arguments of the provider block. `None` and an empty text mean that one is not set.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The hostname, as the practitioner writes it.
    pub hostname: Option<String>,
    /// The API token.
    pub token: Option<Secret>,
    /// Whether any server certificate is accepted. `Some(false)` wins over the environment.
    pub ssl_skip_verify: Option<bool>,
}

/// What is needed to send requests to one host with one token.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The normalised hostname.
    pub hostname: Hostname,
    /// The API token, without white space around it.
    pub token: Secret,
    /// Where the token was found.
    pub token_source: TokenSource,
    /// Whether the token is that of `TFE_TOKEN`, which is not bound to a host, and the host is one that only
    /// the argument names.
    pub is_token_of_any_host: bool,
    /// Whether any server certificate is accepted.
    pub ssl_skip_verify: bool,
    /// Whether this is a run in HCP Terraform (`TFC_AGENT_VERSION` is set). There the CLI configuration
    /// has a token of the run with few permissions.
    pub in_hcp_terraform_run: bool,
    /// Whether `TFE_AUDIT_TRAILS_ASSUME_SUPPORTED` names this host.
    pub assume_audit_trails: bool,
    /// The files of CLI configuration that cannot be parsed and seem to have a `host` block for this host,
    /// and why. The services of the host are then discovered.
    pub broken_host_blocks: Vec<(PathBuf, String)>,
    /// The `services` of this host's `host` block, which replace discovery.
    pub(crate) services: Option<ServiceOverrides>,
    /// The environment from which the first request reads certificates and proxies.
    pub(crate) environment: Environment,
}

impl Settings {
    /// Whether the token is the one that HCP Terraform gives to its runs. It has few permissions, which
    /// shows as 404s.
    pub fn uses_run_credentials(&self) -> bool {
        self.in_hcp_terraform_run
            && matches!(
                self.token_source,
                TokenSource::CliConfiguration(_) | TokenSource::CredentialsHelper(_)
            )
    }
}

/// Finds the host and the token.
///
/// An empty text counts as unset everywhere. The token is searched for in the provider block,
/// `TFE_TOKEN`, `TF_TOKEN_<host>` (not inside an HCP Terraform run), the CLI configuration's
/// `credentials`, and its `credentials_helper`.
///
/// # Errors
///
/// A value cannot be used, or there is no token.
pub async fn resolve(
    arguments: Arguments,
    environment: &Environment,
) -> Result<Settings, SettingsError> {
    let hostname = hostname(arguments.hostname.as_deref(), environment)?;
    let ssl_skip_verify = match arguments.ssl_skip_verify {
        Some(explicit) => explicit,
        None => boolean("TFE_SSL_SKIP_VERIFY", environment)?.unwrap_or(false),
    };
    let cli = CliConfig::load(environment, &hostname).await;
    let (token, token_source) = token::find(arguments.token, &hostname, &cli, environment).await?;
    let is_token_of_any_host = token_source == TokenSource::Environment(token::VARIABLE.to_owned())
        && is_named_by_argument_only(&hostname, environment);
    let assume_audit_trails = environment
        .text("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED")?
        .is_some_and(|value| Hostname::parse(&value).as_ref() == Ok(&hostname));
    let services = cli.services(&hostname).cloned();
    Ok(Settings {
        broken_host_blocks: match services {
            None => cli.broken_hosts().to_vec(),
            Some(_) => Vec::new(),
        },
        services,
        in_hcp_terraform_run: environment.has("TFC_AGENT_VERSION"),
        assume_audit_trails,
        environment: environment.clone(),
        hostname,
        token,
        token_source,
        is_token_of_any_host,
        ssl_skip_verify,
    })
}

/// Returns the default organization: the argument or else `TFE_ORGANIZATION`, without white space
/// around it.
///
/// An empty text counts as unset. [`check_organization_name`](super::check_organization_name) checks
/// whether the name is valid.
///
/// # Errors
///
/// The variable is not UTF-8.
pub fn default_organization(
    argument: Option<&str>,
    environment: &Environment,
) -> Result<Option<String>, SettingsError> {
    match non_empty(argument) {
        Some(name) => Ok(Some(name)),
        None => Ok(environment.text("TFE_ORGANIZATION")?),
    }
}

fn hostname(argument: Option<&str>, environment: &Environment) -> Result<Hostname, SettingsError> {
    let (place, value) = match non_empty(argument) {
        Some(value) => ("hostname", value),
        None => match environment.text("TFE_HOSTNAME")? {
            Some(value) => ("TFE_HOSTNAME", value),
            None => ("hostname", DEFAULT_HOSTNAME.to_owned()),
        },
    };
    Hostname::parse(&value).map_err(|source| SettingsError::InvalidHostname {
        place,
        value: Hostname::without_credentials(&value).into_owned(),
        source,
    })
}

/// Whether a host is neither the default nor that of `TFE_HOSTNAME`.
fn is_named_by_argument_only(hostname: &Hostname, environment: &Environment) -> bool {
    let in_environment = environment.text("TFE_HOSTNAME").ok().flatten();
    let others = [Some(DEFAULT_HOSTNAME.to_owned()), in_environment];
    !others
        .into_iter()
        .flatten()
        .any(|other| Hostname::parse(&other).as_ref() == Ok(hostname))
}

/// Returns a text without the white space around it, unless nothing is left.
fn non_empty(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Parses a Boolean variable like Go's `strconv.ParseBool`.
fn boolean(name: &'static str, environment: &Environment) -> Result<Option<bool>, SettingsError> {
    let Some(value) = environment.text(name)? else {
        return Ok(None);
    };
    match value.as_str() {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(Some(true)),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(Some(false)),
        _ => Err(SettingsError::InvalidEnvironment {
            name,
            value,
            expected: "use true or false",
        }),
    }
}
