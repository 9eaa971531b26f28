//! Host and token, from the provider block and what surrounds it.
//!
//! Everything here is local: no request is sent, and the only process that may be started is the
//! practitioner's own credentials helper.

mod token;

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

pub(crate) use self::token::{is_sendable, trimmed};
use super::cli_config::{CliConfig, ServiceOverrides};
use super::environment::Environment;
use super::hostname::{Hostname, InvalidHostname};
use super::retry::Pace;
use super::secret::Secret;

/// HCP Terraform itself.
const DEFAULT_HOSTNAME: &str = "app.terraform.io";

/// What the provider block says; `None` and an empty text mean "not said".
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The host, as the practitioner spells it.
    pub hostname: Option<String>,
    /// The API token.
    pub token: Option<Secret>,
    /// Whether to accept any server certificate; an explicit `false` wins over the environment.
    pub ssl_skip_verify: Option<bool>,
}

/// Everything that is needed to talk to one host as one caller.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The host, normalised.
    pub hostname: Hostname,
    /// The API token, trimmed.
    pub token: Secret,
    /// Where the token was found.
    pub token_source: TokenSource,
    /// Whether any server certificate is accepted.
    pub ssl_skip_verify: bool,
    /// Whether this is a run of HCP Terraform itself (`TFC_AGENT_VERSION` is set), where the CLI's
    /// credentials are the run's own, with few rights.
    pub in_hcp_terraform_run: bool,
    /// Whether `TFE_AUDIT_TRAILS_ASSUME_SUPPORTED` names this host.
    pub assume_audit_trails: bool,
    /// The `services` of a `host` block for this host, which replace discovery.
    pub(crate) services: Option<ServiceOverrides>,
    /// Where certificates come from, when the first call needs them.
    pub(crate) environment: Environment,
    pub(crate) pace: Pace,
}

impl Settings {
    /// Whether the token is the one that HCP Terraform gave to its own run, whose lack of rights
    /// shows as baffling 404s: worth a warning.
    pub fn uses_run_credentials(&self) -> bool {
        self.in_hcp_terraform_run
            && matches!(
                self.token_source,
                TokenSource::CliConfiguration(_) | TokenSource::CredentialsHelper(_)
            )
    }

    /// Shortens all waits between attempts to milliseconds, for tests that run in real time.
    #[doc(hidden)]
    pub fn hurried(mut self) -> Settings {
        self.pace = Pace::HURRIED;
        self
    }

    /// As [`hurried`](Settings::hurried), and gives up on a silent service in a second or two.
    #[doc(hidden)]
    pub fn impatient(mut self) -> Settings {
        self.pace = Pace::IMPATIENT;
        self
    }

    /// Gives up on a silent service after this time, at every attempt, whatever is asked of it.
    #[doc(hidden)]
    pub fn waiting_at_most(mut self, patience: Duration) -> Settings {
        self.pace.read_limit = patience;
        self.pace.change_limit = patience;
        self
    }
}

/// Where a token was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    /// The provider block.
    Argument,
    /// The named environment variable.
    Environment(String),
    /// The named file of Terraform's CLI configuration.
    CliConfiguration(PathBuf),
    /// The named credentials helper.
    CredentialsHelper(String),
}

/// Why there are no settings.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The hostname, from `place`, is none.
    #[error("invalid hostname {value:?} in {place}")]
    InvalidHostname {
        /// `hostname` or `TFE_HOSTNAME`.
        place: &'static str,
        /// What was written, without the credentials of a URL.
        value: String,
        /// What is wrong with it.
        source: InvalidHostname,
    },
    /// The token, from `place`, cannot be sent. It is not shown.
    #[error("the token in {place} contains a control character, such as a line break")]
    InvalidToken {
        /// `token` or the variable's name.
        place: String,
    },
    /// An environment variable holds what it cannot hold.
    #[error("{name} has the unrecognized value {value:?}: {expected}")]
    InvalidEnvironment {
        /// The variable.
        name: &'static str,
        /// Its value; no variable that holds a secret is reported this way.
        value: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// No place gave a token.
    #[error("no token for {hostname} was found")]
    NoToken {
        /// The host that needs one.
        hostname: Hostname,
        /// Every place that was looked at, and why it gave none, in the order of the search.
        looked: Vec<(String, String)>,
        /// Whether this is a run of HCP Terraform itself, where other things help.
        in_hcp_terraform_run: bool,
    },
}

impl SettingsError {
    /// The argument of the provider block that this error is about.
    pub fn attribute(&self) -> &'static str {
        match self {
            SettingsError::InvalidHostname { .. } => "hostname",
            SettingsError::InvalidToken { .. } | SettingsError::NoToken { .. } => "token",
            SettingsError::InvalidEnvironment { .. } => "ssl_skip_verify",
        }
    }

    /// Whether no place gave a token.
    pub fn is_no_token(&self) -> bool {
        matches!(self, SettingsError::NoToken { .. })
    }
}

/// Finds host and token.
///
/// An empty text counts as unset everywhere. The token is searched for in the provider block,
/// `TFE_TOKEN`, `TF_TOKEN_<host>` (not inside an HCP Terraform run), the CLI configuration's
/// `credentials`, and its `credentials_helper`.
pub async fn resolve(
    arguments: Arguments,
    environment: &Environment,
) -> Result<Settings, SettingsError> {
    let hostname = hostname(arguments.hostname, environment)?;
    let ssl_skip_verify = match arguments.ssl_skip_verify {
        Some(explicit) => explicit,
        None => flag("TFE_SSL_SKIP_VERIFY", environment)?.unwrap_or(false),
    };
    let cli = CliConfig::load(environment);
    let (token, token_source) = token::find(arguments.token, &hostname, &cli, environment).await?;
    let assume_audit_trails = environment
        .get("TFE_AUDIT_TRAILS_ASSUME_SUPPORTED")
        .is_some_and(|value| Hostname::parse(value.trim()).as_ref() == Ok(&hostname));
    Ok(Settings {
        services: cli.services(&hostname).cloned(),
        in_hcp_terraform_run: environment.has("TFC_AGENT_VERSION"),
        assume_audit_trails,
        environment: environment.clone(),
        pace: Pace::DEFAULT,
        hostname,
        token,
        token_source,
        ssl_skip_verify,
    })
}

/// The default organization: the argument's, else that of `TFE_ORGANIZATION`, trimmed.
///
/// It needs neither host nor token, so it is known where those are not. An empty text counts as
/// unset; whether the name can be one is [`check_organization_name`](super::check_organization_name)'s
/// to say.
pub fn default_organization(argument: Option<&str>, environment: &Environment) -> Option<String> {
    given(argument.map(str::to_owned)).or_else(|| given(environment.get("TFE_ORGANIZATION")))
}

fn hostname(
    argument: Option<String>,
    environment: &Environment,
) -> Result<Hostname, SettingsError> {
    let (place, value) = match (given(argument), given(environment.get("TFE_HOSTNAME"))) {
        (Some(value), _) => ("hostname", value),
        (None, Some(value)) => ("TFE_HOSTNAME", value),
        (None, None) => ("hostname", DEFAULT_HOSTNAME.to_owned()),
    };
    Hostname::parse(&value).map_err(|source| SettingsError::InvalidHostname {
        place,
        value: Hostname::without_credentials(&value).into_owned(),
        source,
    })
}

/// A text without surrounding white space, unless nothing is left of it.
fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// A Boolean as Go's `strconv.ParseBool` reads it.
fn flag(name: &'static str, environment: &Environment) -> Result<Option<bool>, SettingsError> {
    let Some(value) = environment.get(name) else {
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
